"""Background tasks: one's own only, told in a sentence, ended once, and repeated after a worker was killed."""

import datetime as dt
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from jike.foundation import background
from jike.foundation.background import Attempt, begin, carry_out
from jike.foundation.errors import NotFound, Refused, RuleBroken
from jike.foundation.jobs import Progress, job
from jike.foundation.jobs.reporting import Cancelled
from jike.foundation.models import BackgroundTask, Notice
from tests.foundation import working
from tests.foundation.conftest import until
from tests.foundation.listed import browser, text_of
from tests.making import SYSTEM, a_person, a_unit, acting

State = BackgroundTask.State


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path / "home" / "files"
    return tmp_path / "home" / "files" / "exports"


@job("test.task", label="Test")
def do_task(task: str, *, progress: Progress) -> None:
    """Stands for any work; the tests carry out their own."""


def quiet(done: int, total: int | None = None, sentence: str = "") -> None:
    """Take the place of the job's own report."""


def someone():
    return acting(a_person(a_unit(), language="en"))


def a_task(actor, title="Customers", **order) -> BackgroundTask:
    return begin(do_task, title=title, order=order, actor=actor)


def finishing(attempt: Attempt) -> None:
    result = attempt.folder / "result.csv"
    result.write_text("whole", encoding="utf-8")
    attempt(1, 1)
    attempt.finish("1 record", result=result, file_name="客户.csv")


def ended(actor, work=finishing) -> BackgroundTask:
    task = a_task(actor, number=str(uuid4()))
    carry_out(str(task.uid), work, progress=quiet)
    task.refresh_from_db()
    return task


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


@pytest.mark.django_db
def test_a_task_ends_with_a_file_a_sentence_and_a_notice(folder):
    actor = someone()
    task = ended(actor)
    assert (task.state, task.sentence, task.file_name) == (State.DONE, "1 record", "客户.csv")
    path, name = background.result_of(task.uid, actor)
    assert (path.read_text(), name, files_in(folder)) == ("whole", "客户.csv", [task.file])
    notice = Notice.objects.get(person=actor.uid)
    assert notice.text == "Customers: 1 record"


@pytest.mark.django_db
def test_nobody_else_sees_fetches_or_steers_a_task():
    actor, other = someone(), someone()
    task = ended(actor)
    assert background.mine(other) == []
    for refused in (
        lambda: background.result_of(task.uid, other),
        lambda: background.standing_of(task.uid, other),
        lambda: background.cancel(task.uid, actor=other),
        lambda: background.again(task.uid, actor=other),
        lambda: background.mine(SYSTEM),
    ):
        with pytest.raises(NotFound):
            refused()


@pytest.mark.django_db
def test_whoever_looks_through_anothers_eyes_neither_begins_nor_fetches():
    actor = someone()
    task = ended(actor)
    looking = type(actor)(
        kind=actor.kind, uid=actor.uid, name=actor.name, person=actor.person, on_behalf=uuid4()
    )
    with pytest.raises(NotFound):
        background.result_of(task.uid, looking)
    with pytest.raises(Refused):
        a_task(looking)


@pytest.mark.django_db
def test_asking_twice_begins_one_task_and_too_many_are_refused():
    actor = someone()
    assert a_task(actor, number=1).pk == a_task(actor, number=1).pk
    for number in range(2, background.MOST_UNFINISHED + 1):
        a_task(actor, number=number)
    with pytest.raises(RuleBroken, match="still running|正在"):
        a_task(actor, number=99)


@pytest.mark.django_db
def test_a_refusal_ends_the_task_with_its_sentence(folder):
    def refuse(attempt: Attempt) -> None:
        raise RuleBroken("This list no longer exists.")

    actor = someone()
    task = a_task(actor)
    with pytest.raises(RuleBroken):
        carry_out(str(task.uid), refuse, progress=quiet)
    standing = background.standing_of(task.uid, actor)
    assert (standing.state, standing.task.sentence) == ("failed", "This list no longer exists.")
    assert files_in(folder) == []
    assert Notice.objects.filter(person=actor.uid).exists()


@pytest.mark.django_db
def test_a_full_disk_is_a_sentence_and_leaves_no_half_file(folder):
    def fill(attempt: Attempt) -> None:
        (attempt.folder / "half").write_text("half", encoding="utf-8")
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"x")

    actor = someone()
    task = a_task(actor)
    with pytest.raises(RuleBroken):
        carry_out(str(task.uid), fill, progress=quiet)
    assert "disk for files is full" in background.standing_of(task.uid, actor).task.sentence
    assert files_in(folder) == []
    background.again(task.uid, actor=actor)
    carry_out(str(task.uid), finishing, progress=quiet)
    assert background.standing_of(task.uid, actor).downloadable


