"""Addresses of the inventory's own pages, beside those that the Resource machinery gives its entities."""

from django.urls import path

from jike.apps.inventory.pages import running, verbs

app_name = "inventory"
urlpatterns = [
    path("bills/months/", running.months, name="months"),
    path("billing-accounts/<uuid:uid>/close/", verbs.close_account, name="close_account"),
    path("payments/<uuid:uid>/reverse/", verbs.reverse_payment, name="reverse_payment"),
]
