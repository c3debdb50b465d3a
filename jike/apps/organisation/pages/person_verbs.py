"""What is done to a person with one click, to their posts and deputies; each is a POST that is harmless twice."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.organisation import actions
from jike.apps.organisation.models import Deputy, Person, Post
from jike.apps.organisation.pages.forms import DeputyForm, EndPostForm, PostForm
from jike.apps.organisation.pages.people import address, asking, person_at, show_password
from jike.apps.organisation.pages.taking import done, take
from jike.apps.organisation.queries.people import person_called
from jike.foundation.errors import NotFound
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.scope import Actor, fetch, require, require_permission

__all__ = ["assign", "depute", "end_deputy", "end_post", "reset_password", "see_as", "stop_seeing_as", "verb"]


def _disable(row: Person, actor: Actor) -> str:
    actions.disable_person(row, actor=actor)
    return _("%(name)s is shut out; open sessions have ended.") % {"name": row.name}


def _enable(row: Person, actor: Actor) -> str:
    actions.enable_person(row, actor=actor)
    return _("%(name)s may sign in again.") % {"name": row.name}


def _remove(row: Person, actor: Actor) -> str:
    actions.remove_person(row, actor=actor)
    return _("%(name)s is in the recycle bin.") % {"name": row.name}


def _restore(row: Person, actor: Actor) -> str:
    actions.restore_person(row, actor=actor)
    return _("%(name)s is back.") % {"name": row.name}


def _sign_out(row: Person, actor: Actor) -> str:
    actions.sign_out_everywhere(row, actor=actor)
    return _("All sessions of %(name)s have ended.") % {"name": row.name}


def _reset_second_factor(row: Person, actor: Actor) -> str:
    actions.reset_second_factor(row, actor=actor)
    return _("%(name)s signs in without a second factor until setting one up anew.") % {"name": row.name}


VERBS: dict[str, Callable[[Person, Actor], str]] = {
    "disable": _disable,
    "enable": _enable,
    "remove": _remove,
    "restore": _restore,
    "sign-out": _sign_out,
    "reset-second-factor": _reset_second_factor,
}


@page("POST")
def verb(request: PageRequest, uid: UUID, name: str) -> HttpResponse:
    """Do one of the `VERBS` to a person."""
    if name not in VERBS:
        raise NotFound
    row = person_at(request, uid, removed=name == "restore")
    sentence = VERBS[name](row, request.actor)
    onward = f"{reverse('organisation:people')}?removed=1" if name == "remove" else address(row)
    return done(request, sentence, onward)


@page("POST")
def reset_password(request: PageRequest, uid: UUID) -> HttpResponse:
    """Give a person a new first password and show it, once."""
    row = person_at(request, uid)
    return show_password(request, row, actions.reset_password(row, actor=request.actor))


@page("POST")
def see_as(request: PageRequest, uid: UUID) -> HttpResponse:
    """Look through a person's eyes from here on."""
    row = person_at(request, uid)
    actions.start_seeing_as(row, actor=request.actor)
    request.session["see_as"] = str(row.uid)
    return HttpResponseRedirect("/")


@page("POST")
def stop_seeing_as(request: PageRequest) -> HttpResponse:
    """See as oneself again."""
    request.session.pop("see_as", None)
    onward = "/"
    if request.actor.on_behalf is not None:
        seen, me = person_called(request.actor.uid), person_called(request.actor.on_behalf)
        if seen is not None and me is not None:
            actions.stop_seeing_as(seen, actor=_myself(me, request))
            onward = address(seen)
    return HttpResponseRedirect(onward)


def _myself(person: Person, request: PageRequest) -> Actor:
    from jike.apps.organisation.queries import actor_of

    return actor_of(person, now=timezone.now(), request=request.actor.request)


@page("GET", "POST", permission="organisation.post:add")
def assign(request: PageRequest, uid: UUID) -> HttpResponse:
    """Give a person a post."""
    row = person_at(request, uid)
    initial = {"since": timezone.localdate(), "unit": row.unit.uid}
    form = PostForm(request.POST or None, actor=request.actor, initial=initial)

    def do(values: dict[str, Any]) -> str:
        actions.assign_post(row, actor=request.actor, **values)
        return _("%(name)s is now %(role)s.") % {"name": row.name, "role": values["role"].label}

    return take(request, form, asking(_("Give %(name)s a post") % {"name": row.name}, row), do=do)


@page("GET", "POST")
def end_post(request: PageRequest, uid: UUID) -> HttpResponse:
    """End a post on a day."""
    row = fetch(Post, uid, request.actor, related=("person", "role", "unit"))
    require(request.actor, "change", row)
    initial = {"on": timezone.localdate(), "version": row.version}
    form = EndPostForm(request.POST or None, initial=initial)

    def do(values: dict[str, Any]) -> str:
        actions.end_post(row, actor=request.actor, on=values["on"], version=values["version"])
        return _("The post ends.")

    title = _("End the post %(role)s, %(unit)s") % {"role": row.role.label, "unit": row.unit.label}
    return take(request, form, asking(title, row.person), do=do, row=row)


@page("GET", "POST")
def depute(request: PageRequest, uid: UUID) -> HttpResponse:
    """Let somebody stand in for a person."""
    row = person_at(request, uid)
    require_permission(request.actor, "organisation.deputy:add")
    form = DeputyForm(request.POST or None, actor=request.actor, initial={"since": timezone.localdate()})

    def do(values: dict[str, Any]) -> str:
        given = {"deputy": values["deputy"], "reason": values["reason"], **form.moments()}
        actions.appoint_deputy(row, actor=request.actor, **given)
        return _("%(deputy)s stands in for %(name)s.") % {"deputy": values["deputy"].name, "name": row.name}

    return take(request, form, asking(_("A deputy for %(name)s") % {"name": row.name}, row), do=do)


@page("POST")
def end_deputy(request: PageRequest, uid: UUID) -> HttpResponse:
    """End a standing-in now."""
    row = fetch(Deputy, uid, request.actor, related=("person",))
    actions.end_deputy(row, actor=request.actor, now=timezone.now())
    return done(request, _("The standing-in has ended."), address(row.person))
