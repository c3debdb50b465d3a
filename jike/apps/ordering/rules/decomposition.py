"""Into which steps an item splits, by family and by what is asked; and until when each is due.

【Default】 Durations in working days and the choice of steps are a sensible default, not a published standard; given
are the chain itself, survey → resources → construction → configuration → test → first acceptance → final acceptance
within three months → start of rent, and that an internet line is installed in three days.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jike.apps.ordering.rules.standing import ItemAction
from jike.values.period import add_months
from jike.values.working_calendar import WorkingCalendar

__all__ = [
    "FINAL_MONTHS",
    "RENT",
    "Planned",
    "PlannedStep",
    "Step",
    "latest_final_acceptance",
    "plan_of",
    "steps_of",
]

FINAL_MONTHS = 3
"""【Published】 Final acceptance follows first acceptance within so many months."""


class Step(StrEnum):
    """A kind of work on the way from order to bill."""

    SURVEY = "survey"
    RESOURCE = "resource"
    CONSTRUCTION = "construction"
    CONFIGURATION = "configuration"
    TEST = "test"
    FIRST_ACCEPTANCE = "first_acceptance"
    FINAL_ACCEPTANCE = "final_acceptance"
    RENT_START = "rent_start"
    RENT_CHANGE = "rent_change"
    RENT_END = "rent_end"
    RELEASE = "release"


RENT = frozenset({Step.RENT_START, Step.RENT_CHANGE, Step.RENT_END})
"""When such a step is done, the product changes and with it what is charged."""


class PlannedStep(NamedTuple):
    """A step, the steps that must be done before it, and how many working days (whole or half) it may take."""

    step: Step
    after: tuple[Step, ...]
    days: Decimal


class Planned(NamedTuple):
    """A step with the moment at which it is due."""

    step: Step
    after: tuple[Step, ...]
    due_at: dt.datetime


def _chain(*steps: tuple[Step, str]) -> tuple[PlannedStep, ...]:
    """Steps one after another."""
    return tuple(
        PlannedStep(step, (steps[place - 1][0],) if place else (), Decimal(days))
        for place, (step, days) in enumerate(steps)
    )


def _days(step: Step, days: str, *after: Step) -> PlannedStep:
    return PlannedStep(step, after, Decimal(days))


_ENDING = (
    _days(Step.FIRST_ACCEPTANCE, "1", Step.TEST),
    _days(Step.FINAL_ACCEPTANCE, "10", Step.FIRST_ACCEPTANCE),
    _days(Step.RENT_START, "1", Step.FINAL_ACCEPTANCE),
)
_LINE = (
    _days(Step.SURVEY, "2"),
    _days(Step.RESOURCE, "2", Step.SURVEY),
    _days(Step.CONSTRUCTION, "8", Step.RESOURCE),
    _days(Step.CONFIGURATION, "2", Step.RESOURCE),
    _days(Step.TEST, "1", Step.CONSTRUCTION, Step.CONFIGURATION),
    *_ENDING,
)
_BROADBAND = _chain(
    (Step.SURVEY, "0.5"),
    (Step.RESOURCE, "0.5"),
    (Step.CONFIGURATION, "1"),
    (Step.TEST, "0.5"),
    (Step.RENT_START, "0.5"),
)
_SWITCHED = _chain(
    (Step.RESOURCE, "0.5"), (Step.CONFIGURATION, "1"), (Step.TEST, "0.5"), (Step.RENT_START, "0.5")
)
_HOSTED = (
    _days(Step.SURVEY, "1"),
    _days(Step.RESOURCE, "2", Step.SURVEY),
    _days(Step.CONFIGURATION, "3", Step.RESOURCE),
    _days(Step.TEST, "1", Step.CONFIGURATION),
    *_ENDING,
)
_PROJECT = (
    _days(Step.SURVEY, "3"),
    _days(Step.RESOURCE, "5", Step.SURVEY),
    _days(Step.CONSTRUCTION, "15", Step.RESOURCE),
    _days(Step.CONFIGURATION, "5", Step.RESOURCE),
    _days(Step.TEST, "3", Step.CONSTRUCTION, Step.CONFIGURATION),
    *_ENDING,
)
_PAPER = _chain((Step.CONFIGURATION, "1"), (Step.RENT_START, "0.5"))

_ADDING: Mapping[str, tuple[PlannedStep, ...]] = {
    "voice": _SWITCHED,
    "messaging": _chain((Step.CONFIGURATION, "2"), (Step.TEST, "1"), (Step.RENT_START, "0.5")),
    "circuit": _LINE,
    "broadband": _BROADBAND,
    "idc": _HOSTED,
    "cloud": _chain(
        (Step.RESOURCE, "0.5"), (Step.CONFIGURATION, "0.5"), (Step.TEST, "0.5"), (Step.RENT_START, "0.5")
    ),
    "ict": _PROJECT,
    "iot": _chain(
        (Step.RESOURCE, "1"), (Step.CONFIGURATION, "1"), (Step.TEST, "1"), (Step.RENT_START, "0.5")
    ),
    "group_payment": _PAPER,
}
_CABLED = frozenset({"circuit", "broadband", "idc", "ict"})
"""Families that leave ports, fibres or racks to be released when they end."""


def steps_of(action: ItemAction, family: str) -> tuple[PlannedStep, ...]:
    """Return the steps of an item, each after all those it depends on."""
    match action:
        case ItemAction.ADD:
            return _ADDING[family]
        case ItemAction.MODIFY if family in _CABLED:
            return _chain(
                (Step.RESOURCE, "1"), (Step.CONFIGURATION, "1"), (Step.TEST, "1"), (Step.RENT_CHANGE, "0.5")
            )
        case ItemAction.MODIFY | ItemAction.RESUME:
            return _chain((Step.CONFIGURATION, "0.5"), (Step.RENT_CHANGE, "0.5"))
        case ItemAction.TERMINATE if family in _CABLED:
            return _chain((Step.CONFIGURATION, "1"), (Step.RENT_END, "0.5"), (Step.RELEASE, "3"))
        case _:
            return _chain((Step.CONFIGURATION, "0.5"), (Step.RENT_END, "0.5"))


def plan_of(
    action: ItemAction, family: str, *, start: dt.datetime, calendar: WorkingCalendar
) -> list[Planned]:
    """Return the steps with their due times when work may begin at ``start``; times are counted in working time."""
    due: dict[Step, dt.datetime] = {}
    for one in steps_of(action, family):
        begins = max((due[before] for before in one.after), default=start)
        due[one.step] = calendar.add_working_time(begins, calendar.working_day * int(one.days * 2) / 2).at
    return [Planned(one.step, one.after, due[one.step]) for one in steps_of(action, family)]


def latest_final_acceptance(first_accepted: dt.datetime) -> dt.datetime:
    """Return the moment until which final acceptance must follow."""
    day = add_months(first_accepted.date(), FINAL_MONTHS)
    return first_accepted.replace(year=day.year, month=day.month, day=day.day)
