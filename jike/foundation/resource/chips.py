"""Filter chips: each condition in words, with the address of the list without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jike.foundation.resource.attributes import Attribute, title_field
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.filtering import OPERATORS, Condition, Group
from jike.foundation.resource.presenting import words
from jike.foundation.resource.state import ListState

__all__ = ["Chip", "chips_of", "value_choices"]

SHOWN_VALUES = 3


@dataclass(frozen=True)
class Chip:
    """One chip of the view bar."""

    place: int
    field: str | Promise
    operator: str | Promise
    value: str
    without: str
    """Address of the list without this condition."""


def chips_of(resource: Resource, state: ListState) -> list[Chip]:
    """Return a chip per top condition; a nested group is one chip that opens the builder."""
    parts = state.where.parts
    if state.where.any and parts:
        return [_group_chip(0, state.where, state.address(where=Group(False, ())))]
    chips = []
    for place, part in enumerate(parts):
        rest = state.address(where=Group(False, parts[:place] + parts[place + 1 :]))
        chips.append(
            _group_chip(place, part, rest)
            if isinstance(part, Group)
            else _chip(resource, place, part, without=rest)
        )
    return chips


def _group_chip(place: int, group: Group, without: str) -> Chip:
    count = len(group.parts)
    word = _("any of") if group.any else _("all of")
    return Chip(place, word, "", ngettext("%d condition", "%d conditions", count) % count, without)


def _chip(resource: Resource, place: int, condition: Condition, *, without: str) -> Chip:
    attribute = resource.attributes[condition.name]
    return Chip(
        place,
        attribute.label,
        OPERATORS[condition.operator],
        value_words(attribute, condition.value),
        without,
    )


def value_words(attribute: Attribute, value: Any) -> str:
    """Return a condition's value as people say it."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    if attribute.field.is_relation:
        names = _names(attribute, [one for one in values if one != "me"])
        names = ([_("me")] if "me" in values else []) + names
    else:
        names = [
            words(attribute, one) if not isinstance(one, str) or not attribute.look.numeric else one
            for one in values
        ]
    more = "…" if len(names) > SHOWN_VALUES else ""
    return "、".join(names[:SHOWN_VALUES]) + more


def _names(attribute: Attribute, uids: list[Any]) -> list[str]:
    related: Any = attribute.refers_to
    rows = related._default_manager.filter(uid__in=uids).values_list(title_field(related), flat=True)
    return [str(name) for name in rows]


def value_choices(attribute: Attribute, values: Sequence[str]) -> list[tuple[str, str]]:
    """Return chosen values with their names, for a select that searches."""
    if not attribute.field.is_relation:
        return [(value, words(attribute, value)) for value in values]
    related: Any = attribute.refers_to
    rows = related._default_manager.filter(uid__in=[value for value in values if value != "me"])
    found = [(str(uid), str(name)) for uid, name in rows.values_list("uid", title_field(related))]
    return ([("me", _("me"))] if "me" in values else []) + found
