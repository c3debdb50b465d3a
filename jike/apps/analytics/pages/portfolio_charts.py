"""Charts of revenue, retention, units, health, warnings, agreements, opportunities; each title says the finding."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from jike.apps.analytics import queries
from jike.apps.analytics.models.labels import KINDS
from jike.apps.analytics.pages.charts import Chart, Kpi, Series, list_of
from jike.apps.analytics.queries import boards
from jike.apps.analytics.queries.figures import Totals
from jike.apps.analytics.queries.lens import Lens
from jike.apps.catalogue.models.labels import FAMILIES
from jike.apps.sales.models.labels import STAGES
from jike.apps.sales.rules import OPEN
from jike.foundation.resource.presenting import in_wan
from jike.values.period import add_months

__all__ = [
    "agreements",
    "families",
    "funnel",
    "health",
    "portfolio_figures",
    "retention",
    "revenue",
    "units",
    "warnings",
]

GRADES = ("A1", "A2", "B1", "B2", "C", "D")
RETENTION_TARGET = Decimal(95)
"""【Default】 Percent of the snapshot's revenue to be kept."""
UNSETTLED = ["state", "in", ["open", "answering"]]
OVERDUE, IN_TIME = ["due_at", "before", "0h"], ["due_at", "after", "0h"]
BANDS = (["health", "gte", 80], ["health", "between", [60, 79]], ["health", "lt", 60])
"""Healthy, to be watched, at risk, as portfolios are added up."""


def wan(amount: Decimal) -> float:
    """Return 万元 as a chart draws them."""
    return float((amount / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP))


def percent(share: Decimal | None) -> float | None:
    """Return a share as percent with one decimal."""
    return None if share is None else float((share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP))


def signed(number: Decimal) -> str:
    """Return a change in percent with its sign, a true minus."""
    return f"{number:+.1f}%".replace("-", "\N{MINUS SIGN}")


def revenue(lens: Lens, months: list[Totals]) -> Chart:
    """Revenue month by month; each month leads to its bills."""
    title = _("Revenue by month")
    if len(months) > 1 and months[-2].revenue:
        change = (months[-1].revenue - months[-2].revenue) / months[-2].revenue * 100
        words = {"amount": in_wan(months[-1].revenue), "month": f"{months[-1].month:%m}".lstrip("0")}
        rising = (
            _("Month %(month)s: revenue up to %(amount)s")
            if change >= 0
            else _("Month %(month)s: revenue down to %(amount)s")
        )
        title = rising % words
    return Chart(
        "revenue",
        title,
        _("×10k yuan a month"),
        "bars",
        [f"{one.month:%y-%m}" for one in months],
        [Series(_("Revenue"), [wan(one.revenue) for one in months])],
        [_bills(lens, one.month) for one in months],
    )


def _bills(lens: Lens, month: dt.date) -> str:
    """Lead to the bills of a month, which add up to its revenue."""
    of = ["month", "on", month.isoformat()]
    return list_of(lens, "bills", [of], unit="customer__unit", sort="-amount")


def retention(lens: Lens, months: list[Totals]) -> Chart:
    """Revenue of the snapshot's customers against what they brought before, month by month."""
    known = [
        one for one in months if one.revenue_kept is not None and one.month.year == months[-1].month.year
    ]
    last = percent(known[-1].revenue_kept) if known else None
    below = last is not None and last < RETENTION_TARGET
    title = _("Revenue kept of the snapshot")
    if last is not None:
        sentence = (
            _("Revenue kept is %(share)s%%, below %(target)s%%")
            if below
            else _("Revenue kept is %(share)s%%")
        )
        title = sentence % {"share": last, "target": RETENTION_TARGET}
    return Chart(
        "retention",
        title,
        "%",
        "lines",
        [f"{one.month:%y-%m}" for one in known],
        [
            Series(_("Revenue kept"), [percent(one.revenue_kept) for one in known]),
            Series(_("Customers kept"), [percent(one.customers_kept) for one in known], "d3"),
        ],
        [list_of(lens, "customers", [["state", "in", ["lost", "silent"]]])] * len(known),
        target=float(RETENTION_TARGET),
        empty=_("The first snapshot is taken at the end of the month."),
    )


