"""Addresses of ordering's own pages, beside those that the Resource machinery gives its entities."""

from django.urls import path

from jike.apps.ordering.pages import steps, verbs

app_name = "ordering"
urlpatterns = [
    path("orders/<uuid:uid>/submit/", verbs.submit, name="submit"),
    path("orders/<uuid:uid>/cancel/", verbs.cancel, name="cancel"),
    path("orders/<uuid:uid>/escalate/", verbs.escalate, name="escalate"),
    path("order-items/<uuid:uid>/change/", verbs.change_item, name="change_item"),
    path("order-items/<uuid:uid>/remove/", verbs.remove_item, name="remove_item"),
    path("products/<uuid:uid>/order-change/", verbs.modify, name="modify"),
    path("products/<uuid:uid>/order-suspension/", verbs.suspend, name="suspend"),
    path("products/<uuid:uid>/order-resumption/", verbs.resume, name="resume"),
    path("products/<uuid:uid>/order-termination/", verbs.terminate, name="terminate"),
    path("service-tasks/<uuid:uid>/begin/", steps.begin, name="begin"),
    path("service-tasks/<uuid:uid>/finish/", steps.finish, name="finish"),
    path("service-tasks/<uuid:uid>/fail/", steps.fail, name="fail"),
    path("service-tasks/<uuid:uid>/retry/", steps.retry, name="retry"),
    path("service-tasks/<uuid:uid>/hand-over/", steps.hand_over, name="hand_over"),
]
