"""Walking the links of boards: what a mark says beside what the list behind it adds up to."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from django.db.models import QuerySet, Sum
from django.utils import timezone

from jike.apps.analytics.pages.boards import open_to
from jike.apps.analytics.pages.charts import Chart, Kpi
from jike.apps.analytics.pages.portfolio_charts import wan
from jike.apps.analytics.queries.lens import Lens
from jike.apps.organisation.models import Unit
from jike.foundation.resource.listing import matching
from jike.foundation.resource.registry import all_resources
from jike.foundation.resource.state import read_state
from jike.foundation.scope import Actor

__all__ = ["Compared", "compared", "rows_behind"]

SUMMED = {
    "revenue": {"bills": "amount"},
    "units": {"customers": "monthly_revenue"},
    "agreements": {"agreements": "monthly_amount"},
    "funnel": {"opportunities": "amount"},
    "families": {"products": "monthly_amount"},
}
"""Chart → resource → the field that its marks add up, in 10,000 yuan; others count rows."""
SUMS = {"bills": "amount", "customers": "arrears"}


def rows_behind(link: str, actor: Actor) -> tuple[str, QuerySet[Any]]:
    """Return the slug and the rows of the list behind a link."""
    slug = urlsplit(link).path.strip("/")
    resource = all_resources()[slug]
    state = read_state(resource, dict(parse_qsl(urlsplit(link).query)), actor)
    return slug, matching(resource, state, actor, today=timezone.localdate())


class Compared(NamedTuple):
    """What a board tells under a name, and what the list behind it adds up to."""

    name: str
    link: str
    told: float
    found: float


def compared(actor: Actor, unit: Unit | None) -> Iterator[Compared]:
    """Follow every link of every board that the actor may open, looking at ``unit``."""
    for name, board in open_to(actor).items():
        lens = Lens(actor, board.team, timezone.now(), timezone.localdate(), unit if board.team else None)
        figures, charts = board.content(lens)
        parts = [one for figure in figures for one in _of_figure(figure, actor)]
        parts += [one for chart in charts if chart for one in _of_chart(chart, actor)]
        yield from (one._replace(name=f"{name} {one.name}") for one in parts)


def _of_figure(figure: Kpi, actor: Actor) -> Iterator[Compared]:
    if not figure.link or figure.unit == "%" or not figure.figure.replace(",", "").replace(".", "").isdigit():
        return
    slug, rows = rows_behind(figure.link, actor)
    told = Decimal(figure.figure.replace(",", ""))
    found = _sum(rows, SUMS[slug]) if figure.unit else rows.count()
    yield Compared(figure.label, figure.link, float(told), float(found))


def _of_chart(chart: Chart, actor: Actor) -> Iterator[Compared]:
    """Compare each mark with its list; sums of several parts, each rounded, may differ by a fen of 万元 each."""
    if chart.unit == "%" or chart.name == "satisfaction":
        return
    for mark, link, values in chart.rows:
        parts = [(value, behind) for value, behind in values if behind]
        whole = sum(value or 0 for value, _behind in values)
        for told, behind in [*parts, (whole, link)] if link else parts:
            slug, rows = rows_behind(behind, actor)
            field = SUMMED.get(chart.name, {}).get(slug)
            found = _sum(rows, field) if field else float(rows.count())
            near = field and abs(found - told) < 0.011 * len(values)
            yield Compared(
                f"{chart.name} {mark}", behind, float(told or 0), float(told or 0) if near else found
            )


def _sum(rows: QuerySet[Any], field: str) -> float:
    return wan(rows.aggregate(sum=Sum(field))["sum"] or Decimal(0))
