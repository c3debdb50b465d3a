"""The life of a customer: which state may follow which, and what must be known before."""

from collections.abc import Mapping
from enum import StrEnum

from jike.apps.customers.rules.classes import Ability

__all__ = [
    "NEEDS",
    "NEXT",
    "OWN_FIELDS",
    "State",
    "is_truly_potential",
    "may_follow",
    "missing_for",
    "way_to",
]


class State(StrEnum):
    """Where a customer stands, in the order of its life."""

    POTENTIAL = "potential"
    ACTIVE = "active"
    SILENT = "silent"
    LOST = "lost"
    ARCHIVED = "archived"


NEXT: Mapping[State, frozenset[State]] = {
    State.POTENTIAL: frozenset({State.ACTIVE, State.ARCHIVED}),
    State.ACTIVE: frozenset({State.SILENT, State.LOST}),
    State.SILENT: frozenset({State.ACTIVE, State.LOST}),
    State.LOST: frozenset({State.POTENTIAL, State.ACTIVE, State.ARCHIVED}),
    State.ARCHIVED: frozenset({State.POTENTIAL}),
}

NEEDS: Mapping[State, tuple[str, ...]] = {
    State.POTENTIAL: ("needs", "ability"),
    State.ACTIVE: ("owner_id", "certificate_number"),
    State.SILENT: ("state_reason",),
    State.LOST: ("state_reason", "state_since"),
    State.ARCHIVED: ("state_reason",),
}
"""What must be known of a customer that enters the state. Potential means need and ability to buy; nobody is served
without an account manager and a certificate; whoever goes is asked why."""

OWN_FIELDS = ("state_reason", "state_since")
"""Needs that belong to the change itself and are asked for anew each time."""


def may_follow(now: State, then: State) -> bool:
    """Whether a customer in state ``now`` may enter ``then``."""
    return then in NEXT[now]


def missing_for(state: State, known: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of what entering ``state`` needs and ``known`` lacks, in the order in which to ask."""
    return tuple(name for name in NEEDS[state] if not _is_known(name, known.get(name)))


def is_truly_potential(needs: str, ability: Ability) -> bool:
    """Whether somebody is a potential customer: need and ability to buy together, not one of them."""
    return bool(needs.strip()) and ability is Ability.ABLE


def _is_known(name: str, value: object) -> bool:
    return value == Ability.ABLE if name == "ability" else value not in (None, "")


def way_to(now: State, then: State) -> tuple[State, ...]:
    """Return the states that lead from ``now`` to ``then``, the shortest way; none where there is no way.

    >>> [str(state) for state in way_to(State.ACTIVE, State.ARCHIVED)]
    ['lost', 'archived']
    """
    ways: dict[State, tuple[State, ...]] = {now: ()}
    waiting = [now]
    for state in waiting:  # grows while it is read
        for following in (one for one in State if one in NEXT[state] and one not in ways):
            ways[following] = (*ways[state], following)
            waiting.append(following)
    return ways.get(then, ())
