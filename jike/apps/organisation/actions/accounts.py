"""What concerns a person's account: passwords, second factor, preferences, open sessions."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.organisation.actions.people import guard_administrator
from jike.apps.organisation.actions.sessions import end_sessions
from jike.apps.organisation.models import Person
from jike.apps.organisation.rules import one_time_password
from jike.apps.organisation.rules.passwords import FORMER_KEPT, PASSWORD_LIMIT
from jike.foundation.audit import changing, note
from jike.foundation.audit.gate import may_write
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor, require

__all__ = [
    "change_own_password",
    "end_session",
    "reset_password",
    "reset_second_factor",
    "set_preferences",
    "sign_out_everywhere",
]


@transaction.atomic
def reset_password(person: Person, *, actor: Actor) -> str:
    """Give the person a new first password, returned once, and end their sessions."""
    if person.pk == actor.person:
        raise RuleBroken(_("Change your own password on your account page."))
    guard_administrator(person, actor=actor)
    password = one_time_password()
    with changing(person, actor=actor, verb="reset_password"):
        _set_password(person, password)
        person.must_change_password = True
    end_sessions(person, actor=actor)
    return password


@transaction.atomic
def change_own_password(person: Person, *, actor: Actor, current: str, new: str, session: str = "") -> Person:
    """Change one's own password; every session but ``session`` ends."""
    _require_self(person, actor)
    with changing(person, actor=actor, verb="set_password"):
        _check_new_password(person, current, new)
        _set_password(person, new)
        person.must_change_password = False
    end_sessions(person, actor=actor, keep=session)
    return person


@transaction.atomic
def reset_second_factor(person: Person, *, actor: Actor) -> int:
    """Take the person's second factors away (a lost phone) and end their sessions."""
    may_write(actor)
    if person.pk != actor.person:
        require(actor, "reset_password", person)
        guard_administrator(person, actor=actor)
    taken, _by_model = Authenticator.objects.filter(user=person).delete()
    note(person, actor=actor, verb="reset_second_factor", facts={"second_factors": (taken, 0)})
    end_sessions(person, actor=actor)
    return taken


def set_preferences(
    person: Person, *, actor: Actor, language: str | None = None, theme: str | None = None
) -> Person:
    """Choose one's own language and look."""
    _require_self(person, actor)
    with changing(person, actor=actor, verb="set_preferences"):
        person.language = person.language if language is None else language
        person.theme = person.theme if theme is None else theme
    return person


@transaction.atomic
def sign_out_everywhere(person: Person, *, actor: Actor, keep: str = "") -> int:
    """End the person's sessions at once, but for ``keep``; for oneself or, as a system administrator, for others."""
    may_write(actor)
    if person.pk != actor.person:
        require(actor, "sign_out", person)
        _refuse_principals(person, actor)
    ended = end_sessions(person, actor=actor, keep=keep)
    note(person, actor=actor, verb="sign_out_everywhere", facts={"sessions": (ended, 0)})
    return ended


@transaction.atomic
def end_session(person: Person, *, actor: Actor, number: int) -> bool:
    """End one of one's own sessions, named by its number in the list; whether there was such a one."""
    _require_self(person, actor)
    key = UserSession.objects.filter(user=person, pk=number).values_list("session_key", flat=True).first()
    ended = key is not None and end_sessions(person, actor=actor, only=key) > 0
    if ended:
        note(person, actor=actor, verb="sign_out", facts={"sessions": (1, 0)})
    return ended


def _require_self(person: Person, actor: Actor) -> None:
    """Deputies act on their principal's records, never on the principal's account."""
    may_write(actor)
    if person.pk != actor.person or actor.uid != person.uid:
        raise RuleBroken(_("This is a matter of each person's own account."))


def _refuse_principals(person: Person, actor: Actor) -> None:
    if not actor.reach("organisation.person:sign_out").covers(owner=None, unit=person.unit_id):
        raise RuleBroken(_("This is a matter of each person's own account."))


def _check_new_password(person: Person, current: str, new: str) -> None:
    if not person.check_password(current[:PASSWORD_LIMIT]):
        raise Invalid({"current": [_("This is not your current password.")]})
    if len(new) > PASSWORD_LIMIT:
        raise Invalid(
            {"new": [_("A password may have at most %(limit)s characters.") % {"limit": PASSWORD_LIMIT}]}
        )
    try:
        validate_password(new, person)
    except ValidationError as error:
        raise Invalid({"new": error.messages}) from error
    if any(check_password(new, former) for former in [person.password, *person.former_passwords]):
        sentence = _("Choose a password that is none of your last %(count)s.")
        raise Invalid({"new": [sentence % {"count": FORMER_KEPT + 1}]})


def _set_password(person: Person, password: str) -> None:
    if person.has_usable_password():
        person.former_passwords = [person.password, *person.former_passwords][:FORMER_KEPT]
    person.set_password(password)
    person.password_set_at = timezone.now()
