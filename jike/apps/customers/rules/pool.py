"""The public pool: when an unattended customer falls back into it, and who may claim how many out of it.

【Default, not a published standard】 Each unit may set its own figures; a unit without any goes by those above it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from jike.apps.customers.rules.classes import Grade
from jike.apps.customers.rules.standing import State

__all__ = ["FALLING", "POOLED", "Fall", "PoolFigures", "barred_until", "fall_of", "rule_for", "spared"]

FALLING = (State.POTENTIAL, State.LOST)
"""Only these fall back by themselves; whoever is served stays with their account manager."""
POOLED = (State.POTENTIAL, State.ACTIVE, State.SILENT, State.LOST)
"""What lies in the pool while nobody looks after it: everything but what is archived."""


class Fall(StrEnum):
    """What the pool's rules say of a customer on a day."""

    STAYS = "stays"
    WARNED = "warned"
    FALLS = "falls"


class PoolFigures(NamedTuple):
    """A rule's figures.

    Attributes
    ----------
    unattended_days
        After so many days without anything being done a customer falls back.
    warn_days
        So many days before that its account manager is warned.
    protect_days
        For so many days after somebody took it over it does not fall back.
    most_held
        So many customers one account manager may hold and still claim one.
    spared_from
        Customers of this grade and better ones never fall back.
    barred_days
        For so many days whoever gave a customer up, or let it fall, may not claim it again.
    """

    unattended_days: int = 90
    warn_days: int = 14
    protect_days: int = 30
    most_held: int = 200
    spared_from: str = Grade.B1
    barred_days: int = 30


def spared(grade: str, figures: PoolFigures) -> bool:
    """Whether a customer of that grade never falls back; the letters sort as they rank."""
    return grade <= figures.spared_from


def fall_of(
    attended: dt.date | None, since: dt.date | None, *, figures: PoolFigures, today: dt.date
) -> tuple[Fall, dt.date | None]:
    """Return what becomes of a customer, and the day on which it falls back if nothing is done.

    Parameters
    ----------
    attended
        The last day on which anything was done with it.
    since
        The day since which its account manager looks after it.
    """
    begun = max((day for day in (attended, since) if day is not None), default=None)
    if begun is None:
        return Fall.STAYS, None
    falls = begun + dt.timedelta(days=figures.unattended_days)
    if since is not None:
        falls = max(falls, since + dt.timedelta(days=figures.protect_days))
    if falls <= today:
        return Fall.FALLS, falls
    return (Fall.WARNED if falls - today <= dt.timedelta(days=figures.warn_days) else Fall.STAYS), falls


def barred_until(given_up: dt.date | None, *, figures: PoolFigures | None, today: dt.date) -> dt.date | None:
    """Return the day from which whoever gave a customer up on ``given_up`` may claim it again; None if today.

    >>> barred_until(dt.date(2026, 3, 1), figures=PoolFigures(barred_days=30), today=dt.date(2026, 3, 30))
    datetime.date(2026, 3, 31)
    >>> barred_until(dt.date(2026, 3, 1), figures=PoolFigures(barred_days=30), today=dt.date(2026, 3, 31))
    """
    if given_up is None or figures is None:
        return None
    again = given_up + dt.timedelta(days=figures.barred_days)
    return again if today < again else None


def rule_for(path: Sequence[int], rules: Mapping[int, PoolFigures]) -> PoolFigures | None:
    """Return the figures that hold for a unit: its own, or those of the nearest unit above that has any.

    ``path`` are the ids of the unit and of those above it, the unit itself first.
    """
    return next((rules[unit] for unit in path if unit in rules), None)
