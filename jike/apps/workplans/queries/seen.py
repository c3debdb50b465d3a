"""Whose scores somebody may look at: a person's, a unit's, the topmost unit's."""

from uuid import UUID

from jike.apps.organisation.models import Person, Unit
from jike.apps.workplans.models import Target
from jike.foundation.errors import NotFound
from jike.foundation.scope import Actor, may

__all__ = ["scored_person", "scored_unit"]

VIEW = "workplans.target:view"


def scored_person(actor: Actor, uid: UUID) -> Person:
    """Return the person, or NotFound where the actor may not see their targets."""
    found = Person.objects.filter(uid=uid, removed_at=None).first()
    if found is None or not actor.reach(VIEW).covers(owner=found.pk, unit=found.unit_id):
        raise NotFound
    return found


def scored_unit(actor: Actor, uid: UUID | None) -> Unit:
    """Return the unit, the topmost one where none is named; NotFound where the actor may not see its targets."""
    if uid is not None:
        found = Unit.objects.filter(uid=uid, removed_at=None).first()
        if found is None or not may(actor, "view", Target(unit=found)):
            raise NotFound
        return found
    reach, rows = actor.reach(VIEW), Unit.objects.filter(removed_at=None)
    seen = rows if reach.everything else rows.filter(pk__in=sorted(reach.units))
    top = min(seen, key=lambda one: (len(one.ancestors), one.pk), default=None)
    if top is None:
        raise NotFound
    return top
