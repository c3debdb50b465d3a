"""Seeing as somebody: a security administrator looks through a person's eyes, cannot write, and it is recorded."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.organisation.models import Person
from jike.apps.organisation.queries.roles import administrative_domains_of
from jike.foundation.audit import note
from jike.foundation.audit.gate import may_write
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import Actor, require

__all__ = ["start_seeing_as", "stop_seeing_as"]


@transaction.atomic
def start_seeing_as(person: Person, *, actor: Actor) -> Person:
    """Record that the actor begins to see as ``person``."""
    may_write(actor)
    require(actor, "see_as", person)
    if person.pk == actor.person:
        raise RuleBroken(_("You already see as yourself."))
    if administrative_domains_of(person, today=timezone.localdate()):
        raise RuleBroken(_("Administrators cannot be seen as: their rights must stay apart."))
    note(person, actor=actor, verb="see_as")
    return person


def stop_seeing_as(person: Person, *, actor: Actor) -> None:
    """Record that the actor (the administrator, not whom they saw as) sees as themselves again."""
    note(person, actor=actor, verb="see_as_ended")
