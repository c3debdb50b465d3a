"""Background tasks: work that somebody started, waits for and finds again in the task centre.

`begin` keeps a task and defers its job in the caller's transaction; the job hands its work to `carry_out`, which gives
it an `Attempt` to report through. A worker that dies leaves a task that runs again from its beginning, under a new
attempt; whatever the old one still writes no longer counts. Results lie below the folder of files, for a week.
"""

import datetime as dt
import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from procrastinate.contrib.django.models import ProcrastinateJob

from jike.foundation.audit.gate import may_write
from jike.foundation.directory import people
from jike.foundation.errors import JikeError, NotFound, RuleBroken
from jike.foundation.files.storing import disk_failure
from jike.foundation.jobs import Progress, declared_jobs, defer, job, job_name
from jike.foundation.jobs.reporting import Cancelled
from jike.foundation.models import BackgroundTask
from jike.foundation.notify import Channel, Topic, declare_topics, notify
from jike.foundation.scope import Actor, ActorKind

__all__ = [
    "Attempt",
    "Standing",
    "again",
    "begin",
    "cancel",
    "carry_out",
    "mine",
    "result_of",
    "standing_of",
    "sweep_tasks",
    "tell_expiry",
    "tell_holding",
]

State = BackgroundTask.State
UNFINISHED = (State.WAITING, State.RUNNING)
KEEP_RESULTS = dt.timedelta(days=7)
KEEP_TASKS = dt.timedelta(days=30)
MOST_UNFINISHED = 5
EVERY_SECONDS = 0.5
MINUTE_FROM = 90
LOCK_SPACE = 0x7461736B
RESULT = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\..+")
ENDED = Topic(
    "foundation.task_ended", gettext_lazy("A background task has ended"), Channel.APP, page="foundation:tasks"
)
declare_topics(ENDED)


@dataclass(frozen=True)
class Standing:
    """A task as its owner sees it at a moment.

    Attributes
    ----------
    state
        The stored state, or ``again`` (it broke off and waits to be tried again) or ``expired``.
    seconds_left
        From the pace so far; None when it cannot be told yet.
    """

    task: BackgroundTask
    state: str
    seconds_left: int | None

    @property
    def unfinished(self) -> bool:
        """Whether it waits or runs."""
        return self.task.state in UNFINISHED

    @property
    def percent(self) -> int | None:
        """How far it is, where it says so."""
        total = self.task.total
        return min(100, 100 * self.task.done // total) if total and self.task.state == State.RUNNING else None

    @property
    def left(self) -> str:
        """How long it will still take, in words; "" when that cannot be told yet."""
        if self.seconds_left is None:
            return ""
        if self.seconds_left < MINUTE_FROM:
            return ngettext("%d second", "%d seconds", self.seconds_left) % self.seconds_left
        minutes = round(self.seconds_left / 60)
        return ngettext("%d minute", "%d minutes", minutes) % minutes

    @property
    def downloadable(self) -> bool:
        """Whether there is a file to fetch."""
        return self.state == State.DONE and bool(self.task.file) and not self.task.held

    @property
    def repeatable(self) -> bool:
        """Whether it may be run again."""
        return self.state in (State.FAILED, State.STOPPED, "expired")


class Attempt:
    """One run of a task: call it with how much is done; raises `Cancelled` once nobody waits for this run any more."""

    def __init__(self, task: BackgroundTask, progress: Progress) -> None:
        self.task, self._progress, self._written = task, progress, 0.0
        self.folder = _folder() / f"{task.uid}.{task.run}"
        """For what the work writes before it is complete; goes with the attempt."""

    def __call__(self, done: int, total: int) -> None:
        """Write how far it is, at most twice a second."""
        self._progress(done, total)
        now = time.monotonic()
        if now - self._written >= EVERY_SECONDS:
            self._written = now
            self._write(done=min(done, total), total=total)

    def finish(
        self, sentence: str, *, result: Path | None = None, file_name: str = "", held: bool = False
    ) -> None:
        """End the task well, within the caller's transaction.

        Parameters
        ----------
        result
            The complete file in the attempt's folder, which its owner may fetch as ``file_name`` from now on.
        held
            Its owner may fetch it only after a second person's release.
        """
        now, name = timezone.now(), ""
        if result is not None:
            name = f"{self.folder.name}{result.suffix}"
            _keep_result(result, name)
        ended = {"state": State.DONE, "finished_at": now, "expires_at": now + KEEP_RESULTS}
        self._write(**ended, sentence=sentence[:400], file=name, file_name=file_name[:200], held=held)
        self._tell(sentence)
        for told in _holding.get(self.task.kind, ()) if held else ():
            told(self.task)

    def fail(self, sentence: str) -> None:
        """End the task with the sentence that says why it could not be done."""
        with transaction.atomic():
            self._write(state=State.FAILED, finished_at=timezone.now(), sentence=sentence[:400])
            self._tell(sentence)

    def _write(self, **values: Any) -> None:
        rows = BackgroundTask.objects.filter(pk=self.task.pk, run=self.task.run, state=State.RUNNING)
        if not rows.update(**values):
            raise Cancelled

    def _tell(self, sentence: str) -> None:
        text = f"{self.task.title}: {sentence}"
        notify([self.task.person], ENDED.name, text, once=f"task:{self.task.uid}:{self.task.run}")


def begin(work: Callable[..., Any], *, title: str, order: dict[str, Any], actor: Actor) -> BackgroundTask:
    """Keep a task for the person and defer its job ``work(task=uid)``; asked twice for the same, give the first.

    Raises
    ------
    RuleBroken
        Too many of the person's tasks are unfinished.
    """
    person, kind = _owner(actor), job_name(work)
    may_write(actor)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, person.int % 2**31])
        unfinished = BackgroundTask.objects.filter(person=person, state__in=UNFINISHED)
        same = unfinished.filter(kind=kind, order=order).first()
        if same is not None:
            return same
        if unfinished.count() >= MOST_UNFINISHED:
            sentence = _("%(most)s of your tasks are still running; wait for one or cancel it.")
            raise RuleBroken(sentence % {"most": MOST_UNFINISHED})
        task = BackgroundTask.objects.create(person=person, kind=kind, title=title[:200], order=order)
        _defer(task, work)
    return task