def units(lens: Lens, month: dt.date) -> Chart | None:
    """Revenue of the units directly below, most first; each leads to its customers."""
    top = lens.unit
    if top is None:
        return None
    lines = queries.by_unit(top, month, limit=12)
    english = (get_language() or "").startswith("en")
    names = [one.name_en if english and one.name_en else one.name for one in lines]
    low = [one for one in lines if one.kept is not None and one.kept * 100 < RETENTION_TARGET]
    title = ngettext(
        "One unit keeps less than %(target)s%% of its revenue",
        "%(number)s units keep less than %(target)s%% of their revenue",
        len(low),
    ) % {"number": len(low), "target": RETENTION_TARGET}
    return Chart(
        "units",
        title if low else _("Revenue by unit"),
        _("×10k yuan a month"),
        "rows",
        names,
        [Series(_("Revenue"), [wan(one.revenue) for one in lines])],
        [
            list_of(
                lens,
                "customers",
                [["unit", "in" if one.uid == top.uid else "under", [str(one.uid)]]],
                sort="-monthly_revenue",
            )
            for one in lines
        ],
        accent=0,
        empty=_("No unit below has customers."),
    )


def health(lens: Lens, month: dt.date) -> Chart:
    """Customers by grade and health; each part of a grade leads to its customers."""
    found = queries.by_grade(lens.portfolio(), month)
    grades = [one for one in GRADES if one in found]
    parts = {one: found[one] for one in grades}
    worst = max(grades, key=lambda one: parts[one][2] / max(1, sum(parts[one])), default="")
    title = _("Customers by health")
    if worst and parts[worst][2]:
        title = _("Grade %(grade)s has the highest share at risk") % {"grade": worst}
    bands = ((_("healthy"), "ok-dot"), (_("watch"), "warn-dot"), (_("at risk"), "bad-dot"))
    return Chart(
        "health",
        title,
        _("customers"),
        "rows",
        grades,
        [
            Series(
                name,
                [parts[one][place] for one in grades],
                tone,
                [list_of(lens, "customers", [["grade", "in", [one]], BANDS[place]]) for one in grades],
            )
            for place, (name, tone) in enumerate(bands)
        ],
        [list_of(lens, "customers", [["grade", "in", [one]], ["health", "filled"]]) for one in grades],
        stacked=True,
        empty=_("Health follows from the monthly bills."),
    )


def warnings(lens: Lens) -> Chart:
    """Warnings that wait, by kind; each leads to its list."""
    found = boards.waiting_warnings(lens)
    late = sum(overdue for _kind, _number, overdue in found)

    def behind(*more: Sequence[object]) -> list[str]:
        return [list_of(lens, "warnings", [UNSETTLED, ["sign", "in", [kind]], *more]) for kind, *_ in found]

    title = _("Warnings that wait")
    if late:
        title = ngettext("One warning is overdue", "%(number)s warnings are overdue", late) % {"number": late}
    return Chart(
        "warnings",
        title,
        _("warnings"),
        "rows",
        [str(KINDS[kind]) for kind, _number, _late in found],
        [
            Series(_("overdue"), [late for *_, late in found], "bad-dot", behind(OVERDUE)),
            Series(_("in time"), [number - late for _kind, number, late in found], "d6", behind(IN_TIME)),
        ],
        behind(),
        stacked=True,
        empty=_("No warning waits."),
    )


def agreements(lens: Lens) -> Chart:
    """Monthly revenue of agreements by the month in which they end, begun renewals apart."""
    found = boards.agreements_ending(lens)
    most = max(found, key=lambda one: one[1] + one[2])
    idle = sum((one[2] for one in found), Decimal(0))
    total = sum((one[1] + one[2] for one in found), Decimal(0))
    title = _("No agreement ends within a year")
    if total:
        words = {"month": f"{most[0]:%Y-%m}", "share": f"{idle / total * 100:.0f}"}
        title = _("Most ends in %(month)s; for %(share)s%% no renewal has begun") % words
    return Chart(
        "agreements",
        title,
        _("×10k yuan a month"),
        "bars",
        [f"{one[0]:%y-%m}" for one in found],
        [
            Series(_("renewal begun"), [wan(one[1]) for one in found], "d6"),
            Series(_("not begun"), [wan(one[2]) for one in found], "d1"),
        ],
        [list_of(lens, "agreements", _ending(one[0], lens.today)) for one in found],
        stacked=True,
    )


