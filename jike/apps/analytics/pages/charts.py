"""A chart as data: what is drawn, the table that says the same, and where each mark leads."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from jike.apps.analytics.queries.lens import Lens
from jike.foundation.resource.registry import all_resources

__all__ = ["Chart", "Kpi", "Series", "list_of"]


@dataclass(frozen=True)
class Series:
    """One row of values; ``tone`` is a token of the theme (``d1`` subject, ``d6`` context, ``bad-dot`` …).

    ``links`` lead to what each value counts, where that is less than its mark's whole; empty: nowhere of their own.
    """

    name: str
    values: Sequence[float | None]
    tone: str = "d1"
    links: Sequence[str] = ()


@dataclass(frozen=True)
class Chart:
    """One panel of a board.

    Attributes
    ----------
    title
        The finding, in a sentence.
    shape
        ``bars`` (by month), ``rows`` (lying bars by name) or ``lines``; ``stacked`` puts series upon each other.
    marks
        What stands along the axis, and ``links`` where each mark leads ("" nowhere): to the rows that all its
        series count together.
    target
        A dashed line at this value.
    accent
        Marks drawn as the subject: the last of them, unless named; the others are context.
    """

    name: str
    title: str
    unit: str
    shape: str
    marks: Sequence[str]
    series: Sequence[Series]
    links: Sequence[str] = ()
    stacked: bool = False
    target: float | None = None
    accent: int | None = None
    empty: str = ""

    @property
    def spec(self) -> Mapping[str, Any]:
        """Return what the browser draws."""
        return {
            "shape": self.shape,
            "marks": list(self.marks),
            "series": [
                {"name": one.name, "values": list(one.values), "tone": one.tone, "links": list(one.links)}
                for one in self.series
            ],
            "links": list(self.links),
            "stacked": self.stacked,
            "target": self.target,
            "accent": self.accent,
        }

    @property
    def data_id(self) -> str:
        """The element that holds the data."""
        return f"data-{self.name}"

    @property
    def rows(self) -> list[tuple[str, str, list[tuple[float | None, str]]]]:
        """Return the table twin: (mark, link, values with the link of each)."""
        empty = [""] * len(self.marks)
        values = zip(*(zip(one.values, one.links or empty, strict=True) for one in self.series), strict=True)
        links = self.links or empty
        return [(mark, link, list(some)) for mark, link, some in zip(self.marks, links, values, strict=True)]


@dataclass(frozen=True)
class Kpi:
    """A key figure with what it is compared with; ``tone`` is "", ok, warn or bad."""

    label: str
    figure: str
    unit: str = ""
    beside: str = ""
    tone: str = ""
    link: str = ""


def list_of(lens: Lens, slug: str, where: Sequence[Any] = (), *, unit: str = "unit", **told: str) -> str:
    """Return the address of the list behind a mark, as the lens looks; "" where the reader may not see such records.

    ``unit`` names the field by which the lens counts: rows that lie where their customer lies are found by that.
    """
    resource = all_resources().get(slug)
    if resource is None or not lens.actor.holds(f"{resource.kind}:view"):
        return ""
    if asked := [*lens.where(unit), *where]:
        told["where"] = json.dumps(asked, separators=(",", ":"))
    return f"{reverse('resource:list', args=[slug])}?{urlencode({'scope': lens.scope, **told})}"
