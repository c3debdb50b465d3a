"""Filter chips: each condition in words, with the address of the list without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jike.foundation.resource.attributes import Attribute, Look, title_field
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.filtering import OPERATORS, Condition, Group, relative
from jike.foundation.resource.presenting import words
from jike.foundation.resource.state import ListState, uid_text
from jike.foundation.scope import Actor, visible

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


def chips_of(resource: Resource, state: ListState, actor: Actor) -> list[Chip]:
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
            else _chip(resource.attributes[part.name], place, part, without=rest, actor=actor)
        )
    return chips


def _group_chip(place: int, group: Group, without: str) -> Chip:
    count = len(group.parts)
    word = _("any of") if group.any else _("all of")
    return Chip(place, word, "", ngettext("%d condition", "%d conditions", count) % count, without)


def _chip(attribute: Attribute, place: int, condition: Condition, *, without: str, actor: Actor) -> Chip:
    value = value_words(attribute, condition.value, actor)
    return Chip(place, attribute.label, OPERATORS[condition.operator], value, without)


def value_words(attribute: Attribute, value: Any, actor: Actor) -> str:
    """Return a condition's value as people say it."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    if attribute.field.is_relation:
        names = [name for _value, name in value_choices(attribute, values, actor)]
    else:
        names = [_word(attribute, one) for one in values]
    more = "…" if len(names) > SHOWN_VALUES else ""
    return _(", ").join(names[:SHOWN_VALUES]) + more


def _word(attribute: Attribute, value: Any) -> str:
    look = attribute.look
    if look is Look.YES_NO:
        return words(attribute, value in (True, "true"))
    if not look.dated:
        return str(value) if look.numeric else words(attribute, value)
    number, unit = relative(value) or (0, "")
    if not number:
        return {"d": _("today"), "h": _("now")}.get(unit, str(value))
    if unit == "h":
        return ngettext("%d hour from now", "%d hours from now", abs(number)) % number
    if number < 0:
        return ngettext("%d day ago", "%d days ago", -number) % -number
    return ngettext("in %d day", "in %d days", number) % number


def value_choices(attribute: Attribute, values: Sequence[Any], actor: Actor) -> list[tuple[str, str]]:
    """Return chosen values with their names, for chips and for a select that searches.

    A row that is hidden from the actor looks like one that is not there.
    """
    if not attribute.field.is_relation:
        return [(str(value), _word(attribute, value)) for value in values]
    related: Any = attribute.refers_to
    uids = [uid for uid in (uid_text(str(one)) for one in values) if uid]
    rows = visible(related, actor).filter(uid__in=uids).values_list("uid", title_field(related))
    names = {str(uid): str(name) for uid, name in rows}
    found = [(uid, names.get(uid, _("hidden"))) for uid in uids]
    return ([("me", _("me"))] if "me" in values else []) + found