def carry_out(uid: str, work: Callable[[Attempt], None], *, progress: Progress) -> None:
    """Do the task's work in its owner's language, and record how it ended; a task that ended already is left alone.

    What is neither an error of ours nor one of the disk goes to the job runner, which lets the job run again.
    """
    task = _taken_up(uid)
    if task is None:
        return
    attempt, owner = Attempt(task, progress), people([task.person]).get(task.person)
    with translation.override(owner.language if owner else None):
        try:
            attempt.folder.mkdir(mode=0o700, parents=True)
            work(attempt)
        except Cancelled:
            _stop(BackgroundTask.objects.filter(pk=task.pk, run=task.run))
            raise
        except JikeError as error:
            attempt.fail(str(error))
            raise
        except OSError as error:
            failure = disk_failure(error)
            attempt.fail(str(failure))
            raise RuleBroken(failure.message) from error
        finally:
            shutil.rmtree(attempt.folder, ignore_errors=True)


def mine(actor: Actor, *, before: int | None = None, limit: int = 50) -> list[Standing]:
    """Return the person's own tasks, newest first, those with an id below ``before``."""
    rows = BackgroundTask.objects.filter(person=_owner(actor))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return _standings(list(rows.order_by("-pk")[:limit]))


def standing_of(uid: UUID, actor: Actor) -> Standing:
    """Return one of the person's own tasks; others' look absent."""
    return _standings([_own(uid, actor).get()])[0]


def cancel(uid: UUID, *, actor: Actor) -> None:
    """Give the task up; a running one ends where it next reports, and leaves no file."""
    may_write(actor)
    if not _stop(_own(uid, actor)):
        raise RuleBroken(_("This task has already ended."))


def again(uid: UUID, *, actor: Actor) -> None:
    """Run a task once more that failed, was cancelled or whose result has expired."""
    may_write(actor)
    with transaction.atomic():
        task = _own(uid, actor).select_for_update().get()
        if not _standings([task])[0].repeatable:
            raise RuleBroken(_("Only a task that ended without a result can be run again."))
        work = next((one.work for one in declared_jobs() if one.name == task.kind), None)
        if work is None:
            raise RuleBroken(_("This kind of task no longer exists."))
        task.state, task.run, task.done, task.total = State.WAITING, None, 0, None
        task.sentence = task.file = task.file_name = ""
        task.held = False
        task.started_at = task.finished_at = task.expires_at = None
        task.save()
        _defer(task, work)


def result_of(uid: UUID, actor: Actor) -> tuple[Path, str]:
    """Return the task's file and what to call it; NotFound for everybody but its owner, and once it has expired."""
    if actor.on_behalf is not None:
        raise NotFound
    standing = standing_of(uid, actor)
    path = _folder() / standing.task.file
    if not standing.downloadable or not path.is_file():
        raise NotFound(_("This file is no longer there; run the task again."))
    return path, standing.task.file_name


_expiry: dict[str, list[Callable[[BackgroundTask], None]]] = {}
_holding: dict[str, list[Callable[[BackgroundTask], None]]] = {}


