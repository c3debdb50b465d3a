"""The page that explains the JSON interface to people, from the same declarations that make the interface."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.filtering import operators_for
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import Actor

__all__ = ["explain"]


@dataclass(frozen=True)
class Field:
    """One field as programs read and write it."""

    name: str
    label: str | Promise
    type: str
    values: str
    written: bool
    needed: bool
    operators: str
    sealed: bool


@page("GET")
def explain(request: PageRequest) -> HttpResponse:
    """Show every entity that the reader may list: its addresses, fields, filters and orders."""
    known = [one for one in all_resources().values() if request.actor.holds(f"{one.kind}:view")]
    entities = [(one, fields_of(one, request.actor), ", ".join(one.sorts)) for one in known]
    context = {"entities": entities, "host": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "resource/api.html", context)


def fields_of(resource: Resource, actor: Actor) -> list[Field]:
    """Return what a row holds; fields sealed on every row for this reader are marked so."""
    names = dict.fromkeys((*resource.columns, *resource.more_columns, *resource.form_fields))
    return [_field(resource, resource.attributes[name], actor) for name in names]


def _field(resource: Resource, one: Attribute, actor: Actor) -> Field:
    written = one.name in resource.form_fields
    optional = one.field.blank or one.field.null or one.field.has_default()
    return Field(
        name=one.name,
        label=one.label,
        type=_type(one),
        values=", ".join(str(value) for value in one.choices if value != ""),
        written=written,
        needed=written and not optional,
        operators=", ".join(operators_for(one)),
        sealed=not one.open_to(actor),
    )


def _type(one: Attribute) -> str:
    words = {
        Look.YES_NO: _("true or false"),
        Look.MONEY: _("yuan, as text with two decimals"),
        Look.DATE: _("day, YYYY-MM-DD"),
        Look.MOMENT: _("moment with time zone"),
        Look.CLOCK: _("moment with time zone"),
        Look.REGION: _("region code, GB/T 2260"),
        Look.INDUSTRY: _("industry code, GB/T 4754"),
        Look.TREND: _("list of numbers"),
    }
    if one.field.is_relation:
        return _("uid of a %(kind)s") % {"kind": one.refers_to._meta.verbose_name if one.refers_to else "?"}
    if one.choices:
        return _("one of the values")
    return words.get(one.look) or (_("whole number") if one.whole else _("text"))
