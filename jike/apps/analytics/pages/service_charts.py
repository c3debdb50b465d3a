"""Charts of service and delivery: tickets, promises kept, causes, satisfaction; steps under way, orders in time."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jike.apps.analytics.pages.charts import Chart, Kpi, Series, list_of
from jike.apps.analytics.queries import boards
from jike.apps.analytics.queries.lens import Lens
from jike.apps.ordering.models.labels import STEPS
from jike.apps.servicedesk.models.labels import CAUSES, KINDS
from jike.apps.servicedesk.rules import Kind
from jike.values.period import add_months

__all__ = [
    "causes",
    "deliveries",
    "delivery_figures",
    "in_time",
    "running",
    "satisfaction",
    "service_figures",
    "steps",
    "tickets",
]

TARGET = 95
"""【Default】 Percent of promises to be kept."""
LIVE = ["state", "in", ["open", "handling", "waiting"]]


def share(part: int, whole: int) -> float | None:
    """Return percent with one decimal; None of nothing."""
    return round(part / whole * 100, 1) if whole else None


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
        [Series(str(KINDS[kind]), [one[kind] for one in months], tone) for kind, tone in tones.items()],
        [
            list_of(
                "tickets",
                [["opened_at", "between", _month(one["month"])]],
                scope=lens.scope,
                sort="-opened_at",
            )
            for one in months
        ],
        stacked=True,
        empty=_("No ticket was opened yet."),
    )


def _month(first: Any) -> list[str]:
    return [first.isoformat(), (add_months(first, 1) - dt.timedelta(days=1)).isoformat()]


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
        [
            list_of(
                "tickets",
                [["opened_at", "between", _month(one["month"])], ["settled_in_time", "is", False]],
                scope=lens.scope,
            )
            for one in months
        ],
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
        [
            list_of("tickets", [["state", "in", ["waiting"]] if one == "waiting" else LIVE], scope=lens.scope)
            for one in places
        ],
        accent=0,
    )


def causes(lens: Lens) -> Chart:
    """What tickets of three months were about, complaints apart."""
    found = boards.tickets_by_cause(lens)
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
            Series(str(KINDS[Kind.COMPLAINT]), [complaints for _one, _number, complaints in found]),
            Series(_("others"), [number - complaints for _one, number, complaints in found], "d6"),
        ],
        [
            list_of("tickets", [["cause", "in", [one]]], scope=lens.scope, sort="-opened_at")
            for one, *_ in found
        ],
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
        [name for _uid, name, _mean, _number in found],
        [Series(_("satisfaction"), [float(round(mean, 2)) for _uid, _name, mean, _number in found])],
        [
            list_of("surveys", [["state", "in", ["answered"]]], scope=lens.scope, sort="satisfaction")
            for _ in found
        ],
        accent=0,
        empty=_("No survey was answered within a year."),
    )


def service_figures(lens: Lens) -> list[Kpi]:
    """Return the key figures of service in this month and the last; satisfaction within a year."""
    found, now = boards.service_figures(lens), boards.running_tickets(lens)
    answered, settled = (
        share(found["answered_well"], found["answered"]),
        share(found["settled_well"], found["settled"]),
    )
    mean = found["satisfaction"]
    return [
        Kpi(
            _("Running tickets"),
            f"{sum(now.values()):,}",
            "",
            _("overdue %(number)s") % {"number": now["overdue"]} if now["overdue"] else "",
            "bad" if now["overdue"] else "",
            list_of("tickets", [LIVE], scope=lens.scope),
        ),
        Kpi(
            _("Opened this month"),
            f"{found['opened']:,}",
            "",
            _("last month %(number)s") % {"number": f"{found['opened_before']:,}"},
            "",
            list_of("tickets", scope=lens.scope, sort="-opened_at"),
        ),
        Kpi(_("Answered in time"), _figure(answered), "%", _("within 10 minutes"), _tone(answered)),
        Kpi(
            _("Settled in time"),
            _figure(settled),
            "%",
            _("target %(target)s") % {"target": TARGET},
            _tone(settled),
            list_of("tickets", [["settled_in_time", "is", False]], scope=lens.scope, sort="-opened_at"),
        ),
        Kpi(
            _("Satisfaction"),
            f"{mean:+.2f}".replace("-", "\N{MINUS SIGN}") if mean is not None else "–",
            "",
            _("perceived − expected"),
            "bad" if mean is not None and mean < 0 else "",
            list_of("surveys", [["state", "in", ["answered"]]], scope=lens.scope),
        ),
        Kpi(
            _("Asks for us by name"),
            f"{found['preference'] * 100:.0f}" if found["preference"] is not None else "–",
            "%",
            _("thinks well of us %(share)s%%")
            % {"share": f"{found['reputation'] * 100:.0f}" if found["reputation"] is not None else "–"},
        ),
    ]


def steps(lens: Lens) -> Chart:
    """Service tasks under way by step, overdue ones apart."""
    found = {step: (number, late) for step, number, late in boards.delivery_steps(lens)}
    known = [one for one in STEPS if one in found]
    late = sum(found[one][1] for one in known)
    title = _("No step is overdue")
    if late:
        title = ngettext("One step is overdue", "%(number)s steps are overdue", late) % {"number": late}
    return Chart(
        "steps",
        title,
        _("service tasks"),
        "rows",
        [str(STEPS[one]) for one in known],
        [
            Series(_("overdue"), [found[one][1] for one in known], "bad-dot"),
            Series(_("in time"), [found[one][0] - found[one][1] for one in known], "d6"),
        ],
        [
            list_of(
                "service-tasks",
                [["step", "in", [str(one)]], ["state", "in", ["ready", "running", "failed"]]],
                scope=lens.scope,
            )
            for one in known
        ],
        stacked=True,
        empty=_("Nothing is being delivered."),
    )


def deliveries(lens: Lens) -> tuple[Chart, Chart]:
    """Orders completed month by month, and the share completed by the promised day."""
    found = boards.deliveries_by_month(lens)
    marks = [f"{month:%y-%m}" for month, _number, _well in found]
    links = [
        list_of(
            "orders",
            [["state", "in", ["completed"]], ["completed_on", "between", _month(month)]],
            scope=lens.scope,
        )
        for month, _number, _well in found
    ]
    shares = [share(well, number) for _month, number, well in found]
    last = shares[-1] if shares else None
    title = _("Orders in time")
    if last is not None:
        title = _("%(share)s%% of last month's orders came in time") % {"share": last}
    many = Chart(
        "completed",
        _("Orders completed by month"),
        _("orders"),
        "bars",
        marks,
        [Series(_("Orders"), [number for _month, number, _well in found])],
        links,
        empty=_("No order was completed yet."),
    )
    well = Chart(
        "delivered",
        title,
        "%",
        "lines",
        marks,
        [Series(_("in time"), shares)],
        links,
        target=TARGET,
        empty=_("No order was completed yet."),
    )
    return many, well


def delivery_figures(lens: Lens) -> list[Kpi]:
    """Return the key figures of delivery."""
    found = boards.delivery_figures(lens)
    ready = ["state", "in", ["ready", "running", "failed"]]
    in_share = share(found["well"], found["completed"])
    return [
        Kpi(
            _("Orders under way"),
            f"{found['orders']:,}",
            "",
            "",
            "",
            list_of("orders", [["state", "in", ["running", "held"]]], scope=lens.scope),
        ),
        Kpi(
            _("Steps under way"),
            f"{found['steps']:,}",
            "",
            "",
            "",
            list_of("service-tasks", [ready], scope=lens.scope),
        ),
        Kpi(
            _("Steps overdue"),
            f"{found['late']:,}",
            "",
            "",
            "bad" if found["late"] else "",
            list_of("service-tasks", [ready, ["due_at", "before", "0d"]], scope=lens.scope),
        ),
        Kpi(_("Completed in three months"), f"{found['completed']:,}"),
        Kpi(
            _("Completed in time"),
            _figure(in_share),
            "%",
            _("target %(target)s") % {"target": TARGET},
            _tone(in_share),
        ),
    ]


def _figure(number: float | None) -> str:
    return "–" if number is None else f"{number:.1f}"


def _tone(number: float | None) -> str:
    return "warn" if number is not None and number < TARGET else ""
