"""What persons ask of us about their data, on screen: requests, the copy, the erasure, and who looked at what."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers import actions, queries
from jike.apps.customers.models import FileToDecide, KeyPerson, PersonRequest
from jike.apps.customers.rules import Asked, RequestState
from jike.foundation.errors import NotFound
from jike.foundation.models import BackgroundTask
from jike.foundation.pages.entry import PageRequest, before_of, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource import Contribution, Panel, Resource, Section, Verb
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import Actor, fetch, may

__all__ = [
    "ON_KEY_PERSONS",
    "PERSON_REQUESTS",
    "copy_person",
    "decide_file",
    "forget",
    "refuse",
    "reveals",
    "settle",
]

SETTLE, COPY, FORGET = (
    "customers.personrequest:settle",
    "customers.keyperson:copy_out",
    "customers.keyperson:forget",
)


def is_open(row: PersonRequest) -> bool:
    """Whether it waits for an answer."""
    return row.state == RequestState.OPEN


def files(row: PersonRequest, actor: Actor) -> Mapping[str, Any] | None:
    """Return the files that wait for a decision; nothing where none do, or for those who may not decide."""
    waiting = queries.files_to_decide(row) if may(actor, "settle", row) else {}
    return {"files": waiting.items()} if waiting else None


PERSON_REQUESTS = Resource(
    model=PersonRequest,
    slug="person-requests",
    icon="user-shield",
    columns=("key_person", "asked", "state", "asked_on", "due_on", "settled_by"),
    more_columns=("wish", "outcome", "settled_at"),
    looks={"state": "state"},
    sorts=("due_on", "-asked_on"),
    form=(Section(gettext_lazy("Request"), ("key_person", "asked", "wish", "asked_on")),),
    actions={"add": actions.ask_about_person, "change": actions.change_request},
    panels=(
        Panel("files", gettext_lazy("Files"), "customers/_files_to_decide.html", files, "head"),
        Verb(
            "settle", gettext_lazy("Settle"), "check", "customers:request_settle", when=is_open, primary=True
        ),
        Verb("settle", gettext_lazy("Refuse"), "x", "customers:request_refuse", when=is_open),
    ),
    dates="due_on",
)
ON_KEY_PERSONS = Contribution(
    "customers.keyperson",
    verbs=(
        Verb("copy_out", gettext_lazy("Copy of the data"), "file-export", "customers:copy_person"),
        Verb("forget", gettext_lazy("Erase"), "eye-off", "customers:forget"),
    ),
)


@page("GET", "POST", permission=SETTLE)
def settle(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask what was done, and settle the request; a deletion erases the person."""
    row = fetch(PersonRequest, uid, request.actor, action="settle", related=("key_person",))
    title = _("Erase and settle") if row.asked == Asked.DELETION else _("Settle")

    def act(given: dict[str, Any]) -> str:
        return _told(actions.answer_request(row, actor=request.actor, outcome=given["outcome"])) or _state(
            row
        )

    return ask(request, row, _outcome(request), title=title, act=act)


@page("GET", "POST", permission=SETTLE)
def refuse(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask why, and refuse the request."""
    row = fetch(PersonRequest, uid, request.actor, action="settle", related=("key_person",))
    act = partial(_answer, partial(actions.refuse_request, row, actor=request.actor))
    return ask(request, row, _outcome(request), title=_("Refuse"), act=act)


@page("GET", "POST", permission=COPY)
def copy_person(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show all that is known of the person; sent, give it as a file to read or as JSON, and record that."""
    person = fetch(KeyPerson, uid, request.actor, action="copy_out", related=("customer",))
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": request.path})
    if request.method == "GET":
        context = {"person": person, "sections": queries.copied(person, request.actor)}
        return render(request, "customers/person_copy.html", context)
    sections = actions.copy_person(person, actor=request.actor)
    name = f"{timezone.localdate():%Y-%m-%d}-{person.uid}"
    if request.POST.get("file") == "json":
        told = {one.name: one.lines for one in sections}
        text, kind, suffix = json.dumps(told, ensure_ascii=False, indent=2), "application/json", "json"
    else:
        context = {"person": person, "sections": sections, "today": timezone.localdate()}
        text = render(request, "customers/person_copy_file.html", context).content.decode()
        kind, suffix = "text/html", "html"
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=disposition)


@page("GET", "POST", permission=FORGET)
def forget(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask once more, record the request, and erase what is known of the person."""
    person = fetch(KeyPerson, uid, request.actor, action="forget", related=("customer",))
    asked: list[PersonRequest] = []

    def act(given: dict[str, Any]) -> str:
        wish = actions.ask_about_person(
            actor=request.actor, key_person=person, asked=Asked.DELETION, wish=given["wish"]
        )
        task = actions.answer_request(wish, actor=request.actor, outcome=_("Erased"))
        asked.append(wish)
        return _told(task) or _("What was known of the person is erased.")

    form = RecordForm(
        [attribute_of(PersonRequest, "wish")], request.actor, data=request.POST or None, initial={}
    )
    form.fields["wish"].required = True
    answer = ask(request, person, form, title=_("Erase what is known of the person"), act=act)
    if asked:  # the person's own page is gone
        home = reverse("resource:record", args=["person-requests", asked[0].uid])
        return HttpResponse(headers={"HX-Redirect": home}) if request.htmx else redirect(home)
    return answer


@page("GET", "POST", permission=SETTLE)
def decide_file(request: PageRequest, uid: UUID, file: UUID) -> HttpResponse:
    """Ask what becomes of a file around somebody who was erased, and why."""
    row = fetch(PersonRequest, uid, request.actor, action="settle", related=("key_person",))
    wanted = next((one for one in queries.files_to_decide(row) if one.uid == file), None)
    if wanted is None:
        raise NotFound
    form = RecordForm(
        [attribute_of(FileToDecide, name) for name in ("decision", "reason")],
        request.actor,
        data=request.POST or None,
    )
    form.fields["decision"].required = True

    def act(given: dict[str, Any]) -> str:
        done = actions.decide_file(wanted, actor=request.actor, request=row, **given)
        return f"{done}{_(':')} {done.get_decision_display()}"

    return ask(request, wanted, form, title=_("What becomes of this file"), act=act)


@page("GET", permission=COPY)
def reveals(request: PageRequest) -> HttpResponse:
    """Show who looked at which personal fields of the reader's key persons, the latest first."""
    found, following = queries.reveals(request.actor, before=before_of(request))
    return render(request, "customers/reveals.html", {"reveals": found, "following": following})


def _answer(act: Callable[..., PersonRequest], given: dict[str, Any]) -> str:
    return _state(act(outcome=given["outcome"]))


def _state(row: PersonRequest) -> str:
    return f"{row.get_asked_display()}{_(':')} {row.get_state_display()}"


def _told(task: BackgroundTask | None) -> str:
    """Say that it takes longer, when it does."""
    return (
        _("Many files lie around the person. They are read first; the task centre shows how far it is.")
        if task
        else ""
    )


def _outcome(request: PageRequest) -> forms.Form:
    form = forms.Form(request.POST or None)
    label = PersonRequest._meta.get_field("outcome").verbose_name
    widget = forms.Textarea(attrs={"rows": 3, "class": "inp"})
    form.fields["outcome"] = forms.CharField(label=label, max_length=1000, widget=widget)
    return form
