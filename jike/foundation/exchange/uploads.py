"""The file of an import: kept when it is uploaded, and how its columns are read, as proposed and as chosen."""

import datetime as dt
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation.audit.gate import may_write
from jike.foundation.errors import Invalid, JikeError, NotFound, RuleBroken
from jike.foundation.exchange.mapping import importable, plain_title, proposed
from jike.foundation.exchange.tables import Table, header_place, read_table, sheet_names
from jike.foundation.files import clean_file_name
from jike.foundation.jobs import job
from jike.foundation.models import ImportRun
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor, ActorKind

__all__ = [
    "UNDO_DAYS",
    "keys_of",
    "look_again",
    "map_columns",
    "may_import",
    "preview",
    "receive",
    "reopen",
    "require_state",
    "run_of",
    "runs_of",
    "sheets_of",
    "sweep_imports",
]

UNDO_DAYS = 30
RUNS_SHOWN = 10
State, Mode = ImportRun.State, ImportRun.Mode


def receive(resource: Resource, name: str, content: "IO[bytes] | File[bytes]", *, actor: Actor) -> ImportRun:
    """Keep an uploaded file and propose how its columns are read.

    Raises
    ------
    RuleBroken
        It is no table that can be read; nothing is kept then.
    """
    may_write(actor)
    if not may_import(resource, actor):
        raise NotFound
    run = ImportRun(person=_owner(actor), resource=resource.slug, file_name=clean_file_name(name))
    path = _path(run)
    with path.open("xb") as target:
        shutil.copyfileobj(content, target)
    try:
        look_again(run, resource, actor=actor)
    except JikeError:
        path.unlink(missing_ok=True)
        raise
    return run


def look_again(
    run: ImportRun, resource: Resource, *, actor: Actor, sheet: str = "", header: int | None = None
) -> None:
    """Read the sheet and propose the columns anew; ``header`` is the index of the row that names them."""
    table = read_table(_path(run), run.file_name, sheet=sheet)
    run.sheet = table.sheet
    run.header = header_place(table.rows) if header is None else min(header, len(table.rows) - 1)
    fields = importable(resource, actor)
    titles, rows = table.rows[run.header], table.rows[run.header + 1 :]
    chosen = proposed(fields, titles, rows, known=_chosen_before(resource, actor))
    run.columns = {str(column): name for column, name in chosen.items()}
    keys = keys_of(resource, actor)
    run.key = next((name for name in keys if name in chosen.values()), "")
    run.state = State.MAPPING
    run.save()


def keys_of(resource: Resource, actor: Actor) -> dict[str, str]:
    """Return the fields by which existing records can be recognised, with their labels: single and its own."""
    unique = [*resource.key, *(one for one in resource.form_fields if resource.attributes[one].field.unique)]
    codes = resource.model.SEARCH.codes if resource.model.SEARCH else ()
    named = [*unique, *(code for code in codes if code in resource.attributes), resource.title.name]
    allowed = {one.name: str(one.label) for one in importable(resource, actor) if not one.field.is_relation}
    return {name: allowed[name] for name in dict.fromkeys(named) if name in allowed}


def map_columns(
    run: ImportRun, resource: Resource, columns: Mapping[str, str], *, actor: Actor, mode: str, key: str
) -> None:
    """Store how the columns are read, what may be done, and by what records are recognised.

    Raises
    ------
    Invalid
        A field is filled twice, none at all, or the key is not among the columns.
    """
    require_state(run, State.MAPPING, State.CHECKED)
    allowed = {one.name for one in importable(resource, actor)}
    chosen = {column: name for column, name in columns.items() if name in allowed and column.isdecimal()}
    if not chosen:
        raise Invalid({"columns": [_("Say for at least one column what it fills.")]})
    if len(set(chosen.values())) < len(chosen):
        raise Invalid({"columns": [_("Two columns fill one field; choose one of them.")]})
    if mode not in Mode.values or (key and key not in keys_of(resource, actor)):
        raise Invalid({"mode": [_("Choose one of those offered.")]})
    if key and key not in chosen.values():
        raise Invalid({"key": [_("Records are to be recognised by a field that no column fills.")]})
    if mode == Mode.UPDATE and not key:
        raise Invalid({"key": [_("Say by what existing records are recognised.")]})
    run.columns, run.mode, run.key = chosen, mode, key
    run.save()


def preview(run: ImportRun) -> Table:
    """Return the table, for choosing its columns."""
    return read_table(_path(run), run.file_name, sheet=run.sheet)


def sheets_of(run: ImportRun) -> list[str]:
    """Return the sheets of the file."""
    return sheet_names(_path(run), run.file_name)


def run_of(uid: UUID, resource: Resource, actor: Actor) -> ImportRun:
    """Return one of the person's own imports; others' look absent."""
    run = ImportRun.objects.filter(uid=uid, resource=resource.slug, person=_owner(actor)).first()
    if run is None:
        raise NotFound
    return run


def runs_of(resource: Resource, actor: Actor) -> list[ImportRun]:
    """Return the person's latest imports into this list."""
    return list(
        ImportRun.objects.filter(resource=resource.slug, person=_owner(actor)).order_by("-id")[:RUNS_SHOWN]
    )


@job("exchange.sweep_imports", label=gettext_lazy("Remove files of old imports"), cron="23 3 * * *")
def sweep_imports() -> None:
    """Remove the files of imports that can no longer be undone."""
    old = timezone.now() - dt.timedelta(days=UNDO_DAYS)
    for run in ImportRun.objects.filter(created_at__lt=old).iterator():
        _path(run).unlink(missing_ok=True)


def require_state(run: ImportRun, *states: str) -> None:
    """Refuse what the import's state does not allow any more."""
    if run.state not in states:
        raise RuleBroken(_("This import has gone on meanwhile; look at where it stands now."))


def _owner(actor: Actor) -> UUID:
    """Return whose imports these are; tokens and the system have none, and nobody looks at them through other eyes."""
    if actor.kind is not ActorKind.PERSON or actor.uid is None or actor.on_behalf is not None:
        raise NotFound
    return actor.uid


def may_import(resource: Resource, actor: Actor) -> bool:
    """Whether the actor may add or change such records at all; each row is judged by itself."""
    return actor.holds(f"{resource.kind}:add") or actor.holds(f"{resource.kind}:change")


def reopen(run: ImportRun) -> None:
    """Return to the choice of columns, as long as nothing is stored."""
    require_state(run, State.CHECKED)
    run.state = State.MAPPING
    run.save(update_fields=["state"])


def _chosen_before(resource: Resource, actor: Actor) -> dict[str, str]:
    """Return header → field as in the person's last import into this list."""
    last = ImportRun.objects.filter(person=_owner(actor), resource=resource.slug, state=State.DONE).order_by(
        "-id"
    )
    for run in last[:1]:
        if _path(run).is_file():
            titles = preview(run).rows[run.header]
            return {plain_title(titles[int(column)]): name for column, name in run.columns.items()}
    return {}


def _path(run: ImportRun) -> Path:
    folder = Path(settings.ATTACHMENTS_FOLDER) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{run.uid}{Path(run.file_name).suffix.lower()}"
