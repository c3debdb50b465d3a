"""The Resources there are, and what higher capabilities contribute to lower ones. Filled once at start by the site."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jike.foundation.happenings import Source
from jike.foundation.resource.declaration import Panel, Resource, Verb

__all__ = [
    "Contribution",
    "all_resources",
    "panels_of",
    "register",
    "resource_of_kind",
    "rows_below",
    "sources_of",
    "verbs_of",
]


@dataclass(frozen=True)
class Contribution:
    """What one capability adds to the Resource of a lower one."""

    kind: str
    panels: tuple[Panel, ...] = ()
    verbs: tuple[Verb, ...] = ()
    timeline: tuple[Source, ...] = ()
    below: Callable[..., Sequence[Any]] | None = None
    """``below(row, actor)``: the rows beneath, whose happenings stand on its timeline as well."""


@dataclass
class _Registry:
    by_slug: dict[str, Resource] = field(default_factory=dict)
    by_kind: dict[str, Resource] = field(default_factory=dict)
    contributions: dict[str, list[Contribution]] = field(default_factory=dict)


_registry = _Registry()


def register(resources: Iterable[Resource], contributions: Iterable[Contribution] = ()) -> None:
    """Replace what is registered; two Resources of one slug or kind, or a contribution to none, stop the start."""
    fresh = _Registry()
    for resource in resources:
        if resource.slug in fresh.by_slug or resource.kind in fresh.by_kind:
            raise LookupError(f"two Resources are called {resource.slug!r} or show {resource.kind!r}")
        fresh.by_slug[resource.slug] = fresh.by_kind[resource.kind] = resource
        _ = resource.attributes
    for one in contributions:
        if one.kind not in fresh.by_kind:
            raise LookupError(f"a contribution is made to {one.kind!r}, which no Resource shows")
        fresh.contributions.setdefault(one.kind, []).append(one)
    vars(_registry).update(vars(fresh))


def all_resources() -> Mapping[str, Resource]:
    """Return every Resource by slug."""
    return _registry.by_slug


def resource_of_kind(kind: str) -> Resource | None:
    """Return the Resource that shows rows of ``kind``; None when none does."""
    return _registry.by_kind.get(kind)


def panels_of(resource: Resource) -> tuple[Panel, ...]:
    """Return the Resource's own panels and those contributed to it."""
    return tuple(one for one in (*resource.panels, *_added(resource, "panels")) if isinstance(one, Panel))


def verbs_of(resource: Resource) -> tuple[Verb, ...]:
    """Return the Resource's own acts and those contributed to it."""
    return resource.verbs + _added(resource, "verbs")


def sources_of(resource: Resource) -> tuple[Source, ...]:
    """Return what is contributed to the timeline of its records."""
    return _added(resource, "timeline")


def rows_below(resource: Resource, row: Any, actor: Any) -> Sequence[Any]:
    """Return the rows beneath this one whose happenings its timeline tells as well."""
    asked = (one.below for one in _registry.contributions.get(resource.kind, ()) if one.below)
    return [found for below in asked for found in below(row, actor)]


def _added(resource: Resource, what: str) -> tuple[Any, ...]:
    added = _registry.contributions.get(resource.kind, ())
    return tuple(one for contribution in added for one in getattr(contribution, what))
