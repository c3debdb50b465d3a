"""Charts of service: tickets, how near they are due, promises kept, causes, satisfaction."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jike.apps.analytics.pages.charts import Chart, Kpi, Series, list_of
from jike.apps.analytics.queries import boards
from jike.apps.analytics.queries.lens import Lens
from jike.apps.servicedesk.models.labels import CAUSES, KINDS
from jike.apps.servicedesk.rules import Kind
from jike.values.period import add_months

__all__ = [
    "causes",
    "in_time",
    "running",
    "satisfaction",
    "service_figures",
    "share",
    "share_figure",
    "share_tone",
    "tickets",
]

TARGET = 95
"""【Default】 Percent of promises to be kept."""
LIVE = ["state", "in", ["open", "handling", "waiting"]]
HANDLED = ["state", "in", ["open", "handling"]]
NEARNESS: Mapping[str, list[Any]] = {
    "overdue": [HANDLED, ["next_due_at", "before", "0h"]],
    "hour": [HANDLED, ["next_due_at", "between", ["0h", "1h"]]],
    "day": [HANDLED, ["next_due_at", "between", ["1h", "24h"]]],
    "later": [HANDLED, ["any", ["next_due_at", "after", "24h"], ["next_due_at", "empty"]]],
    "waiting": [["state", "in", ["waiting"]]],
}
"""How near a ticket is due → the filter of its list."""
PLACE = "customer__unit"
"""Tickets and surveys lie where their customer lies, whichever unit handles them."""


def share(part: int, whole: int) -> float | None:
    """Return percent with one decimal; None of nothing."""
    return round(part / whole * 100, 1) if whole else None


def _tickets(lens: Lens, *where: Any) -> str:
    return list_of(lens, "tickets", where, unit=PLACE, sort="-opened_at")


def _answered(lens: Lens, *where: Any) -> str:
    """Lead to the surveys answered within a year, the least satisfied first."""
    first = add_months(lens.today.replace(day=1), -12)
    answered = ["answered_at", "between", [first.isoformat(), lens.today.isoformat()]]
    asked = [["state", "in", ["answered"]], answered, *where]
    return list_of(lens, "surveys", asked, unit=PLACE, sort="satisfaction")


def _opened(first: dt.date, last: dt.date | None = None) -> list[object]:
    """Say that a ticket was opened from the month that begins on ``first`` to the one that begins on ``last``."""
    until = add_months(last or first, 1) - dt.timedelta(days=1)
    return ["opened_at", "between", [first.isoformat(), until.isoformat()]]


def tickets(lens: Lens, months: list[dict[str, Any]]) -> Chart:
    """Tickets opened month by month, by kind."""
    tones = {Kind.COMPLAINT: "d1", Kind.TROUBLE: "d3", Kind.ENQUIRY: "d6"}
    title = _("Tickets by month")
    if len(months) > 2:
        now, before = months[-2]["complaint"], months[-3]["complaint"]
        more = _("Complaints rose from %(before)s to %(now)s last month")
        less = _("Complaints fell from %(before)s to %(now)s last month")
        same = _("Complaints stayed at %(now)s last month")
        title = (more if now > before else less if now < before else same) % {"before": before, "now": now}
    return Chart(
        "tickets",
        title,
        _("tickets opened"),
        "bars",
        [f"{one['month']:%y-%m}" for one in months],
        [
            Series(
                str(KINDS[kind]),
                [one[kind] for one in months],
                tone,
                [
                    _tickets(lens, _opened(one["month"]), ["ticket_type", "in", [kind.value]])
                    for one in months
                ],
            )
            for kind, tone in tones.items()
        ],
        [_tickets(lens, _opened(one["month"])) for one in months],
        stacked=True,
        empty=_("No ticket was opened yet."),
    )


def in_time(lens: Lens, months: list[dict[str, Any]]) -> Chart:
    """Shares of answers and settlements that came in time."""
    settled = [share(one["settled_well"], one["settled"]) for one in months]
    answered = [share(one["answered_well"], one["answered"]) for one in months]
    last = next((one for one in reversed(settled) if one is not None), None)
    title = _("Promises kept")
    if last is not None:
        sentence = (
            _("%(share)s%% settled in time, below %(target)s%%")
            if last < TARGET
            else _("%(share)s%% settled in time")
        )
        title = sentence % {"share": last, "target": TARGET}
    return Chart(
        "in-time",
        title,
        "%",
        "lines",
        [f"{one['month']:%y-%m}" for one in months],
        [Series(_("settled in time"), settled), Series(_("answered in time"), answered, "d3")],
        [_tickets(lens, _opened(one["month"]), ["settled_in_time", "is", False]) for one in months],
        target=TARGET,
        empty=_("No ticket was settled yet."),
    )


def running(lens: Lens) -> Chart:
    """Running tickets by how near they are due."""
    found = boards.running_tickets(lens)
    names = {
        "overdue": _("overdue"),
        "hour": _("within an hour"),
        "day": _("within a day"),
        "later": _("later"),
        "waiting": _("waiting for the customer"),
    }
    late = found["overdue"]
    title = _("Nothing is overdue")
    if late:
        title = ngettext("One ticket is overdue", "%(number)s tickets are overdue", late) % {"number": late}
    places = list(names)
    return Chart(
        "running",
        title,
        _("tickets"),
        "rows",
        list(names.values()),
        [Series(_("Tickets"), [found[one] for one in places])],
        [_tickets(lens, *NEARNESS[one]) for one in places],
        accent=0,
    )


def causes(lens: Lens) -> Chart:
    """What tickets of three months were about, complaints apart."""
    found = boards.tickets_by_cause(lens)
    this = lens.today.replace(day=1)
    told, complaint = _opened(add_months(this, -2), this), [Kind.COMPLAINT.value]

    def behind(*more: Sequence[object]) -> list[str]:
        return [_tickets(lens, told, ["cause", "in", [one]], *more) for one, *_ in found]

    title = _("What tickets are about")
    if found:
        title = _("Most tickets are about: %(cause)s") % {"cause": CAUSES[found[0][0]]}
    return Chart(
        "causes",
        title,
        _("tickets in three months"),
        "rows",
        [str(CAUSES[one]) for one, _number, _complaints in found],
        [
            Series(
                str(KINDS[Kind.COMPLAINT]),
                [complaints for _one, _number, complaints in found],
                links=behind(["ticket_type", "in", complaint]),
            ),
            Series(
                _("others"),
                [number - complaints for _one, number, complaints in found],
                "d6",
                behind(["ticket_type", "not_in", complaint]),
            ),
        ],
        behind(),
        stacked=True,
        empty=_("No ticket in three months."),
    )


def satisfaction(lens: Lens) -> Chart:
    """Mean satisfaction by the customers' units, the least satisfied first."""
    found = boards.satisfaction_by_place(lens)
    low = [one for one in found if one[2] < 0]
    title = _("Perceived is at least what was expected")
    if low:
        title = _("%(unit)s disappoints most") % {"unit": low[0][1]}
    return Chart(
        "satisfaction",
        title if found else _("Satisfaction by unit"),
        _("perceived − expected"),
        "rows",
        [f"{name} ({number:,})" for _uid, name, _mean, number in found],
        [Series(_("satisfaction"), [float(round(mean, 2)) for _uid, _name, mean, _number in found])],
        [_answered(lens, [PLACE, "under", [str(uid)]]) for uid, *_ in found],
        accent=0,
        empty=_("No survey was answered within a year."),
    )


