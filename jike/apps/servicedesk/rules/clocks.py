"""The clocks of a ticket: what was promised, when it is due, and what remains after waiting for the customer.

An enquiry gets a clear answer within 10 minutes and a complaint is settled within half a working day; troubles follow
the service level (AAA circuit 2 h, internet line 4 h; the others are defaults of ours). Enquiries and complaints run in
working time, troubles around the clock. A clock that stood still goes on with what remained of it, so that neither
nights and holidays nor the customer's silence count against us.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from jike.apps.servicedesk.rules.tickets import Kind
from jike.values.working_calendar import WorkingCalendar

__all__ = [
    "PROMISES",
    "Clock",
    "Due",
    "Promise",
    "due_from",
    "minutes_taken",
    "next_due",
    "promise_for",
    "resumed_due",
]

MINUTE = dt.timedelta(minutes=1)


class Clock(StrEnum):
    """Which time counts."""

    WORKING = "working"
    ALWAYS = "always"


class Promise(NamedTuple):
    """Within which time an answer and the settlement are due; ``settle`` None means half a working day."""

    answer: dt.timedelta
    settle: dt.timedelta | None
    clock: Clock


class Due(NamedTuple):
    """When answer and settlement are due (UTC), and whether a year's holidays on the way are not known yet."""

    answer: dt.datetime
    settle: dt.datetime
    uncertain: bool


def _hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)


_ENQUIRY = Promise(dt.timedelta(minutes=10), _hours(4), Clock.WORKING)
_COMPLAINT = Promise(dt.timedelta(minutes=30), None, Clock.WORKING)
PROMISES: Mapping[tuple[Kind, str], Promise] = {
    **{(Kind.ENQUIRY, level): _ENQUIRY for level in ("gold", "silver", "bronze", "standard")},
    **{(Kind.COMPLAINT, level): _COMPLAINT for level in ("gold", "silver", "bronze", "standard")},
    (Kind.TROUBLE, "gold"): Promise(dt.timedelta(minutes=10), _hours(2), Clock.ALWAYS),
    (Kind.TROUBLE, "silver"): Promise(dt.timedelta(minutes=15), _hours(4), Clock.ALWAYS),
    (Kind.TROUBLE, "bronze"): Promise(dt.timedelta(minutes=30), _hours(8), Clock.ALWAYS),
    (Kind.TROUBLE, "standard"): Promise(dt.timedelta(minutes=30), _hours(24), Clock.ALWAYS),
}
"""Kind and service level → promise. Answers to complaints and troubles, and repairs below silver, are defaults."""


def promise_for(kind: Kind, level: str) -> Promise:
    """Return the promise; an unknown level counts as the standard one."""
    return PROMISES.get((kind, level), PROMISES[kind, "standard"])


def due_from(promise: Promise, start: dt.datetime, *, calendar: WorkingCalendar) -> Due:
    """Return when answer and settlement are due if the clock starts at ``start``."""
    answer, unsure = _added(start, promise.answer, promise.clock, calendar=calendar)
    span = calendar.half_working_day if promise.settle is None else promise.settle
    settle, unsure_too = _added(start, span, promise.clock, calendar=calendar)
    return Due(answer, settle, unsure or unsure_too)


def resumed_due(
    due: dt.datetime, paused: dt.datetime, *, resumed: dt.datetime, clock: Clock, calendar: WorkingCalendar
) -> dt.datetime:
    """Return when something is due whose clock stood still from ``paused`` to ``resumed``.

    What remained then remains now; what was overdue when it was paused stays due when it was.
    """
    if due <= paused or resumed <= paused:
        return due
    if clock is Clock.ALWAYS:
        return due + (resumed - paused)
    remaining = calendar.working_time_between(paused, due).time
    return max(due, calendar.add_working_time(resumed, remaining).at) if remaining else due


def minutes_taken(start: dt.datetime, end: dt.datetime, *, clock: Clock, calendar: WorkingCalendar) -> int:
    """Return the whole minutes that counted between two moments; none when the end comes first."""
    if end <= start:
        return 0
    counted = end - start if clock is Clock.ALWAYS else calendar.working_time_between(start, end).time
    return counted // MINUTE


def next_due(
    answer_due: dt.datetime, settle_due: dt.datetime, *, answered: bool, running: bool
) -> dt.datetime | None:
    """Return what is due next; None while the clock stands still or nothing is owed any more."""
    if not running:
        return None
    return settle_due if answered else min(answer_due, settle_due)


def _added(
    start: dt.datetime, span: dt.timedelta, clock: Clock, *, calendar: WorkingCalendar
) -> tuple[dt.datetime, bool]:
    if clock is Clock.ALWAYS:
        return start.astimezone(dt.UTC) + span, False
    reached = calendar.add_working_time(start, span)
    return reached.at, reached.notice is not None
