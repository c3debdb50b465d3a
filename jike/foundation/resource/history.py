"""A record's history in words: who changed what from what to what, as its reader may know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jike.foundation.audit import Entry, history_of
from jike.foundation.custom.storing import unpacked
from jike.foundation.errors import NotFound
from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute, Look, attribute_of, title_field
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.presenting import words
from jike.foundation.scope import SEALED, Actor, may, visible

__all__ = ["ToldChange", "ToldEntry", "old_value", "told"]

Names = Mapping[tuple[Any, Any], str]


@dataclass(frozen=True)
class ToldChange:
    """One field of one change."""

    name: str
    label: str | Promise
    old: str
    new: str
    restorable: bool
    """Whether its old value may be brought back with one click."""


@dataclass(frozen=True)
class ToldEntry:
    """One change in words."""

    entry: Entry
    verb: str | Promise
    changes: tuple[ToldChange, ...]


def told(
    resource: Resource, entries: Sequence[Entry], actor: Actor, *, row: Record | None = None
) -> list[ToldEntry]:
    """Return the entries in words; fields that no form shows are left silent.

    ``row`` is the record whose values one click may bring back; None where no such click is offered.
    """
    entries = [_readable(resource, entry, actor, row=row) for entry in entries]
    editable = row is not None and may(actor, "change", row)
    names = _names(resource, entries, actor)
    return [_told(resource, entry, names, editable=editable and entry.verb != "add") for entry in entries]


def _readable(resource: Resource, entry: Entry, actor: Actor, *, row: Record | None) -> Entry:
    """Return the entry with custom fields told one by one, as far as the actor may read them."""
    values = unpacked(entry.values)
    parts = [one for name in values if "." in name and (one := resource.attributes.get(name))]
    values |= {one.name: SEALED for one in parts if one.hidden_from(actor, row)}
    return replace(entry, values=values)


def _names(resource: Resource, entries: Sequence[Entry], actor: Actor) -> Names:
    """Return the names of the rows that the values refer to, as far as the actor may see them; a query a kind."""
    wanted: dict[Any, set[Any]] = {}
    for entry in entries:
        for column, pair in entry.values.items():
            attribute = _attribute(resource, column)
            if pair and attribute is not None and attribute.field.is_relation and attribute.field.editable:
                wanted.setdefault(attribute.refers_to, set()).update(one for one in pair if one is not None)
    return {
        (related, pk): str(name)
        for related, pks in wanted.items()
        for pk, name in visible(related, actor).filter(pk__in=pks).values_list("pk", title_field(related))
    }


def _told(resource: Resource, entry: Entry, names: Names, *, editable: bool) -> ToldEntry:
    own = resource.model.ACTIONS.get(entry.verb) or resource.model.VERBS.get(entry.verb)
    verb = own or _VERBS.get(entry.verb, lambda: entry.verb)()
    known = ((_attribute(resource, column), pair) for column, pair in entry.values.items())
    changes = (
        _told_change(resource, attribute, pair, names=names, editable=editable)
        for attribute, pair in known
        if attribute is not None and attribute.field.editable
    )
    return ToldEntry(entry, verb, tuple(changes))


def _attribute(resource: Resource, column: str) -> Attribute | None:
    name = column.removesuffix("_id")
    known = resource.attributes.get(name) or resource.attributes.get(column)
    if known is not None:
        return known
    try:
        return attribute_of(resource.model, column)
    except LookupError:
        return None


def _told_change(
    resource: Resource, attribute: Attribute, pair: Any, *, names: Names, editable: bool
) -> ToldChange:
    if not pair:
        word = str(SEALED) if pair is SEALED else _("forgotten")
        return ToldChange(attribute.name, attribute.label, word, word, False)
    old, new = (_words(attribute, value, names) for value in pair)
    restorable = editable and attribute.name in resource.form_fields
    return ToldChange(attribute.name, attribute.label, old, new, restorable)


def old_value(resource: Resource, row: Record, name: str, *, change: int, actor: Actor) -> Any:
    """Return what the field was before ``change``, as the row holds it.

    Raises
    ------
    NotFound
        The change is not this row's, did not touch the field, or its values are sealed for ``actor`` or forgotten.
    """
    found = next(
        (entry for entry in history_of(row, actor, limit=1, before=change + 1) if entry.id == change), None
    )
    column = resource.attributes[name].field.attname if name in resource.form_fields else ""
    pair = _readable(resource, found, actor, row=row).values.get(column) if found else None
    if pair is None or pair is SEALED:
        raise NotFound
    attribute = resource.attributes[name]
    if not attribute.field.is_relation or pair[0] is None:
        return _stored(attribute, pair[0])
    related: Any = attribute.refers_to
    referred = visible(related, actor).filter(pk=pair[0]).first()
    if referred is None:
        raise NotFound
    return referred


def _words(attribute: Attribute, value: Any, names: Names) -> str:
    """Return a recorded (JSON) value in words; a reference's name only where the actor may see that row."""
    if value is None or not attribute.field.is_relation:
        return words(attribute, _stored(attribute, value))
    return names.get((attribute.refers_to, value), _("hidden"))


def _stored(attribute: Attribute, value: Any) -> Any:
    if value is None or attribute.look is Look.TREND:
        return value
    return attribute.field.to_python(value)


_VERBS = {
    "restore": lambda: _("Restored"),
    "forget": lambda: _("Forgotten"),
    "load": lambda: _("Loaded"),
    "reveal": lambda: _("Revealed"),
    "export": lambda: _("Exported"),
}
