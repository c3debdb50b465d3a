"""A plain REST/JSON resource for every entity, with its own description (OpenAPI), from the declaration.

Programs sign in with an integration token; people's sessions may read here, and write only through pages, which guard
against forged requests. Values enter through the same forms and actions as on screen.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError, ValidationError
from pydantic import Field, create_model

from jike.foundation.audit import removing
from jike.foundation.describing import DescribedOnce
from jike.foundation.errors import Invalid, JikeError, NotFound, Refused
from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.editing import build_form, save
from jike.foundation.resource.listing import page_of
from jike.foundation.resource.state import read_state
from jike.foundation.scope import Actor, fetch
from jike.foundation.scope.reading import lies_at

__all__ = ["build_api"]

SAFE = ("GET", "HEAD", "OPTIONS")
Complete = Callable[[Resource], Resource]


class Asked(Schema):
    """Which rows of a list, in which order, and which page of them."""

    where: str = Field("", description="A filter, as in the address of the list on screen.")
    q: str = Field("", description="Words to find.")
    scope: str = Field("", description="mine, team or all.")
    sort: str = Field("", description="One of the list's orders; a leading minus turns it round.")
    size: str = Field("", description="Rows of a page: 25, 50, 100 or 200.")
    at: str = Field("", description="Where the page begins: next or previous of the page before.")


class Reference(Schema):
    """A row of another kind."""

    uid: UUID
    title: str


class Problem(Schema):
    """Why a request was not carried out."""

    error: str
    message: str
    fields: dict[str, list[str]] = Field(default_factory=dict)


def signed_in(request: HttpRequest) -> Actor | None:
    """Return the actor; a session may only read."""
    actor = getattr(request, "actor", None)
    if actor is not None and request.user.is_authenticated and request.method not in SAFE:
        raise Refused(_("A session may only read here; programs write with an integration token."))
    return actor


def build_api(
    resources: Iterable[Resource], *, title: str, version: str, complete: Complete = lambda one: one
) -> DescribedOnce:
    """Return the API over ``resources``, each at its slug; ``complete`` adds what administrators define."""
    api = DescribedOnce(title=title, version=version, auth=signed_in, urls_namespace="api", docs_url=None)
    for resource in resources:
        api.add_router(f"/{resource.slug}", _router(resource, complete), tags=[str(resource.kind)])

    @api.exception_handler(ValidationError)
    def wrong_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields: dict[str, list[str]] = {}
        for one in error.errors:
            fields.setdefault(str(one["loc"][-1]), []).append(str(one["msg"]))
        return _problem(api, request, Invalid(fields))

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        told = {"error": type(error).__name__, "message": str(error), "fields": {}}
        return api.create_response(request, told, status=error.status_code)

    api.add_exception_handler(JikeError, partial(_problem, api))
    return api


def _problem(api: DescribedOnce, request: HttpRequest, error: JikeError) -> HttpResponse:
    told = {
        "error": type(error).__name__,
        "message": str(error) or _("There is nothing here, or nothing that you may see."),
        "fields": error.fields if isinstance(error, Invalid) else {},
    }
    return api.create_response(request, told, status=error.status)


def _router(resource: Resource, complete: Complete) -> Router:
    router = Router()
    names = dict.fromkeys((*resource.columns, *resource.more_columns, *resource.form_fields))
    shown = [resource.attributes[name] for name in names]
    out = _schema_out(resource, shown)
    told = dict.fromkeys((400, 401, 403, 404, 422), Problem)
    beside: dict[str, Any] = {
        "items": (list[out], ...),  # type: ignore[valid-type]
        "next": (str | None, None),
        "previous": (str | None, None),
    }
    page = create_model(f"{resource.model.__name__}Page", __base__=Schema, **beside)

    @router.get("", response={200: page, **told}, operation_id=f"list_{resource.model.__name__}")
    def list_rows(request: HttpRequest, asked: Query[Asked]) -> Any:
        return _list(complete(resource), shown, asked, actor=_actor(request))

    @router.get("/{uuid:uid}", response={200: out, **told}, operation_id=f"get_{resource.model.__name__}")
    def get_row(request: HttpRequest, uid: UUID) -> Any:
        row = fetch(resource.model, uid, _actor(request))
        return _told(complete(resource), shown, row, actor=_actor(request))

    if resource.form:
        _writes(resource, router, shown, out=out, told=told, complete=complete)
    return router


def _writes(
    resource: Resource,
    router: Router,
    shown: list[Attribute],
    *,
    out: Any,
    told: dict[int, Any],
    complete: Complete,
) -> None:
    entry = create_model(
        f"{resource.model.__name__}In",
        __base__=Schema,
        version=(int | None, None),
        **{name: (kind, None) for name, (kind, _out) in _parts(resource).items()},  # type: ignore[call-overload]
        **dict.fromkeys(resource.form_fields, (str | int | float | bool | None, None)),
    )
    told = {**told, 409: Problem}

    @router.post("", response={201: out, **told}, operation_id=f"add_{resource.model.__name__}")
    def add_row(request: HttpRequest, values: entry) -> Any:  # type: ignore[valid-type]
        actor = _actor(request)
        if not actor.holds(f"{resource.kind}:add"):
            raise NotFound
        row = _stored(whole := complete(resource), None, values, actor=actor)
        return Status(201, _told(whole, shown, row, actor=actor))

    @router.patch(
        "/{uuid:uid}", response={200: out, **told}, operation_id=f"change_{resource.model.__name__}"
    )
    def change_row(request: HttpRequest, uid: UUID, values: entry) -> Any:  # type: ignore[valid-type]
        actor = _actor(request)
        row = fetch(resource.model, uid, actor, action="change")
        row = _stored(whole := complete(resource), row, values, actor=actor)
        return _told(whole, shown, row, actor=actor)

    @router.delete(
        "/{uuid:uid}", response={204: None, **told}, operation_id=f"remove_{resource.model.__name__}"
    )
    def remove_row(request: HttpRequest, uid: UUID) -> Any:
        actor = _actor(request)
        row = fetch(resource.model, uid, actor, action="remove")
        resource.actions.get("remove", removing)(row, actor=actor)
        return HttpResponse(status=204)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _parts(resource: Resource) -> dict[str, tuple[Any, Any]]:
    """Return what a completed Resource adds: name → type that enters, type that is told."""
    known = {"custom": (dict[str, Any] | None, dict[str, Any]), "tags": (list[str] | None, list[str])}
    return {one.name: known[one.name] for one in resource.model._meta.concrete_fields if one.name in known}


def _schema_out(resource: Resource, shown: list[Attribute]) -> Any:
    fields: dict[str, Any] = {one.name: (_type(one) | None, None) for one in shown}
    fields |= {name: (told | None, None) for name, (_kind, told) in _parts(resource).items()}
    fields |= {"uid": (UUID, ...), "version": (int, ...), "sealed": (list[str], Field(default_factory=list))}
    return create_model(resource.model.__name__, __base__=Schema, **fields)


def _type(attribute: Attribute) -> Any:
    if attribute.field.is_relation:
        return Reference
    if attribute.look is Look.YES_NO:
        return bool
    if hasattr(attribute.field, "base_field"):
        return list[str]
    return int if attribute.whole else str


def _list(resource: Resource, shown: list[Attribute], asked: Asked, *, actor: Actor) -> dict[str, Any]:
    if not actor.holds(f"{resource.kind}:view"):
        raise NotFound
    state = read_state(resource, asked.model_dump(), actor)
    page = page_of(resource, state, actor, today=timezone.localdate())
    ids = [row.id for row in page.rows]
    related = [one.name for one in shown if one.field.is_relation]
    rows = resource.model._default_manager.select_related(*related).in_bulk(ids)
    return {
        "items": [_told(resource, shown, rows[number], actor=actor) for number in ids if number in rows],
        "next": page.after.write() if page.after else None,
        "previous": page.before.write() if page.before else None,
    }


def _told(resource: Resource, shown: list[Attribute], row: Record, *, actor: Actor) -> dict[str, Any]:
    owner, unit = lies_at(row)
    parts = [one for one in resource.attributes.values() if "." in one.name and not one.many_only]
    hidden = {one.name for one in (*shown, *parts) if one.closed_to(actor, owner=owner, unit=unit)}
    told = {one.name: None if one.name in hidden else _plain(one.of(row)) for one in (*shown, *parts)}
    told |= {"custom": {one.name.partition(".")[2]: told.pop(one.name) for one in parts}}
    if tags := resource.attributes.get("tags"):
        told["tags"] = [str(tags.choices[one]) for one in row.tags if one in tags.choices]  # type: ignore[attr-defined]
    return {**told, "uid": row.uid, "version": row.version, "sealed": sorted(hidden)}


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return {"uid": value.uid, "title": str(value)}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _stored(resource: Resource, row: Record | None, values: Any, *, actor: Actor) -> Record:
    given = values.model_dump(exclude_unset=True)
    version = given.pop("version", None)
    given |= {f"custom.{key}": value for key, value in (given.pop("custom", None) or {}).items()}
    if unknown := given.keys() - resource.attributes.keys():
        raise Invalid({name: [_("There is no such field.")] for name in unknown})
    data = QueryDict(mutable=True)
    for name, value in given.items():
        data.setlist(
            name, value if isinstance(value, list) else ["" if value in (None, False) else str(value)]
        )
    names = tuple(given) if row is not None else tuple(dict.fromkeys((*given, *_needed(resource))))
    if row is not None and not names:
        return row
    form = build_form(resource, actor, row, names=names, data=data)
    if sealed := sorted(given.keys() - form.fields.keys()):
        raise Invalid({key: [_("This field is sealed for you.")] for key in sealed})
    if not form.is_valid():
        raise Invalid({name: [str(one) for one in errors] for name, errors in form.errors.items()})
    return save(resource, form, row, actor=actor, version=version)


def _needed(resource: Resource) -> list[str]:
    """Return the fields that a new row cannot do without."""
    fields = (resource.attributes[name] for name in resource.form_fields)
    return [one.name for one in fields if one.required and not one.field.has_default()]