def tell_holding(kind: str, told: Callable[[BackgroundTask], None]) -> None:
    """Have ``told(task)`` called, in the same transaction, when a task of that kind ends held for a release."""
    _holding.setdefault(kind, []).append(told)


def tell_expiry(kind: str, told: Callable[[BackgroundTask], None]) -> None:
    """Have ``told(task)`` called, in the same transaction, when the result of a task of that kind expires."""
    _expiry.setdefault(kind, []).append(told)


@job("foundation.sweep_tasks", label=gettext_lazy("Remove expired results"), cron="*/10 * * * *")
def sweep_tasks() -> None:
    """Remove expired results and old tasks, and end tasks whose job is no more; safe beside running ones."""
    now = timezone.now()
    living = ProcrastinateJob.objects.filter(pk=OuterRef("job"), status__in=("todo", "doing"))
    lost = BackgroundTask.objects.filter(~Exists(living), state__in=UNFINISHED)
    sentence = _(
        "It broke off each time it was tried. The system administrator finds the reason under its job."
    )
    lost.update(state=State.FAILED, finished_at=now, sentence=sentence)
    with transaction.atomic():
        expired = BackgroundTask.objects.select_for_update().filter(expires_at__lte=now).exclude(file="")
        for task in expired:
            for told in _expiry.get(task.kind, ()):
                told(task)
        BackgroundTask.objects.filter(pk__in=[task.pk for task in expired]).update(file="", held=False)
    BackgroundTask.objects.filter(created_at__lt=now - KEEP_TASKS).exclude(state__in=UNFINISHED).delete()
    for path in _folder().iterdir():
        named = RESULT.fullmatch(path.name)
        rows = BackgroundTask.objects.filter(uid=named[1]) if named else None
        if rows is not None and not rows.filter(Q(state__in=UNFINISHED) | Q(file=path.name)).exists():
            _remove(path)


def _owner(actor: Actor) -> UUID:
    """Return whose tasks these are; tokens and the system have none."""
    if actor.kind is not ActorKind.PERSON or actor.uid is None:
        raise NotFound
    return actor.uid


def _own(uid: UUID, actor: Actor) -> QuerySet[BackgroundTask]:
    rows = BackgroundTask.objects.filter(uid=uid, person=_owner(actor))
    if not rows.exists():
        raise NotFound
    return rows


def _defer(task: BackgroundTask, work: Callable[..., Any]) -> None:
    task.job = defer(work, key=f"task:{task.uid}", task=str(task.uid))
    task.save(update_fields=["job"])


def _taken_up(uid: str) -> BackgroundTask | None:
    """Begin a new attempt, and remove what earlier ones left behind; None when the task has ended."""
    with transaction.atomic():
        rows = BackgroundTask.objects.select_for_update().filter(uid=uid, state__in=UNFINISHED)
        task = rows.first()
        if task is None:
            return None
        task.state, task.run, task.started_at = State.RUNNING, uuid4(), timezone.now()
        task.done, task.total = 0, None
        task.save(update_fields=["state", "run", "started_at", "done", "total"])
    for path in _folder().glob(f"{task.uid}.*"):
        _remove(path)
    return task


def _stop(rows: QuerySet[BackgroundTask]) -> int:
    return rows.filter(state__in=UNFINISHED).update(
        state=State.STOPPED, finished_at=timezone.now(), sentence=""
    )


def _standings(tasks: list[BackgroundTask]) -> list[Standing]:
    unfinished = [task.job for task in tasks if task.job and task.state in UNFINISHED]
    retried = (
        ProcrastinateJob.objects.filter(pk__in=unfinished, status="todo", attempts__gt=0)
        if unfinished
        else ()
    )
    waiting, now = {one.pk for one in retried}, timezone.now()
    return [_standing(task, again=task.job in waiting, now=now) for task in tasks]


def _standing(task: BackgroundTask, *, again: bool, now: dt.datetime) -> Standing:
    state, left = str(task.state), None
    if task.state == State.DONE and task.expires_at and task.expires_at <= now and task.file_name:
        state = "expired"
    elif again and task.state == State.RUNNING:
        state = "again"
    elif task.state == State.RUNNING and task.started_at and task.total and task.done:
        left = round((now - task.started_at).total_seconds() * (task.total - task.done) / task.done)
    return Standing(task, state, left)


def _keep_result(result: Path, name: str) -> None:
    """Move the complete file to where it is fetched from, durably."""
    with result.open("rb") as written:
        os.fsync(written.fileno())
    result.replace(_folder() / name)


def _folder() -> Path:
    """Return the folder of results, made when absent."""
    folder = Path(settings.ATTACHMENTS_FOLDER) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
