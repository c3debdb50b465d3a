"""Sealed fields of many records for programs: ordered by a token, released by a second person, then fetched once made.

A token orders in the name of the person who answers for it, within its own scopes, and fetches only what it ordered.
Nobody releases what they answer for, so that two people see to it here as well (金库模式).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router, Schema, Status
from pydantic import Field

from jike.foundation import background
from jike.foundation.customising import customised
from jike.foundation.directory import actor_of
from jike.foundation.errors import Invalid, NotFound
from jike.foundation.exchange.exporting import order_export
from jike.foundation.exchange.releasing import note_download
from jike.foundation.exchange.revealing import MOST, may_reveal_many, revealing
from jike.foundation.exchange.writing import FileType
from jike.foundation.models import BackgroundTask
from jike.foundation.resource.api import Problem
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.state import read_state
from jike.foundation.scope import Actor, ActorKind, require_permission

__all__ = ["add_reveals"]

THROUGH = "through"
"""In a task's order: the uid of the token that ordered it."""


class Wanted(Schema):
    """Which records are revealed, and which fields."""

    uids: list[UUID] = Field(..., min_length=1, max_length=MOST, description="Records of the list.")
    columns: list[str] = Field(default_factory=list, description="Fields; those of the list without them.")
    reason: str = Field(..., min_length=2, max_length=100, description="Why; whoever releases it reads this.")


class Standing(Schema):
    """How far it is: waiting, running, held (it waits for a release), ready, refused, failed."""

    uid: UUID
    state: str
    sentence: str


def add_reveals(api: NinjaAPI, resources: Iterable[Resource]) -> None:
    """Add to each kind whose sealed fields may be revealed the address at which programs ask for many at once."""
    for resource in resources:
        if resource.model.SEALED and "reveal" in resource.model.ACTIONS:
            api.add_router(f"/{resource.slug}/reveals", _router(resource), tags=[str(resource.kind)])


def _router(resource: Resource) -> Router:
    router = Router()
    name = resource.model.__name__
    told = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)

    @router.post("", response={201: Standing, **told}, operation_id=f"reveal_{name}")
    def ask(request: HttpRequest, wanted: Wanted) -> Any:
        return Status(201, _told(_ordered(resource, wanted, actor=_actor(request))))

    @router.get("/{uuid:uid}", response={200: Standing, **told}, operation_id=f"get_reveal_{name}")
    def look(request: HttpRequest, uid: UUID) -> Any:
        return _told(_own(resource, uid, _actor(request)))

    @router.get("/{uuid:uid}/file", response={200: None, **told}, operation_id=f"get_revealed_{name}")
    def fetch_file(request: HttpRequest, uid: UUID) -> Any:
        actor = _actor(request)
        task = _own(resource, uid, actor)
        path, file_name = background.result_of(task.uid, _answering(actor))
        note_download(task, actor)
        answer = FileResponse(
            path.open("rb"), as_attachment=True, filename=file_name, content_type="text/csv"
        )
        answer["Cache-Control"] = "private, no-store"
        return answer

    return router


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _answering(actor: Actor) -> Actor:
    """Return who answers for what the program does: of a token its person, who is asked anew what they may."""
    if actor.kind is ActorKind.PERSON:
        return actor
    people: Any = get_user_model()
    uid = people._default_manager.filter(pk=actor.person).values_list("uid", flat=True).first()
    found = actor_of(uid) if uid else None
    if found is None:
        raise NotFound
    return found


def _ordered(resource: Resource, wanted: Wanted, *, actor: Actor) -> BackgroundTask:
    if not may_reveal_many(resource, actor):
        raise NotFound
    require_permission(actor, f"{resource.kind}:view")
    whole = customised(resource)
    if unknown := [one for one in wanted.columns if one not in whole.attributes]:
        raise Invalid({"columns": [_("There is no field “%(name)s”.") % {"name": unknown[0][:40]}]})
    given = {"columns": ",".join(wanted.columns)} if wanted.columns else {}
    return order_export(
        whole,
        read_state(whole, given, revealing(whole, actor)),
        FileType.CSV,
        actor=_answering(actor),
        uids=wanted.uids,
        reveal=True,
        told={THROUGH: str(actor.uid), "reason": f"{actor.name}{_(':')} {wanted.reason}"},
    )


def _own(resource: Resource, uid: UUID, actor: Actor) -> BackgroundTask:
    """Return what the program ordered itself; all else looks absent."""
    task = background.standing_of(uid, _answering(actor)).task
    if task.order.get(THROUGH) != str(actor.uid) or task.order["resource"] != resource.slug:
        raise NotFound
    return task


def _told(task: BackgroundTask) -> dict[str, Any]:
    state = {BackgroundTask.State.DONE: "ready", BackgroundTask.State.STOPPED: "refused"}.get(
        BackgroundTask.State(task.state), task.state
    )
    return {"uid": task.uid, "state": "held" if task.held else state, "sentence": task.sentence}