@pytest.mark.django_db
def test_a_cancelled_task_stops_at_its_next_report_and_leaves_nothing(folder):
    actor = someone()
    task = a_task(actor)

    def cancelled_meanwhile(attempt: Attempt) -> None:
        attempt(1, 10)
        background.cancel(task.uid, actor=actor)
        finishing(attempt)

    with pytest.raises(Cancelled):
        carry_out(str(task.uid), cancelled_meanwhile, progress=quiet)
    assert background.standing_of(task.uid, actor).state == "stopped"
    background.sweep_tasks()
    assert files_in(folder) == []
    with pytest.raises(RuleBroken):
        background.cancel(task.uid, actor=actor)


@pytest.mark.django_db
def test_a_task_cancelled_before_its_turn_never_runs():
    actor = someone()
    task = a_task(actor)
    background.cancel(task.uid, actor=actor)
    carry_out(str(task.uid), finishing, progress=quiet)
    assert background.standing_of(task.uid, actor).state == "stopped"


@pytest.mark.django_db
def test_of_two_attempts_only_the_later_one_counts(folder):
    """A worker taken for dead too early goes on writing beside the one that took its job up."""
    actor = someone()
    task = a_task(actor)

    def overtaken(attempt: Attempt) -> None:
        carry_out(str(task.uid), finishing, progress=quiet)
        attempt.folder.mkdir()
        finishing(attempt)

    with pytest.raises(Cancelled):
        carry_out(str(task.uid), overtaken, progress=quiet)
    background.sweep_tasks()
    task.refresh_from_db()
    assert (task.state, files_in(folder)) == (State.DONE, [task.file])


@pytest.mark.django_db
def test_time_left_follows_from_the_pace():
    actor = someone()
    task = a_task(actor)
    minute_ago = timezone.now() - dt.timedelta(seconds=60)
    BackgroundTask.objects.filter(pk=task.pk).update(
        state="running", started_at=minute_ago, done=25, total=100
    )
    standing = background.standing_of(task.uid, actor)
    assert (standing.percent, round(standing.seconds_left, -1)) == (25, 180)


@pytest.mark.django_db
def test_results_expire_and_can_be_made_again(folder):
    actor = someone()
    task = ended(actor)
    (folder / "left-behind.txt").write_text("not ours", encoding="utf-8")
    BackgroundTask.objects.filter(pk=task.pk).update(expires_at=timezone.now())
    with pytest.raises(NotFound):
        background.result_of(task.uid, actor)
    background.sweep_tasks()
    assert files_in(folder) == ["left-behind.txt"]
    assert background.standing_of(task.uid, actor).state == "expired"
    background.again(task.uid, actor=actor)
    assert background.standing_of(task.uid, actor).state == "waiting"


@pytest.mark.django_db
def test_a_task_whose_job_was_given_up_is_ended_by_the_sweep():
    actor = someone()
    task = a_task(actor)
    background.sweep_tasks()
    assert background.standing_of(task.uid, actor).state == "waiting"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [task.job])
    background.sweep_tasks()
    assert background.standing_of(task.uid, actor).state == "failed"


@pytest.mark.django_db
def test_the_task_centre_shows_each_task_with_what_can_be_done():
    person = a_person(a_unit(), language="en")
    actor, client = acting(person), browser(person)
    task, waiting = ended(actor), a_task(actor, title="=cmd|<script>")
    page = text_of(client.get(reverse("foundation:tasks")))
    assert "客户.csv" in page
    assert "Waits for its turn" in page
    assert 'hx-trigger="every 2s"' in page
    assert "&lt;script&gt;" in client.get(reverse("foundation:tasks")).content.decode()
    answer = client.get(reverse("foundation:task_file", args=[task.uid]))
    assert b"".join(answer.streaming_content) == b"whole"
    assert "attachment" in answer["Content-Disposition"]
    assert client.get(reverse("foundation:task_watch", args=[waiting.uid])).status_code == 204
    assert client.post(reverse("foundation:task_cancel", args=[waiting.uid])).status_code == 302
    told = client.get(reverse("foundation:task_watch", args=[waiting.uid]))
    assert (told.status_code, "cancelled" in told["HX-Trigger"]) == (286, True)
    assert client.post(reverse("foundation:task_again", args=[waiting.uid])).status_code == 302
    other = browser(a_person(a_unit()))
    assert other.get(reverse("foundation:task_file", args=[task.uid])).status_code == 404
    assert other.get(reverse("foundation:task_watch", args=[task.uid])).status_code == 404


def test_a_killed_workers_task_runs_again_and_leaves_one_file(committed_db, start_worker, tmp_path, folder):
    actor, marker = someone(), tmp_path / "marker"
    task = begin(working.write_result, title="Customers", order={"path": str(marker)}, actor=actor)
    first = start_worker()
    until(marker.exists)
    first.kill()
    first.wait()
    assert len(list(folder.iterdir())) == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    start_worker()
    until(lambda: ProcrastinateJob.objects.get(pk=task.job).status == "succeeded")
    task.refresh_from_db()
    assert (task.state, files_in(folder)) == (State.DONE, [task.file])
    assert (folder / task.file).read_text() == "whole"
    assert folder.stat().st_mode & 0o077 == 0
