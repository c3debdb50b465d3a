"""Addresses of the warnings' steps and of the boards, beside those that the Resource machinery gives."""

from django.urls import path

from jike.apps.analytics.pages import boards, verbs

app_name = "analytics"
urlpatterns = [
    path("boards/", boards.first, name="boards"),
    path("boards/<slug:name>/", boards.show, name="board"),
    path("warnings/mine/", verbs.mine, name="mine"),
    path("warnings/<uuid:uid>/answer/", verbs.answer, name="answer"),
    path("warnings/<uuid:uid>/settle/", verbs.settle, name="settle"),
    path("warnings/<uuid:uid>/dismiss/", verbs.dismiss, name="dismiss"),
    path("warnings/<uuid:uid>/retain/", verbs.retain, name="retain"),
    path("warnings/<uuid:uid>/assign/", verbs.assign, name="assign"),
]