def _ending(month: dt.date, today: dt.date) -> list[list[object]]:
    first, last = max(month, today), add_months(month, 1) - dt.timedelta(days=1)
    return [["state", "in", ["active"]], ["ends_on", "between", [first.isoformat(), last.isoformat()]]]


def funnel(lens: Lens) -> Chart:
    """Open opportunities by stage; each leads to its list."""
    known = {stage: (number, amount) for stage, number, amount in boards.funnel(lens)}
    stages = [one for one in OPEN if one in known]
    total = sum((known[one][1] for one in stages), Decimal(0))
    number = sum(known[one][0] for one in stages)
    title = _("%(number)s open opportunities, %(amount)s ×10k yuan") % {
        "number": number,
        "amount": in_wan(total),
    }
    return Chart(
        "funnel",
        title if number else _("No open opportunity"),
        _("×10k yuan"),
        "rows",
        [str(STAGES[one]) for one in stages],
        [Series(_("Amount"), [wan(known[one][1]) for one in stages])],
        [list_of(lens, "opportunities", [["stage", "in", [str(one)]]]) for one in stages],
        empty=_("Open one from a customer's page."),
    )


def families(lens: Lens) -> Chart:
    """Monthly price of active products by family; each leads to its products."""
    found = boards.families(lens)[:10]
    total = sum((amount for _name, amount, _number in found), Decimal(0))
    title = _("Products by family")
    if found and total:
        share = found[0][1] / total * 100
        title = _("%(family)s brings %(share)s%%") % {
            "family": FAMILIES[found[0][0]],
            "share": f"{share:.0f}",
        }
    return Chart(
        "families",
        title,
        _("×10k yuan a month"),
        "rows",
        [str(FAMILIES.get(name, name)) for name, _amount, _number in found],
        [Series(_("Monthly price"), [wan(amount) for _name, amount, _number in found])],
        [
            list_of(lens, "products", [["state", "in", ["active"]], ["offering__family", "in", [name]]])
            for name, *_ in found
        ],
        accent=0,
        empty=_("No product is active yet."),
    )


def portfolio_figures(lens: Lens, months: list[Totals]) -> list[Kpi]:
    """Return the key figures of a portfolio: revenue, retention, arrears, warnings."""
    last = months[-1]
    before = months[-2].revenue if len(months) > 1 else Decimal(0)
    change = (last.revenue - before) / before * 100 if before else None
    found = boards.waiting_warnings(lens)
    waiting, late = sum(one[1] for one in found), sum(one[2] for one in found)
    kept, left = percent(last.revenue_kept), percent(last.customers_kept)
    brought = list_of(lens, "customers", [["monthly_revenue", "gt", 0]], sort="-monthly_revenue")
    wanting = list_of(lens, "customers", [["arrears", "gt", 0]], sort="-arrears")
    return [
        Kpi(
            _("Billed revenue"),
            in_wan(last.revenue),
            _("×10k yuan"),
            _("month before %(change)s") % {"change": signed(change)} if change is not None else "",
            "bad" if change is not None and change < -5 else "",
            _bills(lens, last.month),
        ),
        Kpi(
            _("Revenue kept"),
            f"{kept:.1f}" if kept is not None else "–",
            "%",
            _("target %(target)s") % {"target": RETENTION_TARGET},
            "warn" if kept is not None and kept < RETENTION_TARGET else "",
        ),
        Kpi(
            _("Customers kept"),
            f"{left:.1f}" if left is not None else "–",
            "%",
            _("since the year's snapshot"),
        ),
        Kpi(
            _("Customers billed"),
            f"{last.customers:,}",
            "",
            _("at risk %(number)s") % {"number": last.danger},
            "",
            brought,
        ),
        Kpi(_("Arrears"), in_wan(last.arrears), _("×10k yuan"), "", "warn" if last.arrears else "", wanting),
        Kpi(
            _("Warnings that wait"),
            f"{waiting:,}",
            "",
            _("overdue %(number)s") % {"number": late} if late else "",
            "bad" if late else "",
            list_of(lens, "warnings", [UNSETTLED]),
        ),
    ]
