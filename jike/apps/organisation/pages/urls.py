"""Addresses of the organisation's pages."""

from django.urls import path

from jike.apps.organisation.pages import interfaces, people, person_verbs, roles, units

app_name = "organisation"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="add_person"),
    path("people/<uuid:uid>/", people.person, name="person"),
    path("people/<uuid:uid>/change/", people.change, name="change_person"),
    path("people/<uuid:uid>/move/", people.move, name="move_person"),
    path("people/<uuid:uid>/reset-password/", person_verbs.reset_password, name="reset_password"),
    path("people/<uuid:uid>/see-as/", person_verbs.see_as, name="see_as"),
    path("people/<uuid:uid>/posts/add/", person_verbs.assign, name="assign_post"),
    path("people/<uuid:uid>/deputies/add/", person_verbs.depute, name="appoint_deputy"),
    path("people/<uuid:uid>/<slug:name>/", person_verbs.verb, name="person_verb"),
    path("posts/<uuid:uid>/end/", person_verbs.end_post, name="end_post"),
    path("deputies/", interfaces.deputies, name="deputies"),
    path("deputies/<uuid:uid>/end/", person_verbs.end_deputy, name="end_deputy"),
    path("see-as/end/", person_verbs.stop_seeing_as, name="stop_seeing_as"),
    path("units/", units.units, name="units"),
    path("units/add/", units.add, name="add_unit"),
    path("units/removed/", units.removed, name="removed_units"),
    path("units/<uuid:uid>/", units.unit, name="unit"),
    path("units/<uuid:uid>/change/", units.change, name="change_unit"),
    path("units/<uuid:uid>/move/", units.move, name="move_unit"),
    path("units/<uuid:uid>/remove/", units.remove, name="remove_unit"),
    path("units/<uuid:uid>/restore/", units.restore, name="restore_unit"),
    path("roles/", roles.roles, name="roles"),
    path("roles/matrix/", roles.matrix, name="matrix"),
    path("roles/add/", roles.add, name="add_role"),
    path("roles/<uuid:uid>/", roles.role, name="role"),
    path("roles/<uuid:uid>/change/", roles.change, name="change_role"),
    path("roles/<uuid:uid>/remove/", roles.remove, name="remove_role"),
    path("roles/<uuid:uid>/cells/<str:permission>/", roles.cell, name="cell"),
    path("tokens/", interfaces.tokens, name="tokens"),
    path("tokens/add/", interfaces.issue, name="issue_token"),
    path("tokens/<uuid:uid>/revoke/", interfaces.revoke, name="revoke_token"),
]
