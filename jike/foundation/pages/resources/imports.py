"""Importing into a list: send a file or paste rows, say what each column fills, see what would happen, do it, undo."""

import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jike.foundation import background
from jike.foundation.background import Standing
from jike.foundation.errors import Invalid, NotFound, RuleBroken
from jike.foundation.exchange import importing, saved_mappings, translating, uploads
from jike.foundation.exchange.blank_files import blank_file
from jike.foundation.exchange.mapping import importable
from jike.foundation.exchange.related import related_fields
from jike.foundation.exchange.tables import Cell
from jike.foundation.files import clean_file_name, received_file
from jike.foundation.models import ImportRun
from jike.foundation.pages.resources.import_steps import TranslationForm, import_steps
from jike.foundation.pages.resources.lists import entered
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor

__all__ = ["act", "columns", "show", "start", "template", "values"]

SAMPLE = 3
LOOKED_AT = 50
"""Rows among which values to show are looked for."""
HEADERS = 20
State = ImportRun.State
MOVING = frozenset({State.CHECKING, State.RUNNING, State.UNDOING})


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, resource: Resource) -> HttpResponseBase:
    """Show where a file is sent or rows are pasted, and one's latest imports; take what is sent."""
    actor = _entered(request, resource)
    if request.method != "POST":
        return render(request, "resource/import.html", _begin(resource, actor))
    pasted = request.POST.get("pasted", "").strip()
    try:
        if pasted:
            content, name = io.BytesIO(pasted.encode()), _("Pasted rows") + ".tsv"
            run = uploads.receive(resource, name, content, actor=actor)
        else:
            file = received_file(request)
            run = uploads.receive(resource, file.name or "", file, actor=actor)
    except RuleBroken as error:
        context = _begin(resource, actor) | {"problem": str(error)}
        return render(request, "resource/import.html", context, status=422)
    return redirect("resource:import_run", resource.slug, run.uid)


