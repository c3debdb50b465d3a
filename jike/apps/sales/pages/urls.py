"""Addresses of sales' own pages, beside those that the Resource machinery gives them."""

from django.urls import path

from jike.apps.sales.pages import answering, forecasting, verbs, visiting

app_name = "sales"
urlpatterns = [
    path("today/", visiting.today, name="today"),
    path("forecast/", forecasting.forecast, name="forecast"),
    path("visits/<uuid:uid>/visit/", visiting.visit, name="visit"),
    path("visits/<uuid:uid>/check-in/", visiting.check_in, name="check_in"),
    path("visits/<uuid:uid>/draft/", visiting.draft, name="visit_draft"),
    path("visits/<uuid:uid>/cancel/", verbs.cancel_visit, name="cancel_visit"),
    path("opportunities/<uuid:uid>/advance/", verbs.advance, name="advance"),
    path("opportunities/<uuid:uid>/register/", verbs.register, name="register"),
    path("customers/<uuid:uid>/plan-visit/", verbs.plan_visit, name="plan_visit"),
    path("customers/<uuid:uid>/add-opportunity/", verbs.add_opportunity, name="add_opportunity"),
    path("rival-lines/<uuid:uid>/answer/", answering.answer_rival_line, name="answer_rival_line"),
    path("needs/<uuid:uid>/answer/", answering.answer_need, name="answer_need"),
    path("leads/<uuid:uid>/claim/", verbs.claim_lead, name="claim_lead"),
    path("leads/<uuid:uid>/release/", verbs.release_lead, name="release_lead"),
    path("leads/<uuid:uid>/convert/", verbs.convert_lead, name="convert_lead"),
]
