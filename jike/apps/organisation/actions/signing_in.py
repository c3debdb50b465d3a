"""Signing in and out as facts of the history: who, how, from where; and what failed."""

from uuid import UUID

from django.utils import timezone

from jike.apps.organisation.models import Person
from jike.foundation.audit import note
from jike.foundation.models.record import RecordKey
from jike.foundation.scope import Actor

__all__ = ["record_lock_out", "record_sign_in", "record_sign_in_failure", "record_sign_out"]

NOBODY = RecordKey(Person.kind(), UUID(int=0))
"""Stands for names that nobody bears; what was typed is not kept, since people type passwords there."""


def record_sign_in(person: Person, *, actor: Actor, method: str, address: str) -> None:
    """Record that the person signed in, by what method and from which address."""
    note(person, actor=actor, verb="sign_in", facts={"method": (None, method), "address": (None, address)})


def record_sign_in_failure(
    person: Person | None, *, actor: Actor, address: str, step: str = "password"
) -> None:
    """Record a failed attempt under the person's name, or under nobody's."""
    note(
        person or NOBODY,
        actor=actor,
        verb="sign_in_failed",
        facts={"step": (None, step), "address": (None, address)},
    )


def record_lock_out(person: Person | None, *, actor: Actor, address: str) -> None:
    """Record that signing in under this name is locked for a time."""
    facts = {"address": (None, address), "at": (None, timezone.now())}
    note(person or NOBODY, actor=actor, verb="locked_out", facts=facts)


def record_sign_out(person: Person, *, actor: Actor, address: str) -> None:
    """Record that the person signed out."""
    note(person, actor=actor, verb="sign_out", facts={"address": (None, address)})
