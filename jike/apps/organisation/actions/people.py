"""People come, change, move between units, are shut out and let in again, leave and return."""

from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.organisation.actions.sessions import end_sessions
from jike.apps.organisation.models import Person, Unit
from jike.apps.organisation.queries.roles import (
    administrative_domains_of,
    holders_of_domain,
    lock_administration,
)
from jike.apps.organisation.queries.units import lock_standing_unit
from jike.apps.organisation.rules import one_time_password, staff_no_fits
from jike.foundation.audit import changing, creating, removing, restoring
from jike.foundation.entering import entered
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor
from jike.values.phones import Phone
from jike.values.rights import Domain
from jike.values.text import clean_code, clean_line

__all__ = [
    "NewPerson",
    "add_person",
    "change_person",
    "disable_person",
    "enable_person",
    "guard_administrator",
    "move_person",
    "remove_person",
    "restore_person",
]

IDENTITY = frozenset({"staff_no", "phone", "email"})
"""Fields by which somebody signs in; whoever sets them could become that person."""


class NewPerson(NamedTuple):
    """A new person and the first password, which is shown once and kept nowhere."""

    person: Person
    password: str


@transaction.atomic
def add_person(
    *,
    actor: Actor,
    staff_no: str,
    name: str,
    unit: Unit,
    phone: str = "",
    email: str = "",
    language: str = "zh-hans",
) -> NewPerson:
    """Add a person with a first password that must be changed at the first sign-in."""
    person = Person(unit=lock_standing_unit(unit), language=language, password_set_at=timezone.now())
    _fill(person, staff_no=staff_no, name=name, phone=phone, email=email)
    password = one_time_password()
    person.set_password(password)
    return NewPerson(creating(person, actor=actor), password)


@transaction.atomic
def change_person(person: Person, *, actor: Actor, version: int | None = None, **fields: str) -> Person:
    """Change the person's staff number, name, phone or e-mail."""
    if IDENTITY & set(fields):
        guard_administrator(person, actor=actor)
    with changing(person, actor=actor, version=version):
        _fill(person, **fields)
    return person


@transaction.atomic
def move_person(person: Person, *, actor: Actor, unit: Unit, version: int | None = None) -> Person:
    """Make ``unit`` the person's home; posts stay as they are."""
    standing = lock_standing_unit(unit)
    with changing(person, actor=actor, verb="move", permit="change", version=version):
        person.unit = standing
    return person


@transaction.atomic
def disable_person(person: Person, *, actor: Actor, version: int | None = None) -> Person:
    """Shut the person out at once: open sessions and tokens end, signing in is refused."""
    _check_removable(person, actor)
    with changing(person, actor=actor, verb="disable", permit="change", version=version):
        person.is_active = False
    end_sessions(person, actor=actor)
    return person


@transaction.atomic
def enable_person(person: Person, *, actor: Actor, version: int | None = None) -> Person:
    """Let the person sign in again."""
    with changing(person, actor=actor, verb="enable", permit="change", version=version):
        person.is_active = True
    return person


@transaction.atomic
def remove_person(person: Person, *, actor: Actor, version: int | None = None) -> Person:
    """Put the person into the recycle bin and end their sessions; what they did stays theirs."""
    _check_removable(person, actor)
    removing(person, actor=actor, version=version)
    end_sessions(person, actor=actor)
    return person


@transaction.atomic
def restore_person(person: Person, *, actor: Actor) -> Person:
    """Take the person out of the recycle bin."""
    lock_standing_unit(person.unit)
    return restoring(person, actor=actor)


def guard_administrator(person: Person, *, actor: Actor) -> None:
    """Refuse to take over the account of an administrator of another kind, which would join what is kept apart."""
    if actor.is_system or person.pk == actor.person:
        return
    theirs = administrative_domains_of(person, today=timezone.localdate())
    if theirs - {Domain.SYSTEM}:
        sentence = _(
            "%(name)s administers security or audit: how they sign in can be changed only after those posts have ended."
        )
        raise RuleBroken(sentence % {"name": person.name})


def _check_removable(person: Person, actor: Actor) -> None:
    if person.pk == actor.person:
        raise RuleBroken(_("Nobody can shut out themselves; ask another administrator."))
    lock_administration()
    today = timezone.localdate()
    for domain in administrative_domains_of(person, today=today):
        holders = holders_of_domain(domain, today=today)
        if holders == {person.pk}:
            sentence = _("%(name)s is the last to hold this administration; appoint somebody else first.")
            raise RuleBroken(sentence % {"name": person.name})


def _fill(person: Person, **fields: str) -> None:
    cleaners: dict[str, tuple[Any, dict[str, Any]]] = {
        "staff_no": (clean_code, {"limit": 32}),
        "name": (clean_line, {"limit": 60}),
        "phone": (_clean_phone, {}),
        "email": (clean_line, {"limit": 254}),
    }
    for name, text in fields.items():
        clean, options = cleaners[name]
        setattr(person, name, entered(name, clean, text, **options))
    if not staff_no_fits(person.staff_no):
        sentence = _("A staff number is made of letters, digits, points, hyphens and underscores.")
        raise Invalid({"staff_no": [sentence]})


def _clean_phone(text: str) -> str:
    line = clean_line(text, limit=100)
    return str(Phone.parse(line)) if line else ""
