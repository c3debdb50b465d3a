"""Approvals: which units stand above a quote, whose authority somebody holds, what waits for whom, the path so far."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jike.apps.organisation.models import Person, Unit
from jike.apps.organisation.queries import Stead, holders_of, stands_in_for_a_holder, steads
from jike.apps.organisation.rules import UnitLevel
from jike.apps.quoting.models import Quote, QuoteApproval
from jike.apps.quoting.queries.authority import authority_of
from jike.apps.quoting.rules import ApprovalState, Authority, Level, answering_right
from jike.foundation.scope import Actor, visible
from jike.values.working_calendar import WorkingCalendar

__all__ = [
    "Answering",
    "PlannedStep",
    "answering",
    "answers_anything",
    "due_after",
    "for_whom",
    "inbox",
    "inbox_count",
    "level_units",
    "levels_held",
    "path_of",
    "planned_path",
    "stands_in_for_an_approver",
    "step_named",
    "submitted",
]

CALENDAR = WorkingCalendar()
LEVELS = (Level.COUNTY, Level.CITY, Level.PROVINCE, Level.HEADQUARTERS)
_UNIT_LEVELS = {
    UnitLevel.COUNTY.value: Level.COUNTY,
    UnitLevel.CITY.value: Level.CITY,
    UnitLevel.PROVINCE.value: Level.PROVINCE,
    UnitLevel.HEADQUARTERS.value: Level.HEADQUARTERS,
}
KIND = QuoteApproval.kind()
ANSWERS = tuple(f"{KIND}:{answering_right(level)}" for level in Level if level is not Level.MANAGER)
SEEN = (f"{KIND}:view", "quoting.quote:view", "quoting.quoteline:view", "quoting.quote:see_margin")
"""What deputies are lent beside the answering: what one must see to answer."""


class PlannedStep(NamedTuple):
    """A step that will be needed: its level, its unit, who may answer, and the working hours it has."""

    level: Level
    unit: Unit
    people: Sequence[str]
    hours: int


class Answering(NamedTuple):
    """By which level's authority a step is answered, as which actor, and in whose stead (None: by one's own)."""

    level: Level
    actor: Actor
    principal: Person | None


def level_units(unit: Unit) -> Mapping[Level, Unit]:
    """Return the unit of each level of authority at or above ``unit``, the nearest of each."""
    above = Unit.objects.filter(Q(pk=unit.pk) | Q(pk__in=unit.ancestors), removed_at=None)
    order = {number: place for place, number in enumerate([*unit.ancestors, unit.pk])}
    found = sorted(above, key=lambda one: order[one.pk])
    return {_UNIT_LEVELS[one.level]: one for one in found if one.level in _UNIT_LEVELS}


def levels_held(actor: Actor, units: Mapping[Level, Unit]) -> set[Level]:
    """Return the levels whose authority the actor, as a person, holds over these units."""
    if actor.person is None:
        return set()
    return {
        level
        for level, unit in units.items()
        if actor.reach(f"{KIND}:{answering_right(level)}").covers(owner=None, unit=unit.pk)
    }


def answering_level(step: QuoteApproval, actor: Actor) -> Level | None:
    """Return by which authority of their own the actor may answer the step; None when by none.

    Nobody answers for a quote of their own, or for one that they submitted.
    """
    if actor.person is not None and actor.person in (step.quote.owner_id, step.quote.submitted_by_id):
        return None
    for level in LEVELS:
        if level.rank < Level(step.level).rank:
            continue
        if actor.reach(f"{KIND}:{answering_right(level)}").covers(owner=None, unit=step.unit_id):
            return level
    return None


def answering(step: QuoteApproval, actor: Actor) -> Answering | None:
    """Return by which authority the actor may answer the step, their own before that of whom they stand in for.

    In nobody's stead does one answer what the other could not, their own quotes, or a second step of one submission:
    the levels are different people.
    """
    level = answering_level(step, actor)
    if level is not None:
        return Answering(level, actor, None)
    others = _steads(actor)
    if others and _answered(actor).filter(quote=step.quote_id, round=step.round).exists():
        return None
    for one in others:
        level = answering_level(step, one.actor)
        if level is not None and one.person.pk not in (step.quote.owner_id, step.quote.submitted_by_id):
            return Answering(level, one.actor, one.person)
    return None


def _answered(actor: Actor) -> QuerySet[QuoteApproval]:
    return QuoteApproval.objects.filter(approver_id=actor.person)


def inbox(actor: Actor) -> QuerySet[QuoteApproval]:
    """Return the steps that wait for the actor, by their own authority or in somebody's stead, the first due first."""
    waiting = _within(actor)
    for one in _steads(actor):
        theirs = Q(quote__owner_id=one.person.pk) | Q(quote__submitted_by_id=one.person.pk)
        earlier = _answered(actor).filter(quote=OuterRef("quote"), round=OuterRef("round"))
        waiting |= Q(_within(one.actor), ~theirs, ~Exists(earlier))
    rows = QuoteApproval.objects.filter(waiting, state=ApprovalState.ASKED, removed_at=None)
    if actor.person is not None:
        own = Q(quote__owner_id=actor.person) | Q(quote__submitted_by_id=actor.person)
        rows = rows.exclude(own)
    related = ("quote__customer", "quote__owner", "quote__submitted_by", "unit")
    return rows.select_related(*related).order_by("due_at", "id")


