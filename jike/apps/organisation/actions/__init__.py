"""What is done in the organisation: to units, people, accounts, posts, deputies, roles and tokens."""

from jike.apps.organisation.actions.accounts import (
    change_own_password,
    end_session,
    reset_password,
    reset_second_factor,
    set_preferences,
    sign_out_everywhere,
)
from jike.apps.organisation.actions.alarm import tell_auditors
from jike.apps.organisation.actions.deputies import appoint_deputy, end_deputy
from jike.apps.organisation.actions.people import (
    NewPerson,
    add_person,
    change_person,
    disable_person,
    enable_person,
    move_person,
    remove_person,
    restore_person,
)
from jike.apps.organisation.actions.posts import assign_post, end_post
from jike.apps.organisation.actions.ready_made import found_organisation, install_ready_made_roles
from jike.apps.organisation.actions.roles import add_role, change_role, remove_role, set_grant, set_grants
from jike.apps.organisation.actions.seeing_as import start_seeing_as, stop_seeing_as
from jike.apps.organisation.actions.tokens import issue_token, note_token_use, revoke_token
from jike.apps.organisation.actions.units import add_unit, change_unit, move_unit, remove_unit, restore_unit

__all__ = [
    "NewPerson",
    "add_person",
    "add_role",
    "add_unit",
    "appoint_deputy",
    "assign_post",
    "change_own_password",
    "change_person",
    "change_role",
    "change_unit",
    "disable_person",
    "enable_person",
    "end_deputy",
    "end_post",
    "end_session",
    "found_organisation",
    "install_ready_made_roles",
    "issue_token",
    "move_person",
    "move_unit",
    "note_token_use",
    "remove_person",
    "remove_role",
    "remove_unit",
    "reset_password",
    "reset_second_factor",
    "restore_person",
    "restore_unit",
    "revoke_token",
    "set_grant",
    "set_grants",
    "set_preferences",
    "sign_out_everywhere",
    "start_seeing_as",
    "stop_seeing_as",
    "tell_auditors",
]
