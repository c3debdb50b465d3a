"""Values of a file that nothing here is called: said once what they stand for, and remembered."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from jike.foundation.errors import Invalid
from jike.foundation.exchange import saved_mappings
from jike.foundation.exchange.converting import Converter, Unfit
from jike.foundation.exchange.mapping import importable
from jike.foundation.exchange.related import related_fields
from jike.foundation.exchange.uploads import require_state, titles_of
from jike.foundation.models import ImportRun
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor

__all__ = ["Unknown", "translate", "unknown_values"]

State = ImportRun.State


@dataclass(frozen=True)
class Unknown:
    """One value that the check did not recognise: its column's name in the mapping, and how many rows hold it."""

    name: str
    attribute: Attribute
    text: str
    rows: int


def unknown_values(run: ImportRun, resource: Resource, actor: Actor) -> list[Unknown]:
    """Return what the latest check did not recognise, column by column, the most frequent first."""
    fields = _fields(resource, actor)
    return [
        Unknown(name, fields[name], text, rows)
        for name, texts in run.unknown.items()
        if name in fields
        for text, rows in texts
    ]


def translate(
    run: ImportRun, resource: Resource, said: Mapping[str, Mapping[str, str]], *, actor: Actor
) -> None:
    """Keep what values stand for (field → {text: stored value, a record's uid, or "" for nothing}).

    Raises
    ------
    Invalid
        A value stands for nothing that the column can hold.
    """
    require_state(run, State.CHECKED)
    fields, values = _fields(resource, actor), {name: dict(texts) for name, texts in run.values.items()}
    for name, texts in said.items():
        for text, meant in texts.items():
            if name not in fields or not _possible(fields[name], meant, actor):
                raise Invalid({"value": [_("Choose one of those offered.")]})
            values.setdefault(name, {})[text] = meant
    run.values = values
    run.save(update_fields=["values"])
    saved_mappings.remember(run, titles_of(run))


def _fields(resource: Resource, actor: Actor) -> dict[str, Attribute]:
    own = {one.name: one for one in importable(resource, actor)}
    return own | {name: field for name, _resource, field in related_fields(resource, actor)}


def _possible(attribute: Attribute, meant: str, actor: Actor) -> bool:
    """Whether the column can hold what was said."""
    if meant == "":
        return True
    try:
        if attribute.field.is_relation:
            UUID(meant)
        Converter(attribute, actor, translated={"?": meant})("?")
    except (Unfit, ValueError):
        return False
    return True
