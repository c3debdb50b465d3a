"""Where the people of a customer stand on its influence map: who reports to whom from top to bottom, side by side.

A tidy drawing of a forest: every superior stands above the middle of those who report to them, and no two people
overlap. Positions are whole steps; the page decides how many pixels a step has.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

__all__ = ["Place", "influence_layout"]

Key = TypeVar("Key", bound=Hashable)


class Place(NamedTuple):
    """A place on the map: ``across`` in half steps from the left, ``level`` from the top."""

    across: int
    level: int


def influence_layout(
    people: Sequence[Key], superior: Mapping[Key, Key], *, widest: int = 8
) -> dict[Key, Place]:
    """Return each person's place.

    Parameters
    ----------
    people
        In the order in which colleagues stand from left to right.
    superior
        Person → whom they report to. Whoever reports to nobody here, or in a circle, stands at the top.
    widest
        People without superior and without reports stand in rows of so many beneath the others.
    """
    above = {one: boss for one, boss in superior.items() if boss in set(people) and boss != one}
    for one in people:
        if _is_in_circle(one, above):
            del above[one]
    reports: dict[Key, list[Key]] = {one: [] for one in people}
    for one in people:
        if one in above:
            reports[above[one]].append(one)
    tops = [one for one in people if one not in above]
    leading = [one for one in tops if reports[one]]
    placed = _forest(leading, reports)
    depth = max((place.level for place in placed.values()), default=-1) + 1
    for number, one in enumerate(one for one in tops if not reports[one]):
        placed[one] = Place(number % widest * 2, depth + number // widest)
    return placed


def _is_in_circle(one: Key, above: Mapping[Key, Key]) -> bool:
    seen, now = {one}, above.get(one)
    while now is not None and now not in seen:
        seen.add(now)
        now = above.get(now)
    return now == one


def _forest(tops: Sequence[Key], reports: Mapping[Key, Sequence[Key]]) -> dict[Key, Place]:
    """Place trees side by side, depth first and without recursion: a line of command may be long."""
    placed: dict[Key, Place] = {}
    left = 0
    waiting = [(one, 0, False) for one in reversed(tops)]
    while waiting:
        one, level, done = waiting.pop()
        below = reports[one]
        if not below:
            placed[one] = Place(left, level)
            left += 2
        elif done:
            middle = (placed[below[0]].across + placed[below[-1]].across) // 2
            placed[one] = Place(middle, level)
        else:
            waiting.append((one, level, True))
            waiting += [(report, level + 1, False) for report in reversed(below)]
    return placed
