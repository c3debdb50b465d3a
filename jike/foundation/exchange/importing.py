"""Imports in the background: checked without storing, run portion by portion, taken back as a whole."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation import background
from jike.foundation.audit import changing_many, note
from jike.foundation.background import Attempt
from jike.foundation.directory import actor_of
from jike.foundation.errors import JikeError, NotFound, Refused, RuleBroken
from jike.foundation.exchange.cells import Column, Kind
from jike.foundation.exchange.intake import PORTION, Intake, Problem, Tally
from jike.foundation.exchange.tables import Cell
from jike.foundation.exchange.uploads import UNDO_DAYS, preview, require_state
from jike.foundation.exchange.writing import About, FileType, writing
from jike.foundation.files import clean_file_name
from jike.foundation.jobs import Progress, job
from jike.foundation.models import Change, ImportRun, RecordKey
from jike.foundation.models.record import Record
from jike.foundation.resource import bulk
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import Actor, visible

__all__ = ["check_import", "run_import", "start_check", "start_run", "start_undo", "undo_import"]

PROBLEMS_KEPT = 200
TEXT_WIDTH = 16
VERB = "import"
State = ImportRun.State


def start_check(run: ImportRun, *, actor: Actor) -> None:
    """Begin the check that stores nothing."""
    require_state(run, State.MAPPING, State.CHECKED)
    _start(run, check_import, State.CHECKING, actor=actor)


def start_run(run: ImportRun, *, actor: Actor) -> None:
    """Begin the import, or go on with one that broke off."""
    require_state(run, State.CHECKED, State.RUNNING)
    _start(run, run_import, State.RUNNING, actor=actor)


def start_undo(run: ImportRun, *, actor: Actor) -> None:
    """Begin taking back what the import did, within thirty days of it."""
    require_state(run, State.DONE)
    if run.finished_at is None or run.finished_at < timezone.now() - dt.timedelta(days=UNDO_DAYS):
        raise RuleBroken(_("An import can be undone for %(days)s days only.") % {"days": UNDO_DAYS})
    _start(run, undo_import, State.UNDOING, actor=actor)


@job("exchange.check_import", label=gettext_lazy("Check a file to import"))
def check_import(task: str, *, progress: Progress) -> None:
    """Try every row through the gate and store none."""
    background.carry_out(task, _check, progress=progress)


@job("exchange.run_import", label=gettext_lazy("Import a file"))
def run_import(task: str, *, progress: Progress) -> None:
    """Store the rows, portion by portion."""
    background.carry_out(task, _run, progress=progress)


@job("exchange.undo_import", label=gettext_lazy("Undo an import"))
def undo_import(task: str, *, progress: Progress) -> None:
    """Take back what an import created and updated, where nobody edited it since."""
    background.carry_out(task, _undo, progress=progress)


def _check(attempt: Attempt) -> None:
    run, intake, rows = _opened(attempt)
    tally, total = Tally(), len(rows)
    for portion in intake.portions():
        with transaction.atomic():
            intake.take(portion, tally)
            transaction.set_rollback(True)
        attempt(portion[-1][0], total)
    with transaction.atomic():
        _keep(run, tally, State.CHECKED)
        sentence = _("%(good)s rows can be imported, %(bad)s cannot.") % {
            "good": f"{tally.read - tally.refused:,}",
            "bad": f"{tally.refused:,}",
        }
        _finish(attempt, intake, tally, sentence=sentence)


def _run(attempt: Attempt) -> None:
    run, intake, rows = _opened(attempt)
    tally = Tally(**run.counts) if run.next_row else Tally()
    tally.problems = [Problem(*one) for one in run.problems] if run.next_row else []
    for portion in intake.portions(run.next_row):
        with transaction.atomic():
            locked = ImportRun.objects.select_for_update().get(pk=run.pk)
            if locked.next_row != run.next_row:
                raise RuleBroken(_("This import is running already."))
            intake.take(portion, tally)
            run.next_row = portion[-1][0]
            _keep(run, tally, State.RUNNING)
        attempt(run.next_row, len(rows))
    with transaction.atomic():
        run.finished_at = timezone.now()
        _keep(run, tally, State.DONE)
        facts: dict[str, Any] = {"file": run.file_name, **tally.counts()}
        about = RecordKey(intake.resource.kind, run.uid)
        note(about, actor=intake.actor, verb=VERB, facts={name: (None, fact) for name, fact in facts.items()})
        words = {name: f"{value:,}" for name, value in tally.counts().items()}
        sentence = (
            _("%(created)s created, %(updated)s updated, %(unchanged)s unchanged, %(refused)s refused")
            % words
        )
        _finish(attempt, intake, tally, sentence=sentence)


def _undo(attempt: Attempt) -> None:
    run, resource, actor = _context(attempt)
    made = Change.objects.filter(request=run.uid, kind=resource.kind, verb="add").values_list(
        "uid", flat=True
    )
    mine = visible(resource.model, actor).filter(uid__in=list(made))
    untouched = list(mine.filter(version=1).order_by("-pk"))
    kept = mine.exclude(version=1).count()
    removed = 0
    for start in range(0, len(untouched), PORTION):
        with transaction.atomic():
            outcome = _removed(resource, untouched[start : start + PORTION], actor)
        removed += outcome[0]
        kept += outcome[1]
        attempt(start + PORTION, len(untouched))
    with transaction.atomic():
        try:
            updates = bulk.undo(resource, run.uid, actor)
            reverted, later = len(updates.written), len(updates.refused)
        except NotFound:
            reverted = later = 0
        run.counts |= {"removed": removed, "reverted": reverted, "kept": kept + later}
        run.state = State.UNDONE
        run.save()
        words = {"removed": f"{removed:,}", "reverted": f"{reverted:,}", "kept": f"{kept + later:,}"}
        attempt.finish(
            _("%(removed)s removed, %(reverted)s set back, %(kept)s kept because they were edited since")
            % words
        )


def _removed(resource: Resource, rows: list[Record], actor: Actor) -> tuple[int, int]:
    """Put rows into the recycle bin; return how many went and how many had to stay."""
    own = resource.actions.get("remove")
    if own is None:
        now = timezone.now()
        gone = {row.pk: {"removed_at": now} for row in rows}
        outcome = changing_many(resource.model, gone, actor=actor, verb="remove")
        return len(outcome.written), len(outcome.refused)
    stayed = 0
    for row in rows:
        try:
            with transaction.atomic():
                own(row, actor=actor)
        except JikeError:
            stayed += 1
    return len(rows) - stayed, stayed


def _opened(attempt: Attempt) -> tuple[ImportRun, Intake, Any]:
    run, resource, actor = _context(attempt)
    table = preview(run)
    return run, Intake(run, resource, table, actor=actor), table.rows


def _context(attempt: Attempt) -> tuple[ImportRun, Resource, Actor]:
    actor = actor_of(attempt.task.person)
    run = ImportRun.objects.filter(uid=attempt.task.order["run"]).first()
    resource = all_resources().get(run.resource) if run else None
    if actor is None or run is None or resource is None:
        raise Refused(_("The person who ordered this may no longer sign in."))
    return run, resource, replace(actor, request=run.uid)


def _keep(run: ImportRun, tally: Tally, state: str) -> None:
    run.counts, run.state = tally.counts(), state
    run.problems = [[one.row, one.column, one.sentence] for one in tally.problems[:PROBLEMS_KEPT]]
    run.save()


def _finish(attempt: Attempt, intake: Intake, tally: Tally, *, sentence: str) -> None:
    """End the task; where rows were refused, with a file of them, to be corrected and sent again."""
    if not tally.problems:
        attempt.finish(sentence)
        return
    result = attempt.folder / "result.xlsx"
    _write_refused(result, intake, tally)
    name = _("%(file)s to correct") % {"file": Path(intake.run.file_name).stem}
    attempt.finish(sentence, result=result, file_name=clean_file_name(f"{name}.xlsx"))


def _write_refused(path: Path, intake: Intake, tally: Tally) -> None:
    told: dict[int, list[str]] = {}
    for one in tally.problems:
        told.setdefault(one.row, []).append(f"{one.column}: {one.sentence}" if one.column else one.sentence)
    titles = [*intake.header, _("Problem")]
    columns = [Column(title, Kind.TEXT, TEXT_WIDTH, _as_text) for title in titles]
    about = About(capfirst(str(intake.resource.plural)), intake.actor.name, timezone.localtime())
    with writing(FileType.XLSX, path, columns, about=about) as target:
        for number in sorted(told):
            cells = [_as_text(cell) for cell in intake.table.rows[number - 1]]
            target.row([*cells, "; ".join(told[number])])


def _as_text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _start(run: ImportRun, work: Callable[..., Any], state: str, *, actor: Actor) -> None:
    resource = all_resources()[run.resource]
    title = f"{capfirst(str(resource.plural))} · {run.file_name}"
    with transaction.atomic():
        task = background.begin(work, title=title, order={"run": str(run.uid)}, actor=actor)
        run.task, run.state = task.uid, state
        run.save(update_fields=["task", "state"])
