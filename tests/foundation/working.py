"""Jobs for the tests of the worker, loaded by the test and by the worker process alike, and what that process does."""

import os
import sys
import threading
from pathlib import Path

from django.db import transaction

from jike.apps.organisation.models import Unit
from jike.foundation.audit import creating
from jike.foundation.background import Attempt, carry_out
from jike.foundation.errors import RuleBroken
from jike.foundation.jobs import Progress, defer, job, run_worker
from jike.foundation.scope import system_actor


@job("test.write_line", label="Write a line")
def write_line(path: str, line: str) -> None:
    """Append a line to a file."""
    with Path(path).open("a", encoding="utf-8") as target:
        target.write(line + "\n")


@job("test.hang_once", label="Hang the first time")
def hang_once(path: str) -> None:
    """Hang when run first, end when run again."""
    if Path(path).exists():
        write_line(path, "second")
        return
    write_line(path, "first")
    threading.Event().wait()


@job("test.write_in_steps", label="Write in steps")
def write_in_steps(path: str, steps: int) -> None:
    """Make a unit in each of several transactions; hang in the middle of the last when run first."""
    for step in range(steps):
        if Unit.objects.filter(code=f"STEP-{step}").exists():
            continue
        with transaction.atomic():
            name = f"第{step}步"
            creating(
                Unit(code=f"STEP-{step}", name=name, level="team", ancestors=[]), actor=system_actor("test")
            )
            if step == steps - 1 and not Path(path).exists():
                write_line(path, "halfway")
                threading.Event().wait()


@job("test.kill_worker", label="Kill its worker")
def kill_worker(path: str) -> None:
    """Bring down the worker, like a job that takes all memory."""
    write_line(path, "run")
    os.kill(os.getpid(), 9)


@job("test.fail", label="Fail")
def fail(path: str) -> None:
    """Fail in a way that could pass."""
    write_line(path, "run")
    raise ConnectionError("the other side is away")


@job("test.refuse", label="Refuse")
def refuse() -> None:
    """Fail in a way that will not pass."""
    raise RuleBroken("It is closed.")


@job("test.count_to", label="Count")
def count_to(total: int, *, progress: Progress) -> None:
    """Report progress to the end."""
    for done in range(total + 1):
        progress(done, total, f"{done}/{total}")


@job("test.run_until_cancelled", label="Run on")
def run_until_cancelled(path: str, *, progress: Progress) -> None:
    """Report progress until somebody cancels."""
    write_line(path, "running")
    while True:
        progress(1)


@job("test.defer_and_break", label="Defer and break")
def defer_and_break(path: str) -> None:
    """Defer another job in a transaction that breaks off."""
    with transaction.atomic():
        defer(write_line, path=path, line="must not run")
        raise RuleBroken("It breaks off.")


@job("test.write_result", label="Write a result")
def write_result(task: str, *, progress: Progress) -> None:
    """Write a result through the gate of background tasks; hang in the middle when run first."""

    def write(attempt: Attempt) -> None:
        result = attempt.folder / "result.txt"
        result.write_text("half", encoding="utf-8")
        marker = Path(attempt.task.order["path"])
        if not marker.exists():
            write_line(str(marker), "first")
            threading.Event().wait()
        result.write_text("whole", encoding="utf-8")
        with transaction.atomic():
            attempt.finish("all of it", result=result, file_name="result.txt")

    carry_out(task, write, progress=progress)


def work() -> None:
    """Run a worker until standard input closes."""
    stop = threading.Event()

    def watch() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
    run_worker(stop, concurrency=2)
