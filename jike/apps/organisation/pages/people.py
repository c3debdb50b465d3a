"""Pages of people: the list, one person, adding, changing, moving."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from jike.apps.organisation import actions, queries
from jike.apps.organisation.models import Person, Unit
from jike.apps.organisation.pages.forms import MovePersonForm, PersonForm
from jike.apps.organisation.pages.taking import Asking, take
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.scope import Actor, fetch, may, read_field, require
from jike.values.errors import InvalidValue
from jike.values.phones import Phone

__all__ = ["add", "change", "move", "people", "person"]


@page("GET", permission="organisation.person:view")
def people(request: PageRequest) -> HttpResponse:
    """List the people whom the actor may see, found by name, pinyin or staff number, unit by unit."""
    typed, removed = request.GET.get("q", "").replace("\0", ""), "removed" in request.GET
    unit = fetch(Unit, _uid(request.GET["unit"]), request.actor) if request.GET.get("unit") else None
    after = _after(request.GET.get("after", ""))
    found, more = queries.people_page(request.actor, typed=typed, unit=unit, after=after, removed=removed)
    kept = {name: str(request.GET[name]) for name in ("q", "unit", "removed") if request.GET.get(name)}
    following = f"?{urlencode({**kept, 'after': f'{found[-1].pk}:{found[-1].name_key}'})}" if more else ""
    context = {
        "people": [(one, _phone(request.actor, one)) for one in found],
        "typed": typed,
        "unit": unit,
        "units": queries.tree_lines(request.actor),
        "removed": removed,
        "next_url": following,
        "previous_url": f"?{urlencode(kept)}" if after else "",
        "may_add": request.actor.holds("organisation.person:add"),
        "may_remove": request.actor.holds("organisation.person:remove"),
    }
    return render(request, "organisation/people.html", context)


@page("GET")
def person(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show a person: facts, posts, deputies, sessions, history, and what may be done."""
    row = person_at(request, uid, removed="removed" in request.GET)
    actor, now = request.actor, timezone.now()
    itself = row.pk == actor.person
    context = {
        "person": row,
        "phone": _phone(actor, row),
        "path": queries.path_of(row.unit, actor),
        "posts": [(post, may(actor, "change", post) and not itself) for post in queries.posts_of(row, actor)],
        "deputies": queries.deputies_of(row, actor, now=now),
        "principals": queries.principals_of(row, now=now),
        "sessions": queries.sessions_of(row) if itself or may(actor, "sign_out", row) else None,
        "second_factor": queries.has_second_factor(row),
        "itself": itself,
        "today": timezone.localdate(),
        "can": {
            name: may(actor, name, row)
            for name in ("change", "remove", "reset_password", "sign_out", "see_as")
        },
        "may_post": actor.holds("organisation.post:add") and not itself,
        "may_depute": itself or actor.reach("organisation.deputy:add").covers(owner=None, unit=row.unit_id),
    }
    return render(request, "organisation/person.html", context)


def _phone(actor: Actor, row: Person) -> Any:
    """Return the telephone number as people read it, or the seal upon it."""
    value = read_field(actor, row, "phone")
    try:
        return Phone.parse(value).display if isinstance(value, str) and value else value
    except InvalidValue:
        return value


def person_at(request: PageRequest, uid: UUID, *, removed: bool = False) -> Person:
    """Return the person named in the address, or NotFound when the actor may not see them."""
    return fetch(Person, uid, request.actor, related=("unit",), removed=removed)


def address(row: Person) -> str:
    """Return where a person's page is."""
    return reverse("organisation:person", args=[row.uid])


@page("GET", "POST", permission="organisation.person:add")
def add(request: PageRequest) -> HttpResponse:
    """Add a person and show the first password, once."""
    form = PersonForm(request.POST or None, actor=request.actor, initial={"unit": request.GET.get("unit")})

    def do(values: dict[str, Any]) -> HttpResponse:
        values.pop("version")
        new = actions.add_person(actor=request.actor, **values)
        return show_password(request, new.person, new.password)

    trail = [(reverse("organisation:people"), _("People"))]
    return take(request, form, Asking(_("Add a person"), trail[0][0], trail=trail), do=do)


def show_password(request: HttpRequest, row: Person, password: str) -> HttpResponse:
    """Show a first password; it is nowhere else, and no cache keeps the page."""
    context = {
        "title": row.name,
        "explanation": _(
            "The first password of %(name)s (%(number)s). It must be changed at the first sign-in."
        )
        % {"name": row.name, "number": row.staff_no},
        "secret": password,
        "onward": address(row),
    }
    response = render(request, "organisation/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


@page("GET", "POST")
def change(request: PageRequest, uid: UUID) -> HttpResponse:
    """Change a person's own facts."""
    row = person_at(request, uid)
    require(request.actor, "change", row)
    names = ("staff_no", "name", "phone", "email", "version")
    initial = {name: getattr(row, name) for name in names}
    form = PersonForm(request.POST or None, actor=request.actor, person=row, initial=initial)

    def do(values: dict[str, Any]) -> str:
        given = {
            name: value for name, value in values.items() if name != "version" and value != initial[name]
        }
        actions.change_person(row, actor=request.actor, version=values["version"], **given)
        return _("Saved.")

    return take(request, form, asking(_("Change %(name)s") % {"name": row.name}, row), do=do, row=row)


@page("GET", "POST")
def move(request: PageRequest, uid: UUID) -> HttpResponse:
    """Give a person another home unit."""
    row = person_at(request, uid)
    require(request.actor, "change", row)
    initial = {"unit": row.unit.uid, "version": row.version}
    form = MovePersonForm(request.POST or None, actor=request.actor, initial=initial)

    def do(values: dict[str, Any]) -> str:
        actions.move_person(row, actor=request.actor, unit=values["unit"], version=values["version"])
        return _("%(name)s now belongs to %(unit)s.") % {"name": row.name, "unit": row.unit.label}

    return take(request, form, asking(_("Move %(name)s") % {"name": row.name}, row), do=do, row=row)


def asking(title: str, row: Person) -> Asking:
    """Return how a page asks for something about this person."""
    trail = [(reverse("organisation:people"), _("People")), (address(row), row.name)]
    return Asking(title, address(row), trail=trail)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _after(text: str) -> tuple[str, int] | None:
    number, colon, key = text.partition(":")
    known = colon and number.isascii() and number.isdigit() and len(number) < 19
    return (key.replace("\0", ""), int(number)) if known else None
