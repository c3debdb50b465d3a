"""Addresses of the service desk's own pages, beside those that the Resource machinery gives its records."""

from django.urls import path

from jike.apps.servicedesk.pages import desk, questionnaire, steps

app_name = "servicedesk"
urlpatterns = [
    path("desk/", desk.show, name="desk"),
    path("desk/queue/", desk.queue, name="queue"),
    path("desk/callers/", desk.find_callers, name="callers"),
    path("desk/call/<uuid:uid>/", desk.call, name="call"),
    path("tickets/<uuid:uid>/assign/", steps.assign, name="assign"),
    path("tickets/<uuid:uid>/step/<slug:step>/", steps.take_step, name="step"),
    path("tickets/<uuid:uid>/survey/", questionnaire.ask_about, name="ask_about"),
    path("surveys/<uuid:uid>/withdraw/", questionnaire.withdraw, name="withdraw"),
    path("s/<str:token>/", questionnaire.answer, name="questionnaire"),
]
