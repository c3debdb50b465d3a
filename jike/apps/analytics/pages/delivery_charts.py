"""Charts of delivery: steps under way and overdue, orders completed and in time."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jike.apps.analytics.pages.charts import Chart, Kpi, Series, list_of
from jike.apps.analytics.pages.service_charts import TARGET, share, share_figure, share_tone
from jike.apps.analytics.queries import boards
from jike.apps.analytics.queries.lens import Lens
from jike.apps.ordering.models.labels import STEPS
from jike.values.period import add_months

__all__ = ["deliveries", "delivery_figures", "steps"]

GOING_ON = ["state", "in", ["ready", "running", "failed"]]
OVERDUE, IN_TIME = ["due_at", "before", "0h"], ["due_at", "after", "0h"]


def steps(lens: Lens) -> Chart:
    """Service tasks under way by step, overdue ones apart."""
    found = {step: (number, late) for step, number, late in boards.delivery_steps(lens)}
    known = [one for one in STEPS if one in found]
    late = sum(found[one][1] for one in known)

    def behind(*more: Sequence[object]) -> list[str]:
        return [
            list_of(lens, "service-tasks", [["step", "in", [str(one)]], GOING_ON, *more]) for one in known
        ]

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
            Series(_("overdue"), [found[one][1] for one in known], "bad-dot", behind(OVERDUE)),
            Series(_("in time"), [found[one][0] - found[one][1] for one in known], "d6", behind(IN_TIME)),
        ],
        behind(),
        stacked=True,
        empty=_("Nothing is being delivered."),
    )


def deliveries(lens: Lens) -> tuple[Chart, Chart]:
    """Orders completed month by month, and the share completed by the promised day."""
    found = boards.deliveries_by_month(lens)
    marks = [f"{month:%y-%m}" for month, _number, _well in found]
    links = [_completed(lens, month) for month, _number, _well in found]
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


def _completed(lens: Lens, first: dt.date, last: dt.date | None = None) -> str:
    """Lead to the orders completed from one month to another."""
    until = add_months(last or first, 1) - dt.timedelta(days=1)
    within = ["completed_on", "between", [first.isoformat(), until.isoformat()]]
    return list_of(lens, "orders", [["state", "in", ["completed"]], within], sort="-completed_on")


def delivery_figures(lens: Lens) -> list[Kpi]:
    """Return the key figures of delivery."""
    found = boards.delivery_figures(lens)
    this = lens.today.replace(day=1)
    lately = _completed(lens, add_months(this, -2), this)
    in_share = share(found["well"], found["completed"])
    return [
        Kpi(
            _("Orders under way"),
            f"{found['orders']:,}",
            "",
            "",
            "",
            list_of(lens, "orders", [["state", "in", ["running", "held"]]]),
        ),
        Kpi(
            _("Steps under way"),
            f"{found['steps']:,}",
            "",
            "",
            "",
            list_of(lens, "service-tasks", [GOING_ON]),
        ),
        Kpi(
            _("Steps overdue"),
            f"{found['late']:,}",
            "",
            "",
            "bad" if found["late"] else "",
            list_of(lens, "service-tasks", [GOING_ON, OVERDUE]),
        ),
        Kpi(_("Completed in three months"), f"{found['completed']:,}", "", "", "", lately),
        Kpi(
            _("Completed in time"),
            share_figure(in_share),
            "%",
            _("target %(target)s") % {"target": TARGET},
            share_tone(in_share),
        ),
    ]
