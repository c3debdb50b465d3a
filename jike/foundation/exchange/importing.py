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
from jike.foundation.background import Attempt
from jike.foundation.customising import opened
from jike.foundation.directory import actor_of
from jike.foundation.errors import NotFound, Refused, RuleBroken
from jike.foundation.exchange.running import check_rows, done_sentence, store_rows, write_refused
from jike.foundation.exchange.tallying import Tally
from jike.foundation.exchange.undoing import undo_rows
from jike.foundation.exchange.uploads import UNDO_DAYS, require_state
from jike.foundation.files import clean_file_name
from jike.foundation.jobs import Progress, job
from jike.foundation.models import ImportRun
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import Actor

__all__ = ["check_import", "run_import", "start_check", "start_run", "start_undo", "undo_import"]

State = ImportRun.State


def start_check(run: ImportRun, *, actor: Actor) -> None:
    """Begin the check that stores nothing."""
    require_state(run, State.MAPPING, State.CHECKED, State.CHECKING)
    _start(run, check_import, State.CHECKING, actor=actor)


def start_run(run: ImportRun, *, actor: Actor) -> None:
    """Begin the import, or go on with one that broke off."""
    require_state(run, State.CHECKED, State.RUNNING)
    _start(run, run_import, State.RUNNING, actor=actor)


def start_undo(run: ImportRun, *, actor: Actor) -> None:
    """Begin taking back what the import did, within thirty days of it."""
    require_state(run, State.DONE, State.RUNNING, State.UNDOING)
    if run.state != State.DONE and run.task is not None and _unfinished(run, actor):
        raise RuleBroken(_("Wait until it has ended, or cancel it in the task centre."))
    if (run.finished_at or run.created_at) < timezone.now() - dt.timedelta(days=UNDO_DAYS):
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
    run, resource, actor = _context(attempt)
    tally = check_rows(run, resource, attempt, actor=actor)
    with transaction.atomic():
        run.state = State.CHECKED
        run.save(update_fields=["state"])
        sentence = _("%(good)s rows can be imported, %(bad)s cannot.") % {
            "good": f"{tally.read - tally.refused:,}",
            "bad": f"{tally.refused:,}",
        }
        _finish(attempt, run, resource, sentence=sentence, actor=actor)


def _run(attempt: Attempt) -> None:
    run, resource, actor = _context(attempt)
    # Everything may have been stored before the worker died; then only the task's end is missing.
    stored = run.state == State.DONE
    tally = Tally.of(run.counts) if stored else store_rows(run, resource, attempt, actor=actor)
    with transaction.atomic():
        _finish(attempt, run, resource, sentence=done_sentence(tally), actor=actor)


def _undo(attempt: Attempt) -> None:
    run, resource, actor = _context(attempt)
    counts = undo_rows(run, resource, attempt, actor=actor)
    with transaction.atomic():
        run.counts |= counts
        run.state = State.UNDONE
        run.save()
        words = {name: f"{counts[name]:,}" for name in ("removed", "reverted", "kept")}
        attempt.finish(
            _("%(removed)s removed, %(reverted)s set back, %(kept)s kept because they were edited since")
            % words
        )


def _unfinished(run: ImportRun, actor: Actor) -> bool:
    try:
        return run.task is not None and background.standing_of(run.task, actor).unfinished
    except NotFound:
        return False


def _context(attempt: Attempt) -> tuple[ImportRun, Resource, Actor]:
    actor = actor_of(attempt.task.person)
    run = ImportRun.objects.filter(uid=attempt.task.order["run"]).first()
    resource = opened(run.resource) if run else None
    if actor is None or run is None or resource is None:
        raise Refused(_("The person who ordered this may no longer sign in."))
    return run, resource, replace(actor, request=run.uid)


def _finish(attempt: Attempt, run: ImportRun, resource: Resource, *, sentence: str, actor: Actor) -> None:
    """End the task; where rows were refused, with a file of them, to be corrected and sent again."""
    result = attempt.folder / "result.xlsx"
    if not write_refused(run, resource, result, author=actor.name):
        attempt.finish(sentence)
        return
    name = _("%(file)s to correct") % {"file": Path(run.file_name).stem}
    attempt.finish(sentence, result=result, file_name=clean_file_name(f"{name}.xlsx"))


def _start(run: ImportRun, work: Callable[..., Any], state: str, *, actor: Actor) -> None:
    resource = all_resources()[run.resource]
    title = f"{capfirst(str(resource.plural))} · {run.file_name}"
    with transaction.atomic():
        task = background.begin(work, title=title, order={"run": str(run.uid)}, actor=actor)
        run.task, run.state = task.uid, state
        run.save(update_fields=["task", "state"])
