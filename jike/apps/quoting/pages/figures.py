"""What stands beside and below the grid of a quote: totals, the ladder of authority, the path, the precedents."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.quoting import queries
from jike.apps.quoting.models import Quote
from jike.apps.quoting.models.labels import LEVELS, REASONS
from jike.apps.quoting.rules import Authority, Level, Line, Reason, Totals, totals
from jike.foundation.resource.presenting import in_wan
from jike.foundation.scope import Actor

__all__ = ["figures", "ladder", "percent_words", "reach_words", "scale", "typed_totals"]

LEFT, RIGHT = 60, 100
"""The discounts that the scale of precedents shows, in percent."""
WIDTH = 300


class Rung(NamedTuple):
    """A level on the ladder: its words, what it may grant, and whether it is passed, needed, or not reached."""

    label: Any
    reach: str
    place: str


def typed_totals(rows: Sequence[Mapping[str, Any]]) -> Totals:
    """Return what the rows of a grid add up to as they are typed."""
    return totals(
        Line(
            quantity=row["quantity"] if isinstance(row.get("quantity"), int) else 1,
            list_price=row["list_price"],
            discount=min(max(Decimal(row["discount"]) / 100, Decimal(0)), Decimal(1)),
            one_off=row["one_off_price"],
            floor=row["floor"],
            cost=row["cost"],
        )
        for row in rows
    )


def figures(quote: Quote, sums: Totals) -> dict[str, Any]:
    """Return the totals in 万元 and the verdict with its ladder."""
    authority = queries.authority_of(quote)
    verdict = authority.verdict(sums.offer)
    return {
        "quote": quote,
        "monthly": in_wan(sums.monthly),
        "one_off": in_wan(sums.one_off),
        "yearly": in_wan(sums.yearly),
        "whole": in_wan(sums.over(quote.term_months)),
        "saved": in_wan((sums.list_monthly - sums.monthly) * quote.term_months),
        "discount": percent_words(sums.discount),
        "lowest": percent_words(sums.lowest),
        "below_floor": sums.below_floor,
        "level": LEVELS[verdict.level],
        "own": verdict.level is Level.MANAGER,
        "reasons": [REASONS[one] for one in verdict.reasons],
        "rungs": ladder(verdict.level, authority),
        "advice": _advice(verdict.level, verdict.reasons, authority),
    }


def ladder(needed: Level | None, authority: Authority) -> list[Rung]:
    """Return every level of authority with what it may grant."""
    return [
        Rung(
            LEVELS[level],
            reach_words(level, authority),
            "on" if level is needed else "pass" if needed is not None and level.rank < needed.rank else "",
        )
        for level in Level
    ]


def percent_words(ratio: Decimal) -> str:
    """Return a ratio as people read it: 72%, 81.25%."""
    return f"{(ratio * 100).normalize():f}%"


def scale(quote: Quote, found: Sequence[queries.Precedent]) -> dict[str, Any]:
    """Return the places of precedents, of the floor and of this quote's cheapest line on the scale."""
    lines = [one for one in queries.lines_of(quote) if one.list_price]
    cheapest = min(lines, key=lambda one: one.discount, default=None)
    floor = cheapest.floor / cheapest.list_price * 100 if cheapest and cheapest.floor else None
    return {
        "width": WIDTH,
        "end": WIDTH - 8,
        "ticks": [(_place(Decimal(mark)), f"{mark}%") for mark in range(LEFT, RIGHT + 1, 10)],
        "dots": [(_place(one.quote.lowest_discount), one.accepted) for one in found],
        "mine": _place(quote.lowest_discount),
        "mine_word": percent_words(quote.lowest_discount / 100),
        "floor": None if floor is None else _place(floor),
        "floor_word": "" if floor is None else percent_words((floor / 100).quantize(Decimal("0.001"))),
        "precedents": [
            (one, percent_words(one.quote.lowest_discount / 100), in_wan(one.quote.monthly_amount))
            for one in found
        ],
    }


def beside(quote: Quote, actor: Actor) -> dict[str, Any]:
    """Return the path of approval (asked, or as it would be) and the precedents."""
    steps = queries.path_of(quote)
    planned = [] if steps else queries.planned_path(quote, Level(quote.level), actor)
    today = timezone.localdate()
    return {
        "quote": quote,
        "steps": steps,
        "planned": planned,
        "hours": sum(one.hours for one in planned),
        "scale": scale(quote, queries.precedents(quote, actor, on=today)),
    }


def _place(percent: Decimal) -> int:
    within = min(max(percent, Decimal(LEFT)), Decimal(RIGHT))
    return int(8 + (within - LEFT) / (RIGHT - LEFT) * (WIDTH - 16))


def reach_words(level: Level, authority: Authority) -> str:
    """Return which shares of the list price the level grants, in words."""
    above = [authority.least[one] for one in authority.least if one.rank < level.rank]
    if level is Level.MANAGER:
        return _("%(least)s and above") % {"least": percent_words(authority.least[level])}
    if level is Level.HEADQUARTERS:
        return _("below %(most)s, or the floor") % {"most": percent_words(min(above))}
    words = {"least": percent_words(authority.least[level]), "most": percent_words(min(above))}
    return _("%(least)s to %(most)s") % words


def _advice(level: Level, reasons: Sequence[Reason], authority: Authority) -> str:
    if level is Level.MANAGER or tuple(reasons) != (Reason.DISCOUNT,):
        return ""
    lower = list(Level)[level.rank - 1]
    words = {"least": percent_words(authority.least[lower]), "level": LEVELS[lower]}
    return _("At %(least)s or more in every line “%(level)s” suffices.") % words
