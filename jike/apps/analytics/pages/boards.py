"""The boards: one page per way of looking, each a strip of key figures and charts that lead to lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.analytics import queries
from jike.apps.analytics.models import LEAD, VIEW
from jike.apps.analytics.pages import delivery_charts
from jike.apps.analytics.pages import portfolio_charts as money
from jike.apps.analytics.pages import service_charts as service
from jike.apps.analytics.pages.charts import Chart, Kpi
from jike.apps.analytics.queries import boards
from jike.apps.analytics.queries.lens import Lens
from jike.apps.analytics.queries.unit_months import counted_at
from jike.apps.organisation.models import Unit
from jike.apps.organisation.queries.units import children_of, path_of
from jike.foundation.errors import NotFound
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.scope import Actor, visible

__all__ = ["BOARDS", "first", "show"]

Content = tuple[Sequence[Kpi], Sequence[Chart | None]]


@dataclass(frozen=True)
class Board:
    """One way of looking: who may (all of ``needs``), whether over units, and what it shows."""

    name: str
    label: str | Promise
    needs: tuple[str, ...]
    team: bool
    content: Callable[[Lens], Content]
    of: str = ""
    """Of its counts the one whose age it tells; "" where the months of portfolios are what it shows."""


def portfolio(lens: Lens) -> Content:
    """One's own customers."""
    months = queries.by_month(lens.portfolio())
    if not months:
        return (), (money.funnel(lens), money.warnings(lens), money.agreements(lens))
    last = months[-1].month
    return money.portfolio_figures(lens, months), (
        money.revenue(lens, months),
        money.health(lens, last),
        money.warnings(lens),
        money.funnel(lens),
        money.agreements(lens),
        money.families(lens),
    )


def units(lens: Lens) -> Content:
    """All customers of a unit and below it."""
    months = queries.by_month(lens.portfolio())
    if not months:
        return (), (money.funnel(lens), money.warnings(lens), money.agreements(lens))
    last = months[-1].month
    return money.portfolio_figures(lens, months), (
        money.revenue(lens, months),
        money.units(lens, last),
        money.retention(lens, months),
        money.families(lens),
        money.agreements(lens),
        money.health(lens, last),
        money.warnings(lens),
        money.funnel(lens),
    )


def tickets(lens: Lens) -> Content:
    """Service: promises kept and customers satisfied."""
    months = boards.tickets_by_month(lens)
    return service.service_figures(lens), (
        service.running(lens),
        service.tickets(lens, months),
        service.in_time(lens, months),
        service.causes(lens),
        service.satisfaction(lens),
    )


def delivery(lens: Lens) -> Content:
    """Delivery: what is under way, and what came in time."""
    return delivery_charts.delivery_figures(lens), (
        delivery_charts.steps(lens),
        *delivery_charts.deliveries(lens),
    )


BOARDS: Mapping[str, Board] = {
    one.name: one
    for one in (
        Board("mine", _("My customers"), (VIEW, "customers.customer:change"), False, portfolio),
        Board("units", pgettext_lazy("board", "Business of units"), (LEAD,), True, units),
        Board(
            "service",
            pgettext_lazy("board", "Service"),
            (VIEW, "servicedesk.survey:view"),
            True,
            tickets,
            "tickets",
        ),
        Board(
            "delivery",
            pgettext_lazy("board", "Delivery"),
            (VIEW, "ordering.servicetask:view"),
            True,
            delivery,
            "orders",
        ),
    )
}


@page("GET", permission=VIEW)
def first(request: PageRequest) -> HttpResponse:
    """Show the board that fits best: of units for those who lead them, of service or delivery for those who do that."""
    known = open_to(request.actor)
    order: tuple[str, ...] = ("units", "mine", "service", "delivery")
    if not request.actor.holds("analytics.earlywarning:view"):
        order = (
            ("delivery", "service")
            if not request.actor.holds("servicedesk.ticket:add")
            else ("service", "delivery")
        )
    name = next((one for one in order if one in known), "")
    if not name:
        raise NotFound
    return _shown(request, BOARDS[name])


@page("GET", permission=VIEW)
def show(request: PageRequest, name: str) -> HttpResponse:
    """Show one board, of one unit where the address names it."""
    board = open_to(request.actor).get(name)
    if board is None:
        raise NotFound
    return _shown(request, board)


def open_to(actor: Actor) -> dict[str, Board]:
    """Return the boards that the actor may see."""
    return {name: one for name, one in BOARDS.items() if all(actor.holds(need) for need in one.needs)}


def _shown(request: PageRequest, board: Board) -> HttpResponse:
    actor = request.actor
    unit = _unit(request) if board.team else None
    lens = Lens(actor, board.team, timezone.now(), timezone.localdate(), unit)
    figures, charts = board.content(lens)
    context: dict[str, Any] = {
        "board": board,
        "boards": open_to(actor).values(),
        "figures": figures,
        "charts": [one for one in charts if one is not None],
        "month": queries.latest_month() if not board.of else None,
        "counted": counted_at(lens, board.of) if board.of else None,
        "unit": unit,
        "above": path_of(unit, actor) if unit else [],
        "below": list(children_of(unit, actor)) if unit else [],
    }
    return render(request, "analytics/board.html", context)


def _unit(request: PageRequest) -> Unit | None:
    """Return the unit in the address, else the highest that the reader leads."""
    given = request.GET.get("unit", "")
    if not given:
        return queries.heads_unit(request.actor)
    try:
        found = visible(Unit, request.actor).filter(uid=UUID(given)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found
