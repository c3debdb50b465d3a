"""Imports by programs: a file is sent, checked or stored at once, and what became of its rows comes back as JSON."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Router, Schema, Status
from pydantic import Field

from jike.foundation.errors import NotFound, RuleBroken
from jike.foundation.exchange import uploads
from jike.foundation.exchange.refusals import Refusals
from jike.foundation.exchange.unattended import How, read_in, take_in
from jike.foundation.models import ImportRun
from jike.foundation.resource.api import Problem
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor

__all__ = ["MOST_ROWS", "add_imports"]

MOST_ROWS = 20_000
"""Rows of one request; more go in several, by `jike import`, or through the folder."""


class Sent(Schema):
    """How the file in the body is read."""

    file_name: str = Field(..., description="Its name, whose ending says what it is: .xlsx, .csv, .tsv …")
    mapping: str = Field("", description="A mapping kept by name.")
    sheet: str = Field("", description="A sheet; the first visible one without it.")
    mode: str = Field("", description="both, create or update.")
    key: str = Field("", description="The field by which existing records are recognised.")
    dry_run: bool = Field(False, description="Check only, and store nothing.")


class Told(Schema):
    """What became of the rows: read = created + updated + unchanged + refused."""

    uid: UUID
    state: str
    columns: dict[str, str]
    counts: dict[str, Any]
    problems: list[list[Any]] = Field(description="[row, column, sentence] of everything refused.")


def add_imports(api: NinjaAPI, resources: Iterable[Resource]) -> None:
    """Add to each list with a form the address at which programs send files."""
    for resource in resources:
        if resource.form:
            api.add_router(f"/{resource.slug}/imports", _router(resource), tags=[str(resource.kind)])


def _router(resource: Resource) -> Router:
    router = Router()
    name = resource.model.__name__

    told = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)

    @router.post("", response={201: Told, **told}, operation_id=f"import_{name}")
    def send(request: HttpRequest, sent: Query[Sent]) -> Any:
        actor: Actor = request.auth  # type: ignore[attr-defined]
        how = How(mapping=sent.mapping, sheet=sent.sheet, mode=sent.mode, key=sent.key)
        if int(request.headers.get("Content-Length") or 0) > settings.ATTACHMENT_BYTES_MAX:
            raise RuleBroken(
                _("The file is larger than %(most)s MB.") % {"most": settings.ATTACHMENT_BYTES_MAX >> 20}
            )
        content: Any = request  # read as it comes, not held in memory
        run = read_in(resource, sent.file_name, content, how=how, actor=actor)
        if uploads.staged_of(run).length > MOST_ROWS:
            raise RuleBroken(_("One request takes at most %(most)s rows.") % {"most": f"{MOST_ROWS:,}"})
        take_in(run, resource, actor=actor, dry_run=sent.dry_run)
        return Status(201, _figures(run))

    @router.get("/{uuid:uid}", response={200: Told, **told}, operation_id=f"get_import_{name}")
    def look(request: HttpRequest, uid: UUID) -> Any:
        actor: Actor = request.auth  # type: ignore[attr-defined]
        if not uploads.may_import(resource, actor):
            raise NotFound
        return _figures(uploads.run_of(uid, resource, actor))

    return router


def _figures(run: ImportRun) -> dict[str, Any]:
    problems = [list(one) for one in Refusals(uploads.refusals_path(run), upto=None)]
    told = {name: getattr(run, name) for name in ("uid", "state", "columns", "counts")}
    return told | {"problems": problems}
