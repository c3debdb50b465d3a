"""Doubles are swept up, decided upon, merged, and what was one is split; all of it can be taken back for 30 days."""

from jike.foundation.doubles.making import Made, merge, split
from jike.foundation.doubles.pairs import decide, pairs_to_decide
from jike.foundation.doubles.references import (
    FOLLOWED,
    LEFT,
    LISTED,
    Reference,
    Repointing,
    register_references,
)
from jike.foundation.doubles.sweeping import sweep_doubles, sweep_kind
from jike.foundation.doubles.undoing import KEPT_DAYS, take_back, went_into

__all__ = [
    "FOLLOWED",
    "KEPT_DAYS",
    "LEFT",
    "LISTED",
    "Made",
    "Reference",
    "Repointing",
    "decide",
    "merge",
    "pairs_to_decide",
    "register_references",
    "split",
    "sweep_doubles",
    "sweep_kind",
    "take_back",
    "went_into",
]
