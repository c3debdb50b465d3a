"""What became of a file's rows: read = created + updated + unchanged + refused, whatever happened on the way."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jike.foundation.exchange.refusals import Problem

__all__ = ["Tally"]

COUNTED = ("read", "created", "updated", "unchanged", "refused")


@dataclass
class Tally:
    """What became of the rows so far: read = created + updated + unchanged + refused; related rows apart."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    related: Counter[str] = field(default_factory=Counter)
    doubles: int = 0
    """New rows that may mean a record that exists or an earlier row: the check counts them, nothing refuses them."""
    problems: list[Problem] = field(default_factory=list)
    """Those of the portion at hand."""

    def counts(self) -> dict[str, Any]:
        """Return the figures by name."""
        found: dict[str, Any] = {name: getattr(self, name) for name in COUNTED}
        found |= {"related": dict(self.related)} if self.related else {}
        return found | ({"doubles": self.doubles} if self.doubles else {})

    @classmethod
    def of(cls, counts: dict[str, Any]) -> "Tally":
        """Return the tally that these figures tell."""
        own = {name: counts[name] for name in COUNTED if name in counts}
        return cls(**own, related=Counter(counts.get("related", {})), doubles=counts.get("doubles", 0))

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Count one row as refused."""
        self.refused += 1
        self.problems += problems