def _within(actor: Actor) -> Q:
    """Return what the actor's authority covers, among the quotes that they may see."""
    mine = Q(pk__in=[])
    for level in LEVELS:
        reach = actor.reach(f"{KIND}:{answering_right(level)}")
        if reach.everything:
            mine |= Q(level=level)
        elif reach.units:
            mine |= Q(level=level, unit__among=reach.units)
    return mine & Q(quote__in=visible(Quote, actor).values("pk"))


def for_whom(steps: Iterable[QuoteApproval], actor: Actor) -> Mapping[int, Person]:
    """Return step id → in whose stead the actor would answer it; those of one's own authority are left out."""
    others = _steads(actor)
    found: dict[int, Person] = {}
    for step in steps if others else ():
        if answering_level(step, actor) is not None:
            continue
        whose = (one.person for one in others if answering_level(step, one.actor) is not None)
        if (person := next(whose, None)) is not None:
            found[step.pk] = person
    return found


def submitted(actor: Actor) -> QuerySet[QuoteApproval]:
    """Return the steps for which one's own quotes wait, the one due first at the head."""
    mine = Q(quote__owner_id__in=sorted(actor.owners))
    if actor.person is not None:
        mine |= Q(quote__submitted_by_id=actor.person)
    rows = QuoteApproval.objects.filter(mine, state=ApprovalState.ASKED, removed_at=None)
    return rows.select_related("quote__customer", "quote__owner", "unit").order_by("due_at", "id")


def answers_anything(actor: Actor) -> bool:
    """Whether the actor holds the authority of any level, or stands in for one who does: something may come to wait."""
    held = any(actor.holds(f"{KIND}:{answering_right(level)}") for level in LEVELS)
    return held or bool(_steads(actor))


def inbox_count(actor: Actor) -> int:
    """Return how many steps wait, counted up to a hundred."""
    return inbox(actor)[:100].count()


def step_named(uid: UUID) -> QuoteApproval | None:
    """Return the step of this uid; whoever shows it asks first whether its quote may be seen."""
    related = ("quote", "unit", "approver", "on_behalf_of")
    return QuoteApproval.objects.filter(uid=uid, removed_at=None).select_related(*related).first()


def path_of(quote: Quote) -> list[QuoteApproval]:
    """Return the steps of the last submission in their order."""
    steps = list(
        QuoteApproval.objects.filter(quote=quote, removed_at=None)
        .select_related("unit", "approver", "on_behalf_of")
        .order_by("-round", "position")
    )
    return [one for one in steps if one.round == steps[0].round] if steps else []


def planned_path(quote: Quote, needed: Level, actor: Actor) -> list[PlannedStep]:
    """Return the steps that submitting the quote would ask for now."""
    units, authority = level_units(quote.unit), authority_of(quote)
    steps = authority.steps(needed, there=units, held=levels_held(actor, units))
    return [
        PlannedStep(level, units[level], _holders(level, units[level]), authority.hours[level])
        for level in steps
    ]


def _holders(level: Level, unit: Unit) -> list[str]:
    """Return who holds the level's authority by a post at the unit itself."""
    able = holders_of(f"{KIND}:{answering_right(level)}", unit=unit.pk, today=timezone.localdate())
    return list(able.values_list("name", flat=True)[:3])


def due_after(level: Level, start: dt.datetime, *, authority: Authority) -> dt.datetime:
    """Return when a step asked at ``start`` is due, in working time."""
    return CALENDAR.add_working_time(start, dt.timedelta(hours=authority.hours[level])).at


def stands_in_for_an_approver(actor: Actor) -> bool:
    """Whether somebody for whom the actor stands in now answers approvals by a post; one query, as pages ask."""
    return stands_in_for_a_holder(actor, answers=ANSWERS)


def _steads(actor: Actor) -> Sequence[Stead]:
    return steads(actor, answers=ANSWERS, seen=SEEN)
