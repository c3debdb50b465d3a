"""Who may grant which discount: the authority table, and the steps by which a quote climbs to whoever may.

【Default, configurable; no public standard】 From 90 % of the list price the account manager decides, 80–90 % the
county head, 70–80 % the city, 60–70 % the province; below that, below the floor price of any line, or above five
million yuan a year, the provincial board with headquarters.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "AUTHORITY",
    "Authority",
    "AuthorityProblem",
    "Level",
    "Offer",
    "Reason",
    "Verdict",
    "answering_right",
    "authority_problems",
]


class Level(StrEnum):
    """Levels of authority, the lowest first."""

    MANAGER = "manager"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    HEADQUARTERS = "headquarters"

    @property
    def rank(self) -> int:
        """Its place from the lowest, 0."""
        return list(Level).index(self)


class Reason(StrEnum):
    """Why a level is needed."""

    DISCOUNT = "discount"
    FLOOR = "floor"
    AMOUNT = "amount"


class Offer(NamedTuple):
    """What is decided about: the lowest ratio paid of any line, whether any lies below its floor, yuan a year."""

    discount: Decimal
    below_floor: bool
    yearly: Decimal


class Verdict(NamedTuple):
    """The level that may grant an offer, and what makes it necessary (nothing for the account manager's own)."""

    level: Level
    reasons: tuple[Reason, ...]


class AuthorityProblem(NamedTuple):
    """What is wrong with a level's least ratio: outside 0 to 1 (``lower`` is None), or against the level below it.

    ``least`` is that lower level's ratio; with ``gap`` both are the same, and the level would have nothing to decide.
    """

    level: Level
    lower: Level | None
    least: Decimal
    gap: bool = False


def authority_problems(least: Mapping[Level, Decimal]) -> Iterator[AuthorityProblem]:
    """Yield what keeps these ratios (one for each level below headquarters) from being a table."""
    lower: Level | None = None
    for level in Level:
        if level is Level.HEADQUARTERS:
            return
        if not 0 <= least[level] <= 1:
            yield AuthorityProblem(level, None, least[level])
        elif lower is not None and least[level] >= least[lower]:
            yield AuthorityProblem(level, lower, least[lower], gap=least[level] == least[lower])
        lower = level


@dataclass(frozen=True)
class Authority:
    """The authority table.

    Attributes
    ----------
    least
        Level → the lowest ratio of the list price that it may grant, ratios falling as levels rise.
    yearly_limit
        Yuan a year above which only headquarters decides.
    hours
        Working hours that each level has for its answer.

    Raises
    ------
    ValueError
        The ratios do not fall, or lie outside 0 to 1.
    """

    least: Mapping[Level, Decimal]
    yearly_limit: Decimal
    hours: Mapping[Level, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ratios = [self.least[level] for level in Level if level in self.least]
        if len(ratios) != len(Level) - 1 or Level.HEADQUARTERS in self.least:
            raise ValueError("the table names the least ratio of each level below headquarters")
        if sorted(set(ratios), reverse=True) != ratios or not 0 <= ratios[-1] <= ratios[0] <= 1:
            raise ValueError("the ratios lie between 0 and 1 and fall from level to level")

    def level_for_discount(self, discount: Decimal) -> Level:
        """Return the lowest level that may grant the ratio."""
        return next(level for level in Level if discount >= self.least.get(level, Decimal(0)))

    def verdict(self, offer: Offer) -> Verdict:
        """Return the lowest level that may grant the offer, and why not a lower one."""
        if offer.discount < 0:
            raise ValueError("a discount is the ratio paid and cannot be negative")
        hard = {Reason.FLOOR: offer.below_floor, Reason.AMOUNT: offer.yearly > self.yearly_limit}
        found = tuple(reason for reason, applies in hard.items() if applies)
        level = self.level_for_discount(offer.discount)
        if level is Level.HEADQUARTERS or (not found and level is not Level.MANAGER):
            found = (Reason.DISCOUNT, *found)
        return Verdict(Level.HEADQUARTERS if set(found) & {Reason.FLOOR, Reason.AMOUNT} else level, found)

    def steps(
        self, needed: Level, *, there: Collection[Level], held: Collection[Level] = ()
    ) -> Sequence[Level]:
        """Return the levels that must agree one after another, the lowest first.

        Parameters
        ----------
        there
            Levels that exist above the quote's unit; one that does not is left to the next higher.
        held
            Levels whose authority the submitter holds: nobody agrees to their own offer, so the next higher one must.
        """
        if needed is Level.MANAGER:
            return ()
        above = max((level.rank for level in held), default=0)
        possible = [level for level in Level if level in there and level.rank > above]
        path = [level for level in possible if level.rank <= needed.rank]
        beyond = [level for level in possible if level.rank > needed.rank]
        covered = bool(path) and path[-1] is needed
        return path if covered else [*path, *beyond[:1]]


AUTHORITY = Authority(
    least={
        Level.MANAGER: Decimal("0.90"),
        Level.COUNTY: Decimal("0.80"),
        Level.CITY: Decimal("0.70"),
        Level.PROVINCE: Decimal("0.60"),
    },
    yearly_limit=Decimal(5_000_000),
    hours={Level.COUNTY: 4, Level.CITY: 8, Level.PROVINCE: 16, Level.HEADQUARTERS: 24},
)


def answering_right(level: Level) -> str:
    """Return the action on an approval that a level's authority is."""
    return f"answer_{level}"
