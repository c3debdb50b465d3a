"""Addresses of the catalogue's own pages, beside those that the Resource machinery gives it."""

from django.urls import path

from jike.apps.catalogue.pages import verbs

app_name = "catalogue"
urlpatterns = [
    path("specifications/<uuid:uid>/characteristics/", verbs.describe, name="describe"),
    path("ready-made-offerings/", verbs.ready_made, name="ready_made"),
    path("ready-made-offerings/install/", verbs.install, name="install"),
]
