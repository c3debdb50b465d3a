"""An import's check and its run, whoever ordered them: a page, the command, a folder, a program.

`report(done, total)` is told how far it is after each portion; raising there stops between two portions.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from jike.foundation.audit import note
from jike.foundation.beside import helped
from jike.foundation.errors import RuleBroken
from jike.foundation.exchange.intake import Aimed, Intake, Numbered
from jike.foundation.exchange.refusals import Problem, Refusals
from jike.foundation.exchange.tallying import Tally
from jike.foundation.exchange.uploads import refusals_path, staged_of
from jike.foundation.matching import near_duplicates_of_many
from jike.foundation.models import ImportRun, RecordKey
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor
from jike.foundation.search.settling import settling

__all__ = ["Report", "check_rows", "done_sentence", "store_rows", "write_refused"]

LONG = 10_000
"""Rows from which on another process is worth starting."""
PROBLEMS_SHOWN = 200
UNKNOWN_SHOWN = 50
DOUBLES_SHOWN = 100
VERB = "import"
State = ImportRun.State
Report = Callable[[int, int], None]


def check_rows(run: ImportRun, resource: Resource, report: Report, *, actor: Actor) -> Tally:
    """Try every row through the gate, store none, and keep what was refused; the run's state is left to the caller."""
    intake = _intake(run, resource, actor=replace(actor, trial=True))
    tally, refusals, first = Tally(), Refusals(refusals_path(run)), list[Problem]()
    with helped(by_another=intake.staged.length > LONG):
        for portion in intake.foreseen():
            with transaction.atomic():
                aimed = intake.aim(portion, tally)
                near = _near(resource, aimed, actor=actor)
                _tell_doubles(near, tally, among=intake.store(aimed, tally))
                transaction.set_rollback(True)
            intake.forget_stored()
            first += _logged(refusals, tally, room=PROBLEMS_SHOWN - len(first))
            report(portion[-1][0], intake.staged.length)
    run.unknown = {
        name: [[text, count] for text, count in known.most_common(UNKNOWN_SHOWN)]
        for name, known in intake.unknown.items()
    }
    _keep(run, tally, first)
    return tally


def _near(resource: Resource, aimed: Aimed, *, actor: Actor) -> list[list[Any]]:
    """Return [row, uid or "" for a row of the file, what it is like, percent] of new rows that may be doubles."""
    new = aimed.new
    met = near_duplicates_of_many(resource.model, [row.values for row in new], actor=actor)
    found: list[list[Any]] = []
    for row, near in zip(new, met, strict=True):
        if near:
            like = near[0]
            place = _("row %(row)s") % {"row": new[like.row].number} if like.row is not None else ""
            found.append([row.number, str(like.uid or ""), like.title or place, like.match.score])
    return found


def _tell_doubles(near: list[list[Any]], tally: Tally, *, among: Container[int]) -> None:
    """Count the possible doubles among the rows that became new records, and keep the first of them."""
    found = [one for one in near if one[0] in among]
    tally.doubles = (tally.doubles or 0) + len(found)
    tally.double_rows += found[: max(0, DOUBLES_SHOWN - len(tally.double_rows))]


def store_rows(run: ImportRun, resource: Resource, report: Report, *, actor: Actor) -> Tally:
    """Store the rows portion by portion, going on where an earlier attempt broke off.

    Doubles are looked for where no check has done so.

    Raises
    ------
    RuleBroken
        Another attempt is storing the same rows.
    """
    intake = _intake(run, resource, actor=actor)
    tally = Tally.of(run.counts) if run.next_row else Tally.begun(run.counts)
    first = [Problem(*one) for one in run.problems] if run.next_row else []
    refusals = Refusals(refusals_path(run), upto=run.next_row)
    long = intake.staged.length - run.next_row > LONG
    with helped(by_another=long), settling() as settle:
        for portion in intake.foreseen(run.next_row):
            with transaction.atomic():
                locked = ImportRun.objects.select_for_update().get(pk=run.pk)
                if locked.next_row != run.next_row:
                    raise RuleBroken(_("This import is running already."))
                _store_portion(intake, portion, tally)
                first += _logged(refusals, tally, room=PROBLEMS_SHOWN - len(first))
                run.next_row, run.state = portion[-1][0], State.RUNNING
                _keep(run, tally, first)
            settle(tally.created + tally.updated)
            report(run.next_row, intake.staged.length)
    run.finished_at, run.state = timezone.now(), State.DONE
    _keep(run, tally, first)
    counted = {name: fact for name, fact in tally.counts().items() if not isinstance(fact, list)}
    facts: dict[str, Any] = {"file": run.file_name, **counted}
    about = RecordKey(resource.kind, run.uid)
    as_run = replace(actor, request=run.uid)
    note(about, actor=as_run, verb=VERB, facts={name: (None, fact) for name, fact in facts.items()})
    return tally


def _store_portion(intake: Intake, portion: Sequence[Numbered], tally: Tally) -> None:
    aimed = intake.aim(portion, tally)
    near = _near(intake.resource, aimed, actor=intake.actor) if tally.unchecked else []
    stored = intake.store(aimed, tally)
    if tally.unchecked:
        _tell_doubles(near, tally, among=stored)


def done_sentence(tally: Tally) -> str:
    """Return what became of the rows."""
    words = {name: f"{value:,}" for name, value in tally.counts().items() if isinstance(value, int)}
    sentence = _("%(created)s created, %(updated)s updated, %(unchanged)s unchanged, %(refused)s refused")
    return sentence % words


def write_refused(run: ImportRun, resource: Resource, target: Path, *, author: str) -> bool:
    """Write the refused rows with their reasons to ``target``; False where there are none."""
    refusals = Refusals(refusals_path(run), upto=None)
    if next(iter(refusals), None) is None:
        return False
    staged = staged_of(run)
    header = [str(cell or "") for row in staged.first(1, start=run.header) for cell in row]
    refusals.write_workbook(target, staged, header=header, about=(capfirst(str(resource.plural)), author))
    return True


def _intake(run: ImportRun, resource: Resource, *, actor: Actor) -> Intake:
    """Return the run's intake; every change it makes carries the run's uid as its request."""
    return Intake(run, resource, staged_of(run), actor=replace(actor, request=run.uid))


def _logged(refusals: Refusals, tally: Tally, *, room: int) -> list[Problem]:
    """Move the portion's problems into the file; return those that there is room to show."""
    found, tally.problems = sorted(tally.problems), []
    refusals.add(found)
    return found[: max(0, room)]


def _keep(run: ImportRun, tally: Tally, first: list[Problem]) -> None:
    run.counts, run.problems = tally.counts(), [list(one) for one in first]
    run.save()