def service_figures(lens: Lens) -> list[Kpi]:
    """Return the key figures of service in this month and the last; satisfaction within a year."""
    this = lens.today.replace(day=1)
    lately = _opened(add_months(this, -1), this)
    found, now = boards.service_figures(lens), boards.running_tickets(lens)
    answered, settled = (
        share(found["answered_well"], found["answered"]),
        share(found["settled_well"], found["settled"]),
    )
    return [
        Kpi(
            _("Running tickets"),
            f"{sum(now.values()):,}",
            "",
            _("overdue %(number)s") % {"number": now["overdue"]} if now["overdue"] else "",
            "bad" if now["overdue"] else "",
            _tickets(lens, LIVE),
        ),
        Kpi(
            _("Opened this month"),
            f"{found['opened']:,}",
            "",
            _("last month %(number)s") % {"number": f"{found['opened_before']:,}"},
            "",
            _tickets(lens, _opened(this)),
        ),
        Kpi(
            _("Answered in time"),
            share_figure(answered),
            "%",
            _("within 10 minutes"),
            share_tone(answered),
            _tickets(lens, lately, ["answered_in_time", "is", False]),
        ),
        Kpi(
            _("Settled in time"),
            share_figure(settled),
            "%",
            _("target %(target)s") % {"target": TARGET},
            share_tone(settled),
            _tickets(lens, lately, ["settled_in_time", "is", False]),
        ),
        *_satisfaction_figures(lens, found),
    ]


def _satisfaction_figures(lens: Lens, found: Mapping[str, Any]) -> list[Kpi]:
    mean = found["satisfaction"]
    return [
        Kpi(
            _("Satisfaction"),
            f"{mean:+.2f}".replace("-", "\N{MINUS SIGN}") if mean is not None else "–",
            "",
            _("perceived − expected"),
            "bad" if mean is not None and mean < 0 else "",
            _answered(lens),
        ),
        Kpi(
            _("Asks for us by name"),
            f"{found['preference'] * 100:.0f}" if found["preference"] is not None else "–",
            "%",
            _("thinks well of us %(share)s%%")
            % {"share": f"{found['reputation'] * 100:.0f}" if found["reputation"] is not None else "–"},
            "",
            _answered(lens, ["preference", "is", True]),
        ),
    ]


def share_figure(number: float | None) -> str:
    """Return a share as key figures write it."""
    return "–" if number is None else f"{number:.1f}"


def share_tone(number: float | None) -> str:
    """Return the tone of a share of promises kept."""
    return "warn" if number is not None and number < TARGET else ""
