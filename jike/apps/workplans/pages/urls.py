"""Addresses of the pages of plans and targets, beside those that the Resource machinery gives them."""

from django.urls import path

from jike.apps.workplans.pages import scores, week

app_name = "workplans"
urlpatterns = [
    path("week/", week.week, name="week"),
    path("scores/", scores.scores, name="scores"),
    path("week-plans/<uuid:uid>/submit/", week.submit, name="submit"),
    path("week-plans/<uuid:uid>/approve/", week.approve, name="approve"),
    path("week-plans/<uuid:uid>/send-back/", week.send_back, name="send_back"),
    path("week-plans/<uuid:uid>/add-item/", week.add_item, name="add_item"),
    path("plan-items/<uuid:uid>/drop/", week.drop_item, name="drop_item"),
    path("plan-items/<uuid:uid>/tick/", week.tick_item, name="tick_item"),
]