@require_safe
def show(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Show where an import stands; asked by htmx while it moves, only the part that changes."""
    actor = _entered(request, resource)
    run = uploads.run_of(uid, resource, actor)
    return _shown(request, resource, run)


@require_POST
def columns(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponseBase:
    """Store what each column fills and begin the check; or read another sheet or header row first."""
    actor = _entered(request, resource)
    run = uploads.run_of(uid, resource, actor)
    if "look" in request.POST:
        header = request.POST.get("header", "")
        place = int(header) if header.isdecimal() and len(header) < len(str(HEADERS)) + 1 else None
        uploads.look_again(run, resource, actor=actor, sheet=request.POST.get("sheet", ""), header=place)
        return redirect("resource:import_run", resource.slug, run.uid)
    if "apply" in request.POST:
        uploads.apply_saved(run, request.POST.get("mapping", ""))
        return redirect("resource:import_run", resource.slug, run.uid)
    named = {
        key.removeprefix("column-"): str(value) for key, value in request.POST.items() if "column-" in key
    }
    try:
        uploads.map_columns(
            run,
            resource,
            named,
            actor=actor,
            mode=request.POST.get("mode", ""),
            key=request.POST.get("key", ""),
        )
        if keep := request.POST.get("keep", ""):
            saved_mappings.save_mapping(run, uploads.titles_of(run), keep)
    except RuleBroken as error:
        told = error.fields.values() if isinstance(error, Invalid) else [[error]]
        problem = " ".join(str(one) for sentences in told for one in sentences)
        run.columns = {column: name for column, name in named.items() if name}
        return _shown(request, resource, run, problem=problem, status=422)
    importing.start_check(run, actor=actor)
    return redirect("resource:import_run", resource.slug, run.uid)


@require_POST
def values(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponseBase:
    """Keep what values of the file stand for, and check the rows again."""
    actor = _entered(request, resource)
    run = uploads.run_of(uid, resource, actor)
    form = TranslationForm(translating.unknown_values(run, resource, actor), actor, data=request.POST)
    if not form.is_valid():
        problem = _("Choose one of those offered.")
        return _shown(request, resource, run, problem=problem, status=422)
    translating.translate(run, resource, form.said(), actor=actor)
    importing.start_check(run, actor=actor)
    return redirect("resource:import_run", resource.slug, run.uid)


@require_safe
def template(request: HttpRequest, resource: Resource) -> FileResponse:
    """Give the workbook to fill in."""
    actor = _entered(request, resource)
    name = clean_file_name(f"{capfirst(str(resource.plural))}.xlsx")
    return FileResponse(blank_file(resource, actor), as_attachment=True, filename=name)


@require_POST
def act(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponseBase:
    """Run the import, take it back, or return to its columns."""
    actor = _entered(request, resource)
    run = uploads.run_of(uid, resource, actor)
    match request.POST.get("act"):
        case "run":
            importing.start_run(run, actor=actor)
        case "undo":
            importing.start_undo(run, actor=actor)
        case "columns":
            uploads.reopen(run)
        case "check":
            importing.start_check(run, actor=actor)
        case _:
            raise Invalid({"act": [_("Choose one of those offered.")]})
    return redirect("resource:import_run", resource.slug, run.uid)


def _entered(request: HttpRequest, resource: Resource) -> Actor:
    """Return the actor who may import: whoever may add or change such records."""
    actor = entered(request, resource)
    if not resource.form or not uploads.may_import(resource, actor):
        raise NotFound
    return actor


def _begin(resource: Resource, actor: Actor) -> dict[str, Any]:
    fields = importable(resource, actor)
    beside = [f"{one.label}: {field.label}" for _name, one, field in related_fields(resource, actor)]
    megabytes = settings.ATTACHMENT_BYTES_MAX // 1024**2
    runs = uploads.runs_of(resource, actor)
    steps = import_steps(None)
    return {
        "resource": resource,
        "runs": runs,
        "fields": fields,
        "beside": beside,
        "megabytes": megabytes,
        "steps": steps,
    }


def _shown(
    request: HttpRequest, resource: Resource, run: ImportRun, *, problem: str = "", status: int = 200
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    standing = _standing(run, actor)
    context: dict[str, Any] = {
        "resource": resource,
        "run": run,
        "standing": standing,
        "moving": run.state in MOVING and standing is not None and standing.unfinished,
        "problem": problem,
        "undo_days": uploads.UNDO_DAYS,
        "steps": import_steps(run),
    }
    if run.state == State.MAPPING:
        context |= _choosing(resource, run, actor)
    elif run.state == State.CHECKED:
        unknown = translating.unknown_values(run, resource, actor)
        context["groups"] = TranslationForm(unknown, actor).groups() if unknown else []
    whole = not request.htmx  # type: ignore[attr-defined]
    template = "resource/import_run.html" if whole else "resource/_import_state.html"
    return render(request, template, context, status=status)


def _standing(run: ImportRun, actor: Actor) -> Standing | None:
    if run.task is None:
        return None
    try:
        return background.standing_of(run.task, actor)
    except NotFound:
        return None


def _sample(rows: Sequence[Sequence[Cell]], column: int) -> list[Cell]:
    """Return the first values that the column holds, each once."""
    return list(dict.fromkeys(row[column] for row in rows if row[column] is not None))[:SAMPLE]


def _choosing(resource: Resource, run: ImportRun, actor: Actor) -> dict[str, Any]:
    staged = uploads.staged_of(run)
    first = staged.first(HEADERS)
    titles, *rows = staged.first(LOOKED_AT + 1, start=run.header)
    fields = [(one.name, one.label) for one in importable(resource, actor)]
    beside = [
        (name, f"{one.label}{_(':')} {field.label}") for name, one, field in related_fields(resource, actor)
    ]
    shown = [
        (str(place), title or "", _sample(rows, place), run.columns.get(str(place), ""))
        for place, title in enumerate(titles)
    ]
    headers = [
        (place, " · ".join(str(cell) for cell in row if cell is not None)[:60])
        for place, row in enumerate(first)
    ]
    return {
        "columns": shown,
        "fields": fields,
        "keys": uploads.keys_of(resource, actor),
        "modes": ImportRun.Mode.choices,
        "sheets": staged.sheets,
        "headers": headers,
        "number": staged.length - run.header - 1,
        "beside": beside,
        "mappings": saved_mappings.mappings_of(run),
    }
