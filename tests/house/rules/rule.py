"""What a house rule is: a check over one file, with the examples that prove it sees what it should."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.house.tree import Source


@dataclass(frozen=True, order=True)
class Fault:
    """One place that breaks a rule. `size` is set by rules about sizes, for the list of exceptions."""

    path: str
    line: int
    says: str
    place: str = ""
    size: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.says}"


@dataclass(frozen=True)
class Rule:
    """A sentence, the check that holds it, and examples as (path, text) pairs."""

    name: str
    says: str
    check: Callable[[Source], Iterator[Fault]]
    good: Sequence[tuple[str, str]]
    bad: Sequence[tuple[str, str]]
