"""Addresses of the tasks' own pages, beside those that the Resource machinery gives them."""

from django.urls import path

from jike.apps.tasks.pages import verbs

app_name = "tasks"
urlpatterns = [
    path("tasks/<uuid:uid>/settle/", verbs.settle, name="settle"),
    path("tasks/<uuid:uid>/tick/", verbs.tick, name="tick"),
    path("tasks/<uuid:uid>/reassign/", verbs.reassign, name="reassign"),
    path("tasks/about/<str:kind>/<uuid:uid>/", verbs.add_about, name="add_about"),
]
