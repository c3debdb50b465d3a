"""The health of a customer from its months: a plain rule, so that everybody can see why the figure is what it is.

【Default, not a published standard】 A customer begins at 100 and loses points for each sign of trouble. What was found
is named, heaviest first, so that the page can say it in words.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

__all__ = ["DEDUCTIONS", "Health", "HealthChange", "Reason", "health", "health_band", "health_change"]


class Reason(StrEnum):
    """A sign of trouble."""

    NO_REVENUE = "no_revenue"
    ARREARS_HEAVY = "arrears_heavy"
    ARREARS = "arrears"
    REVENUE_COLLAPSED = "revenue_collapsed"
    REVENUE_FELL = "revenue_fell"
    LINES_FELL = "lines_fell"


DEDUCTIONS = {
    Reason.NO_REVENUE: 50,
    Reason.ARREARS_HEAVY: 35,
    Reason.REVENUE_COLLAPSED: 30,
    Reason.ARREARS: 15,
    Reason.LINES_FELL: 15,
    Reason.REVENUE_FELL: 12,
}
"""Points lost; of a mild sign and its heavy form only the heavy one counts."""

QUARTER = 3
FELL, COLLAPSED, LINES = Decimal("0.9"), Decimal("0.6"), Decimal("0.9")
HEAVY_MONTHS = 2
SOUND, WATCH = 80, 60


class Health(NamedTuple):
    """A figure from 0 to 100 (None while nothing is billed) and the reasons why it is not 100, heaviest first."""

    score: int | None
    reasons: tuple[Reason, ...]


def health(revenue: Sequence[Decimal], lines: Sequence[int], arrears: Decimal) -> Health:
    """Return the health of a customer.

    Parameters
    ----------
    revenue, lines
        Yuan billed and lines in use, month by month, the oldest first; twelve are enough.
    arrears
        Yuan owed now.
    """
    if not any(revenue) and not arrears:
        return Health(None, ())
    signs = [*_revenue_signs(revenue), *_arrears_signs(revenue, arrears), *_line_signs(lines)]
    reasons = sorted(signs, key=lambda reason: -DEDUCTIONS[reason])
    return Health(max(0, 100 - sum(DEDUCTIONS[reason] for reason in reasons)), tuple(reasons))


class HealthChange(NamedTuple):
    """By how many points the health differs from that of the month before, and which reasons came and went."""

    points: int
    came: tuple[Reason, ...]
    went: tuple[Reason, ...]


def health_change(before: Health, now: Health) -> HealthChange | None:
    """Return what changed between two months; None where either has no figure or nothing did."""
    if before.score is None or now.score is None or before == now:
        return None
    came = tuple(reason for reason in now.reasons if reason not in before.reasons)
    went = tuple(reason for reason in before.reasons if reason not in now.reasons)
    return HealthChange(now.score - before.score, came, went)


def health_band(score: int | None) -> str:
    """Return ``sound``, ``watch`` or ``danger``; ``none`` while there is no figure."""
    if score is None:
        return "none"
    return "sound" if score >= SOUND else "watch" if score >= WATCH else "danger"


def _revenue_signs(revenue: Sequence[Decimal]) -> list[Reason]:
    if not revenue or not revenue[-1]:
        return [Reason.NO_REVENUE]
    if len(revenue) < 2 * QUARTER:
        return []
    now, before = sum(revenue[-QUARTER:], Decimal(0)), sum(revenue[-2 * QUARTER : -QUARTER], Decimal(0))
    if now < before * COLLAPSED:
        return [Reason.REVENUE_COLLAPSED]
    return [Reason.REVENUE_FELL] if now < before * FELL else []


def _arrears_signs(revenue: Sequence[Decimal], arrears: Decimal) -> list[Reason]:
    if arrears <= 0:
        return []
    month = max(revenue[-QUARTER:], default=Decimal(0))
    return [Reason.ARREARS_HEAVY if arrears > month * HEAVY_MONTHS else Reason.ARREARS]


def _line_signs(lines: Sequence[int]) -> list[Reason]:
    if len(lines) <= QUARTER or not lines[-1 - QUARTER]:
        return []
    return [Reason.LINES_FELL] if lines[-1] < lines[-1 - QUARTER] * LINES else []
