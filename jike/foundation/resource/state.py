"""`ListState`: everything about a list that a link must carry, read from the address and written back to it."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jike.foundation.entering import entered
from jike.foundation.errors import Invalid
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.filtering import NO_FILTER, Filter, dump, parse
from jike.foundation.scope import Actor
from jike.values.errors import excerpt
from jike.values.text import clean_line

__all__ = ["SCOPES", "SIZES", "Cursor", "ListState", "read_state", "uid_text"]

SCOPES = ("mine", "team", "all")
SIZES = (25, 50, 100, 200)
LAYOUTS = ("table", "board", "calendar")
DENSITIES = ("compact", "normal")
QUERY_LIMIT = 100


@dataclass(frozen=True)
class Cursor:
    """The place beside which a page begins: a row's sort value and id, and on which side."""

    value: Any
    id: int
    backwards: bool = False

    def write(self) -> str:
        """Return the cursor as text for the address."""
        raw = json.dumps([self.value, self.id, int(self.backwards)], default=str)
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


@dataclass(frozen=True)
class ListState:
    """One list as somebody looks at it."""

    where: Filter = NO_FILTER
    query: str = ""
    scope: str = "all"
    sort: str = ""
    columns: tuple[str, ...] = ()
    size: int = 50
    density: str = "compact"
    layout: str = "table"
    view: str = ""
    cursor: Cursor | None = None

    @property
    def sort_field(self) -> str:
        """The field sorted by."""
        return self.sort.lstrip("-")

    @property
    def descending(self) -> bool:
        """Whether the highest comes first."""
        return self.sort.startswith("-")

    def parameters(self) -> dict[str, str]:
        """Return what differs from the beginning, as the address carries it (without the cursor)."""
        told = {
            "view": self.view,
            "where": dump(self.where),
            "q": self.query,
            "scope": "" if self.scope == "all" else self.scope,
            "sort": self.sort,
            "columns": ",".join(self.columns),
            "size": "" if self.size == 50 else str(self.size),
            "density": "" if self.density == "compact" else self.density,
            "layout": "" if self.layout == "table" else self.layout,
        }
        return {name: value for name, value in told.items() if value}

    def address(self, **changes: Any) -> str:
        """Return the query string of this state with ``changes`` (and without a cursor unless one is given)."""
        changed = replace(self, **{"cursor": None, **changes})
        told = changed.parameters()
        if changed.cursor:
            told["at"] = changed.cursor.write()
        return urlencode(told)


def read_state(resource: Resource, parameters: Mapping[str, str], actor: Actor) -> ListState:
    """Read the state from the address; raises `Invalid` with a sentence for what cannot be meant."""
    sort = _sort(resource, parameters.get("sort", ""))
    return ListState(
        where=parse(parameters.get("where", ""), resource, actor),
        query=entered("q", clean_line, parameters.get("q", ""), limit=QUERY_LIMIT),
        scope=_one_of(parameters.get("scope", ""), SCOPES, "all"),
        sort=sort,
        columns=_columns(resource, parameters.get("columns", ""), actor),
        size=int(_one_of(parameters.get("size", ""), tuple(map(str, SIZES)), "50")),
        density=_one_of(parameters.get("density", ""), DENSITIES, "compact"),
        layout=_one_of(parameters.get("layout", ""), LAYOUTS, "table"),
        view=uid_text(parameters.get("view", "")),
        cursor=_cursor(parameters.get("at", ""), resource.attributes[sort.lstrip("-")]),
    )


def shown_columns(resource: Resource, state: ListState, actor: Actor) -> list[Attribute]:
    """Return the columns to show, without those that are sealed on every row for this actor."""
    names = state.columns or resource.columns
    return [one for one in (resource.attributes[name] for name in names) if one.open_to(actor)]


def _sort(resource: Resource, text: str) -> str:
    if not text:
        return resource.sorts[0]
    if text.lstrip("-") not in {name.lstrip("-") for name in resource.sorts}:
        raise Invalid({"sort": [_("This list cannot be sorted by “%(name)s”.") % {"name": excerpt(text)}]})
    return text


def _columns(resource: Resource, text: str, actor: Actor) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in text.split(",") if name))
    known = {*resource.columns, *resource.more_columns}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Invalid({"columns": [_("There is no column “%(name)s”.") % {"name": excerpt(unknown[0])}]})
    return tuple(name for name in names if resource.attributes[name].open_to(actor))


def _one_of(text: str, known: tuple[str, ...], default: str) -> str:
    return text if text in known else default


def uid_text(text: str) -> str:
    """Return a uid as it is written; "" for any other text."""
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        return ""


def _cursor(text: str, sort: Attribute) -> Cursor | None:
    """Read a cursor that somebody may have made up: its value must be one of the column's own."""
    if not text:
        return None
    try:
        value, number, backwards = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(value, str | int | None) or "\0" in str(value).encode().decode():
            raise TypeError(value)
        found = sort.field.to_python(value)
        sort.field.run_validators(found if sort.look.numeric else None)
        return Cursor(found, range(2**63)[int(number)], bool(backwards))
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError, ValidationError) as error:
        raise Invalid(
            {"at": [_("This page of the list no longer exists; begin at the first one.")]}
        ) from error
