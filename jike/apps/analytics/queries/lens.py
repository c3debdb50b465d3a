"""`Lens`: through what a board looks: a reader's own rows, or those of a unit and everything below it."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from jike.apps.analytics.models import VIEW, PortfolioMonth
from jike.apps.analytics.queries.figures import portfolio
from jike.apps.organisation.models import Unit
from jike.apps.organisation.queries.units import below
from jike.foundation.models import Record
from jike.foundation.scope import Actor, Reach, visible

__all__ = ["Lens"]

Row = TypeVar("Row", bound=Record)


@dataclass(frozen=True)
class Lens:
    """Who looks, for themselves or for units, at which unit, and when."""

    actor: Actor
    team: bool
    now: dt.datetime
    today: dt.date
    unit: Unit | None = None
    covered: dict[frozenset[int], list[int] | None] = field(default_factory=dict, compare=False)
    """What `whole` found already, which several charts of one board ask for."""

    @property
    def scope(self) -> str:
        """The scope of the lists that marks lead to."""
        return "all" if self.team else "mine"

    @cached_property
    def units(self) -> list[int]:
        """Ids of the unit and of everything below it."""
        return sorted(below(self.unit).values_list("pk", flat=True)) if self.unit is not None else []

    def rows(self, model: type[Row]) -> QuerySet[Row]:
        """Return the rows of ``model`` that the lens shows; none where the reader lacks the right."""
        if not self.actor.holds(f"{model.kind()}:view"):
            return model._default_manager.none()
        found = visible(model, self.actor).order_by()
        if not self.team:
            return found.filter(**{f"{model.SCOPE['own']}__in": sorted(self.actor.owners)})
        return found.filter(**{f"{model.SCOPE['unit']}__in": self.units}) if self.unit is not None else found

    def portfolio(self) -> QuerySet[PortfolioMonth]:
        """Return the months of portfolios that the lens shows."""
        reach, rows = self.actor.reach(VIEW), portfolio(self.actor, team=self.team)
        units = self.whole(reach)
        if units is not None and not (self.unit is None and _elsewhere(rows, reach)):
            return PortfolioMonth.objects.filter(whole=True, unit_id__in=units)
        return rows.filter(Q(unit_id__in=self.units)) if self.unit is not None and self.team else rows

    def whole(self, reach: Reach) -> list[int] | None:
        """Return the units that make up, with everything below them, what the lens shows of rows within ``reach``.

        None where a reader has rows of their own only, or units without what lies below: these few are counted live.
        """
        if not self.team:
            return None
        if reach.everything:
            roots = Unit.objects.filter(parent=None, removed_at=None).values_list("pk", flat=True)
            return [self.unit.pk] if self.unit is not None else list(roots)
        units = reach.units & frozenset(self.units) if self.unit is not None else reach.units
        if units not in self.covered:
            self.covered[units] = _tops(units)
        return self.covered[units]

    def where(self, path: str = "unit") -> list[Any]:
        """Return the filter that leads a list to the same unit and what lies below it."""
        return [[path, "under", [str(self.unit.uid)]]] if self.unit is not None and self.team else []


def _elsewhere(rows: QuerySet[PortfolioMonth], reach: Reach) -> bool:
    """Whether some of these months belong to customers of one's own in units beyond one's reach."""
    if reach.everything or not reach.owners:
        return False
    return rows.filter(owner__among=reach.owners).exclude(unit__among=reach.units).exists()


def _tops(units: frozenset[int]) -> list[int] | None:
    """Return the highest of ``units``; None where something below one of them is missing, or there are none."""
    known = Unit.objects.filter(pk__among=units).values_list("pk", "parent_id")
    tops = [number for number, parent in known if parent not in units]
    within = Unit.objects.filter(Q(pk__in=tops) | Q(ancestors__overlap=tops), removed_at=None).count()
    return tops if tops and within <= len(units) else None
