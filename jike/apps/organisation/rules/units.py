"""Levels of units, and which may lie under which."""

from enum import StrEnum

__all__ = ["UnitLevel", "level_fits"]


class UnitLevel(StrEnum):
    """The levels of units from the top down; a team may lie under any of them."""

    HEADQUARTERS = "headquarters"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    GRID = "grid"
    TEAM = "team"


ORDER = {level: place for place, level in enumerate(UnitLevel)}


def level_fits(level: UnitLevel, parent: UnitLevel | None) -> bool:
    """Whether a unit of ``level`` may lie under one of ``parent`` (None: at the top): never under a lower one.

    Equal levels may nest (a team within a team, a grid within a grid), as real organisations do.
    """
    return parent is None or ORDER[parent] <= ORDER[level]
