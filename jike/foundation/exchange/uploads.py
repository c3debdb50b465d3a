"""The file of an import: kept when it is uploaded, and how its columns are read, as proposed and as chosen."""

import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from jike.foundation.audit.gate import may_write
from jike.foundation.errors import Invalid, JikeError, NotFound, RuleBroken
from jike.foundation.exchange import saved_mappings
from jike.foundation.exchange.mapping import importable, proposed
from jike.foundation.exchange.related import MARK, key_missing, proposed_beside, related_fields
from jike.foundation.exchange.staging import Staged, stage
from jike.foundation.exchange.tables import Cell, header_place, read_table, sheet_names
from jike.foundation.files import clean_file_name
from jike.foundation.models import ImportRun
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor, ActorKind

__all__ = [
    "UNDO_DAYS",
    "apply_saved",
    "drop_files",
    "drop_old_files",
    "keys_of",
    "look_again",
    "map_columns",
    "may_import",
    "old_imports",
    "receive",
    "refusals_path",
    "reopen",
    "require_state",
    "run_of",
    "runs_of",
    "staged_of",
    "titles_of",
]

UNDO_DAYS = 30
RUNS_SHOWN = 10
SAMPLE = 60
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
    try:
        with path.open("xb") as target:
            shutil.copyfileobj(content, target)
        look_again(run, resource, actor=actor)
    except (JikeError, OSError):
        drop_files(run)
        raise
    return run


def look_again(
    run: ImportRun, resource: Resource, *, actor: Actor, sheet: str = "", header: int | None = None
) -> None:
    """Read the sheet and propose the columns anew; ``header`` is the index of the row that names them."""
    if not _rows_path(run).is_file() or sheet != run.sheet:
        table = read_table(_path(run), run.file_name, sheet=sheet)
        run.sheet = table.sheet
        stage(_rows_path(run), table, sheet_names(_path(run), run.file_name))
    staged = staged_of(run)
    first = staged.first(SAMPLE)
    run.header = header_place(first) if header is None else max(0, min(header, staged.length - 1))
    titles, *rows = staged.first(SAMPLE, start=run.header)
    run.columns = _proposal(run, resource, titles, rows, actor=actor)
    run.values = saved_mappings.known_values(run)
    chosen, keys = set(run.columns.values()), keys_of(resource, actor)
    run.key = next((name for name in keys if name in chosen), "")
    run.state = State.MAPPING
    run.save()


def _proposal(
    run: ImportRun, resource: Resource, titles: Sequence[Cell], *more: Sequence[Sequence[Cell]], actor: Actor
) -> dict[str, str]:
    """Return column → field: related records first, whose headings name them, then the list's own."""
    known = saved_mappings.known_columns(run)
    beside = proposed_beside(related_fields(resource, actor), titles, known=known)
    header = [None if place in beside else title for place, title in enumerate(titles)]
    rows = [[None if place in beside else cell for place, cell in enumerate(row)] for row in more[0]]
    own = proposed(importable(resource, actor), header, rows, known=known)
    return {str(column): name for column, name in sorted({**own, **beside}.items())}


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
    own = {one.name for one in importable(resource, actor)}
    allowed = own | {name for name, _one, _field in related_fields(resource, actor)}
    chosen = {column: name for column, name in columns.items() if name in allowed and column.isdecimal()}
    if own.isdisjoint(chosen.values()):
        raise Invalid({"columns": [_("Say for at least one column what it fills.")]})
    if len(set(chosen.values())) < len(chosen):
        raise Invalid({"columns": [_("Two columns fill one field; choose one of them.")]})
    if mode not in Mode.values or (key and key not in keys_of(resource, actor)):
        raise Invalid({"mode": [_("Choose one of those offered.")]})
    if key and key not in chosen.values():
        raise Invalid({"key": [_("Records are to be recognised by a field that no column fills.")]})
    if mode == Mode.UPDATE and not key:
        raise Invalid({"key": [_("Say by what existing records are recognised.")]})
    if missing := key_missing(resource, actor, chosen.values()):
        raise Invalid({"columns": [missing]})
    if any(MARK in name for name in chosen.values()) and not key:
        raise Invalid({"key": [_("Related records need a field by which existing records are recognised.")]})
    run.columns, run.mode, run.key = chosen, mode, key
    run.save()
    saved_mappings.remember(run, titles_of(run))


def apply_saved(run: ImportRun, name: str) -> None:
    """Read the columns as a mapping kept by name says."""
    require_state(run, State.MAPPING, State.CHECKED)
    saved_mappings.apply_mapping(run, titles_of(run), name)


def staged_of(run: ImportRun) -> Staged:
    """Return the rows of the file, as they were read when it came."""
    return Staged.at(_rows_path(run))


def titles_of(run: ImportRun) -> Sequence[Cell]:
    """Return what names the columns."""
    return next(iter(staged_of(run).first(1, start=run.header)), ())


def refusals_path(run: ImportRun) -> Path:
    """Return where the run's refusals are kept."""
    return _path(run).with_suffix(".refused")


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


def old_imports(before: dt.datetime) -> int:
    """Return how many imports from before still have files."""
    return sum(_path(run).exists() for run in ImportRun.objects.filter(created_at__lt=before).iterator())


def drop_old_files(before: dt.datetime) -> int:
    """Remove the files of imports from before, which can then no longer be undone; return of how many."""
    count = old_imports(before)
    for run in ImportRun.objects.filter(created_at__lt=before).iterator():
        drop_files(run)
    return count


def require_state(run: ImportRun, *states: str) -> None:
    """Refuse what the import's state does not allow any more."""
    if run.state not in states:
        raise RuleBroken(_("This import has gone on meanwhile; look at where it stands now."))


def _owner(actor: Actor) -> UUID:
    """Return whose imports these are: a person's or a token's; nobody looks at them through other eyes."""
    known = actor.kind in (ActorKind.PERSON, ActorKind.TOKEN)
    if not known or actor.uid is None or actor.on_behalf is not None:
        raise NotFound
    return actor.uid


def may_import(resource: Resource, actor: Actor) -> bool:
    """Whether the actor may add or change such records at all; each row is judged by itself."""
    return actor.holds(f"{resource.kind}:add") or actor.holds(f"{resource.kind}:change")


def reopen(run: ImportRun) -> None:
    """Return to the choice of columns, as long as nothing is stored."""
    require_state(run, State.CHECKED, State.CHECKING)
    run.state = State.MAPPING
    run.save(update_fields=["state"])


def _path(run: ImportRun) -> Path:
    folder = Path(settings.ATTACHMENTS_FOLDER) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{run.uid}{Path(run.file_name).suffix.lower()}"


def _rows_path(run: ImportRun) -> Path:
    return _path(run).with_suffix(".rows")


def drop_files(run: ImportRun) -> None:
    """Remove what is kept of the file; the import can then no longer be undone by it."""
    for path in (_path(run), _rows_path(run), _rows_path(run).with_suffix(".draft"), refusals_path(run)):
        path.unlink(missing_ok=True)
