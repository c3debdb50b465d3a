"""Pages of roles: the list, the matrix role × right × breadth, edited cell by cell."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.organisation import actions, queries
from jike.apps.organisation.models import Role
from jike.apps.organisation.pages.forms import RoleForm
from jike.apps.organisation.pages.taking import Asking, done, take
from jike.apps.organisation.queries.roles import cells_of, fits
from jike.foundation.errors import Invalid, NotFound
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.scope import fetch, may, permission_catalogue, require
from jike.foundation.scope.permissions import BREADTH_LABELS
from jike.values.rights import Breadth

__all__ = ["add", "cell", "change", "matrix", "remove", "role", "roles"]

FIELDS = ("code", "name", "name_en", "purpose", "domain")


@page("GET", permission="organisation.role:view")
def roles(request: PageRequest) -> HttpResponse:
    """List the roles with how many people hold each."""
    context = {
        "roles": queries.roles_listed(request.actor, today=timezone.localdate()),
        "may_add": request.actor.holds("organisation.role:add"),
    }
    return render(request, "organisation/roles.html", context)


@page("GET", permission="organisation.role:view")
def matrix(request: PageRequest) -> HttpResponse:
    """Show the matrix of all roles."""
    shown = list(queries.roles_listed(request.actor, today=timezone.localdate()))
    return render(request, "organisation/matrix.html", _matrix(request, shown))


@page("GET")
def role(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show one role: its facts, its column of the matrix, its history."""
    row = fetch(Role, uid, request.actor)
    can = {name: may(request.actor, name, row) for name in ("change", "remove")}
    return render(request, "organisation/role.html", {"role": row, "can": can, **_matrix(request, [row])})


def _matrix(request: PageRequest, shown: list[Role]) -> dict[str, Any]:
    return {
        "roles": shown,
        "groups": queries.matrix(shown),
        "may_grant": request.actor.holds("organisation.role:grant") and request.actor.on_behalf is None,
    }


@page("GET", "POST")
def cell(request: PageRequest, uid: UUID, permission: str) -> HttpResponse:
    """Show one cell as a choice, or set it; either way answer with the cell alone."""
    row = fetch(Role, uid, request.actor)
    known = permission_catalogue().get(permission)
    if known is None or not fits(row, known):
        raise NotFound
    require(request.actor, "grant", row)
    if request.method == "POST":
        wanted, seen = _breadth(request.POST.get("breadth", "")), _breadth(request.POST.get("seen", ""))
        actions.set_grant(row, actor=request.actor, permission=permission, breadth=wanted, seen=seen)
    breadth = cells_of(row).get(permission)
    context = {
        "role": row,
        "permission": known,
        "breadth": breadth,
        "word": str(BREADTH_LABELS[breadth]) if breadth else "",
        "choices": BREADTH_LABELS.items(),
        "editing": request.method == "GET",
    }
    return render(request, "organisation/_cell.html", context)


def _breadth(text: str) -> Breadth | None:
    if not text:
        return None
    try:
        return Breadth(text)
    except ValueError as error:
        raise Invalid({"breadth": [_("There is no such breadth.")]}) from error


def address(row: Role) -> str:
    """Return where a role's page is."""
    return reverse("organisation:role", args=[row.uid])


@page("GET", "POST", permission="organisation.role:add")
def add(request: PageRequest) -> HttpResponse:
    """Add a role without rights."""
    form = RoleForm(request.POST or None)

    def do(values: dict[str, Any]) -> HttpResponse:
        row = actions.add_role(actor=request.actor, **{name: values[name] for name in FIELDS})
        return done(request, _("The role was added; now give it rights."), address(row))

    return take(request, form, Asking(_("Add a role"), reverse("organisation:roles"), trail=_trail()), do=do)


@page("GET", "POST")
def change(request: PageRequest, uid: UUID) -> HttpResponse:
    """Change a role's names, purpose and side."""
    row = fetch(Role, uid, request.actor)
    require(request.actor, "change", row)
    form = RoleForm(request.POST or None, initial={name: getattr(row, name) for name in (*FIELDS, "version")})

    def do(values: dict[str, Any]) -> str:
        actions.change_role(row, actor=request.actor, **values)
        return _("Saved.")

    asking = Asking(_("Change %(name)s") % {"name": row.label}, address(row), trail=_trail())
    return take(request, form, asking, do=do, row=row)


@page("POST")
def remove(request: PageRequest, uid: UUID) -> HttpResponse:
    """Put a role that nobody holds into the recycle bin."""
    row = fetch(Role, uid, request.actor)
    actions.remove_role(row, actor=request.actor)
    return done(
        request, _("%(name)s is in the recycle bin.") % {"name": row.label}, reverse("organisation:roles")
    )


def _trail() -> list[tuple[str, str]]:
    return [(reverse("organisation:roles"), _("Roles and rights"))]
