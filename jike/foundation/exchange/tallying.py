"""What became of a file's rows: read = created + updated + unchanged + refused, whatever happened on the way."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jike.foundation.exchange.refusals import Problem

__all__ = ["Tally"]

COUNTED = ("read", "created", "updated", "unchanged", "refused")

DOUBTS_SHOWN = 100


@dataclass
class Tally:
    """What became of the rows so far: read = created + updated + unchanged + refused; related rows apart."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    related: Counter[str] = field(default_factory=Counter)
    doubles: int | None = None
    """New rows that may mean a record that exists or an earlier row, refused by nothing; None where nobody looked."""
    double_rows: list[list[Any]] = field(default_factory=list)
    """The first of them: row, uid of what it is like or "", what that is called, percent."""
    unchecked: bool = False
    """Whether the run looks for doubles itself, since no check did before it."""
    doubtful: int = 0
    """Cells that are stored although they look wrong."""
    doubts: list[Problem] = field(default_factory=list)
    """The first of them."""
    problems: list[Problem] = field(default_factory=list)
    """Those of the portion at hand."""

    def counts(self) -> dict[str, Any]:
        """Return the figures by name."""
        found: dict[str, Any] = {name: getattr(self, name) for name in COUNTED}
        found |= {"related": dict(self.related)} if self.related else {}
        found |= {"unchecked": True} if self.unchecked else {}
        found |= {"doubtful": self.doubtful, "doubts": self.doubts} if self.doubtful else {}
        return found if self.doubles is None else found | self._doubles()

    def _doubles(self) -> dict[str, Any]:
        return {"doubles": self.doubles} | ({"double_rows": self.double_rows} if self.double_rows else {})

    @classmethod
    def of(cls, counts: dict[str, Any]) -> "Tally":
        """Return the tally that these figures tell."""
        own = {name: counts[name] for name in (*COUNTED, "doubtful", "doubts") if name in counts}
        return cls(**own, related=Counter(counts.get("related", {})), **_looked(counts))

    @classmethod
    def begun(cls, counts: dict[str, Any]) -> "Tally":
        """Return the tally with which a run begins: what its check found of doubles stays known."""
        looked = _looked(counts)
        unchecked = looked["unchecked"] or looked["doubles"] is None
        return cls(unchecked=True) if unchecked else cls(**looked)

    def doubt(self, problem: Problem) -> None:
        """Count a cell that is stored although it looks wrong."""
        self.doubtful += 1
        if len(self.doubts) < DOUBTS_SHOWN:
            self.doubts.append(problem)

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Count one row as refused."""
        self.refused += 1
        self.problems += problems


def _looked(counts: dict[str, Any]) -> dict[str, Any]:
    return {
        "doubles": counts.get("doubles"),
        "double_rows": counts.get("double_rows", []),
        "unchecked": counts.get("unchecked", False),
    }
