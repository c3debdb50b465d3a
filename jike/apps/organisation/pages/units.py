"""Pages of units: the tree, one unit with its people, adding, changing, moving, clearing away and bringing back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jike.apps.organisation import actions, queries
from jike.apps.organisation.models import Unit
from jike.apps.organisation.pages.forms import MoveUnitForm, UnitForm
from jike.apps.organisation.pages.taking import Asking, done, take
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.scope import fetch, may, require

__all__ = ["add", "change", "move", "remove", "removed", "restore", "unit", "units"]


@page("GET", permission="organisation.unit:view")
def units(request: PageRequest) -> HttpResponse:
    """Show the tree with its counts."""
    context = {
        "lines": queries.tree_lines(request.actor),
        "may_add": request.actor.holds("organisation.unit:add"),
        "may_remove": request.actor.holds("organisation.unit:remove"),
    }
    return render(request, "organisation/units.html", context)


@page("GET", permission="organisation.unit:remove")
def removed(request: PageRequest) -> HttpResponse:
    """Show the units in the recycle bin, with the way back."""
    rows = [(row, may(request.actor, "remove", row)) for row in queries.removed_units(request.actor)]
    return render(request, "organisation/removed_units.html", {"rows": rows})


@page("GET")
def unit(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show a unit: its facts, the units directly below, its people and its history."""
    row = fetch(Unit, uid, request.actor, related=("parent",))
    people, more = queries.people_page(request.actor, unit=row)
    context = {
        "unit": row,
        "path": queries.path_of(row, request.actor),
        "children": queries.children_of(row, request.actor),
        "people": people,
        "more": more,
        "can": {name: may(request.actor, name, row) for name in ("add", "change", "move", "remove")},
        "may_add_person": request.actor.holds("organisation.person:add"),
    }
    return render(request, "organisation/unit.html", context)


def address(row: Unit) -> str:
    """Return where a unit's page is."""
    return reverse("organisation:unit", args=[row.uid])


@page("GET", "POST", permission="organisation.unit:add")
def add(request: PageRequest) -> HttpResponse:
    """Add a unit."""
    initial = {"parent": request.GET.get("under", ""), "level": "team"}
    form = UnitForm(request.POST or None, actor=request.actor, initial=initial)

    def do(values: dict[str, Any]) -> HttpResponse:
        values.pop("version")
        row = actions.add_unit(actor=request.actor, **values)
        return done(request, _("%(name)s was added.") % {"name": row.label}, address(row))

    return take(request, form, Asking(_("Add a unit"), reverse("organisation:units"), trail=_trail()), do=do)


@page("GET", "POST")
def change(request: PageRequest, uid: UUID) -> HttpResponse:
    """Change a unit's own facts."""
    row = fetch(Unit, uid, request.actor)
    require(request.actor, "change", row)
    names = ("code", "name", "name_en", "level", "region", "version")
    initial = {name: getattr(row, name) for name in names}
    form = UnitForm(request.POST or None, actor=request.actor, unit=row, initial=initial)

    def do(values: dict[str, Any]) -> str:
        actions.change_unit(row, actor=request.actor, **values)
        return _("Saved.")

    return take(request, form, _asking(_("Change %(name)s") % {"name": row.label}, row), do=do, row=row)


@page("GET", "POST")
def move(request: PageRequest, uid: UUID) -> HttpResponse:
    """Move a unit with everything below it."""
    row = fetch(Unit, uid, request.actor, related=("parent",))
    require(request.actor, "move", row)
    initial = {"parent": row.parent.uid if row.parent else "", "version": row.version}
    form = MoveUnitForm(request.POST or None, actor=request.actor, unit=row, initial=initial)

    def do(values: dict[str, Any]) -> str:
        actions.move_unit(row, actor=request.actor, parent=values["parent"], version=values["version"])
        return _("%(name)s was moved with everything below it.") % {"name": row.label}

    return take(request, form, _asking(_("Move %(name)s") % {"name": row.label}, row), do=do, row=row)


@page("POST")
def remove(request: PageRequest, uid: UUID) -> HttpResponse:
    """Put an empty unit into the recycle bin."""
    row = fetch(Unit, uid, request.actor)
    actions.remove_unit(row, actor=request.actor)
    return done(
        request, _("%(name)s is in the recycle bin.") % {"name": row.label}, reverse("organisation:units")
    )


@page("POST")
def restore(request: PageRequest, uid: UUID) -> HttpResponse:
    """Take a unit out of the recycle bin, back to where it lay."""
    row = fetch(Unit, uid, request.actor, removed=True, related=("parent",))
    actions.restore_unit(row, actor=request.actor)
    return done(request, _("%(name)s is back.") % {"name": row.label}, address(row))


def _trail() -> list[tuple[str, str]]:
    return [(reverse("organisation:units"), _("Units"))]


def _asking(title: str, row: Unit) -> Asking:
    return Asking(title, address(row), trail=[*_trail(), (address(row), row.label)])
