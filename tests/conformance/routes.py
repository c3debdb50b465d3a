"""Every address of the site, read from the URL configuration, so that a new page is tried without being named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from jike.foundation.resource.registry import all_resources

ARGUMENT = re.compile(r"<(?:(?P<kind>[a-z_]+):)?(?P<name>[a-z_]+)>")
NOBODY = UUID("00000000-0000-7000-8000-000000000000")
SAMPLES = {"int": "1", "slug": "name", "str": "customers.customer", "path": "x", "uuid": str(NOBODY)}


@dataclass(frozen=True)
class Route:
    """One address pattern: its name and its text with ``<…>`` arguments."""

    name: str
    text: str

    @property
    def about_a_row(self) -> bool:
        """Whether it names a row by uid."""
        return "<uuid:uid>" in self.text

    def address(self, *, uid: UUID = NOBODY) -> str:
        """Return the address with sample arguments and this uid."""
        samples = {**SAMPLES, "uid": str(uid)}
        return "/" + ARGUMENT.sub(
            lambda one: samples["uid" if one["name"] == "uid" else one["kind"]], self.text
        )


def routes() -> list[Route]:
    """Return every route; those of the Resource machinery once per Resource."""
    found = []
    for name, text in _walk(get_resolver().url_patterns, "", ""):
        if "<resource:resource>" in text:
            found += [
                Route(f"{name}[{slug}]", text.replace("<resource:resource>", slug))
                for slug in all_resources()
            ]
        else:
            found.append(Route(name, text))
    return found


def _walk(patterns: list[URLPattern | URLResolver], before: str, space: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        text = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, text, inner)
        else:
            yield f"{space}{pattern.name or text}", text.lstrip("^").rstrip("$")
