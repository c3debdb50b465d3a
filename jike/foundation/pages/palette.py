"""What Ctrl-K finds: records grouped by kind, as options that the palette puts before its places and actions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString

from jike.foundation.directory import address_of
from jike.foundation.models.record import RecordKey
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.opened import opened_by
from jike.foundation.resource.attributes import Attribute, Look, attribute_of
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.presenting import shown
from jike.foundation.resource.registry import resource_of_kind
from jike.foundation.search.finding import Hit, find

__all__ = ["search"]

TAGS = (Look.CHOICE, Look.GRADE, Look.LEVEL, Look.STATE)
"""Looks that stand right beside the title; everything else stands at the right."""


@dataclass(frozen=True)
class _Option:
    """One record as an option: where it leads, its title in parts typed and not typed, and what stands beside."""

    address: str
    drawer: str
    parts: tuple[tuple[str, bool], ...]
    tags: tuple[SafeString, ...]
    beside: tuple[SafeString, ...]


@dataclass(frozen=True)
class _Group:
    label: str | Promise
    icon: str
    options: list[_Option] = field(default_factory=list)


@page("GET")
def search(request: PageRequest) -> HttpResponse:
    """Show the records that what was typed finds and this person may see; before typing, what they keep near."""
    if not request.GET.get("q", "").strip():
        return render(request, "foundation/_near.html", {"opened": opened_by(request.actor)})
    hits = find(request.GET.get("q", ""), request.actor)
    return render(request, "foundation/_found.html", {"groups": _grouped(hits)})


def _grouped(hits: Sequence[Hit]) -> list[_Group]:
    """Return groups in the order of their best record."""
    groups: dict[str, _Group] = {}
    for hit in hits:
        resource = resource_of_kind(hit.kind.name)
        address = _address(hit, resource)
        if not address:
            continue
        if hit.kind.name not in groups:
            label = hit.kind.model._meta.verbose_name_plural or hit.kind.name
            groups[hit.kind.name] = _Group(label, resource.icon if resource else "circle-dot")
        groups[hit.kind.name].options.append(_option(hit, resource, address))
    return list(groups.values())


def _address(hit: Hit, resource: Resource | None) -> str:
    if resource is None:
        return address_of(RecordKey(hit.kind.name, hit.uid))
    return reverse("resource:record", args=[resource.slug, hit.uid])


def _option(hit: Hit, resource: Resource | None, address: str) -> _Option:
    drawer = reverse("resource:drawer", args=[resource.slug, hit.uid]) if resource else ""
    looks = resource.looks if resource else {}
    values = zip(hit.kind.context, hit.kind.layout.masked, hit.context, strict=False)
    told = [
        (attribute_of(hit.kind.model, path, "" if masked else looks.get(path, "")), masked, value)
        for path, masked, value in values
        if value
    ]
    return _Option(
        address,
        drawer,
        tuple(_parts(hit)),
        tuple(shown(attribute, value) for attribute, _, value in told if attribute.look in TAGS),
        tuple(
            _beside(attribute, masked, value)
            for attribute, masked, value in told
            if attribute.look not in TAGS
        ),
    )


def _beside(attribute: Attribute, masked: bool, value: str) -> SafeString:
    plain = masked or attribute.look not in (Look.REGION, Look.INDUSTRY)
    return escape(value) if plain else shown(attribute, value)


def _parts(hit: Hit) -> Iterator[tuple[str, bool]]:
    at = 0
    for begin, end in hit.spans:
        yield hit.title[at:begin], False
        yield hit.title[begin:end], True
        at = end
    yield hit.title[at:], False
