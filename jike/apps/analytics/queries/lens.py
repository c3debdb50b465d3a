"""`Lens`: through what a board looks: a reader's own rows, or those of a unit and everything below it."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from jike.apps.analytics.models import PortfolioMonth
from jike.apps.analytics.queries.figures import portfolio
from jike.apps.organisation.models import Unit
from jike.apps.organisation.queries.units import below
from jike.foundation.models import Record
from jike.foundation.scope import Actor, visible

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
    """What `whole_units` found already, which several charts of one board ask for."""

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
        rows = portfolio(self.actor, team=self.team)
        return rows.filter(Q(unit_id__in=self.units)) if self.unit is not None and self.team else rows

    def where(self, path: str = "unit") -> list[Any]:
        """Return the filter that leads a list to the same unit."""
        return [[path, "in", [str(self.unit.uid)]]] if self.unit is not None and self.team else []
