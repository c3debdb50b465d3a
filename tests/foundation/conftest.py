"""What several tests of the foundation need: a worker in a process of its own."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import databases

PATIENCE_SECONDS = 180


def until(met: Callable[[], object]) -> object:
    """Ask again and again until the answer is true, and return it."""
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, threading.Event()
    while not (answer := met()):
        assert time.monotonic() < deadline, "it never came true"
        pause.wait(0.05)
    return answer


@pytest.fixture
def start_worker(committed_db: str, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen]]:
    """Give a function that starts a worker process on the test's database; all of them end with the test."""
    started: list[subprocess.Popen] = []
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("JIKE_")},
        "JIKE_HOME": str(tmp_path / "home"),
        "DATABASE_URL": databases.address("app", committed_db),
        "DJANGO_SETTINGS_MODULE": "jike.site.settings",
    }

    def start(**further: str) -> subprocess.Popen:
        log = (tmp_path / f"worker{len(started)}.log").open("wb")
        program = "import django; django.setup(); from tests.foundation import working; working.work()"
        command = [sys.executable, "-c", program]
        worker = subprocess.Popen(
            command,
            env={**environment, **further},
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stderr=log,
            stdout=log,
        )
        log.close()
        started.append(worker)
        return worker

    yield start
    for worker in started:
        if worker.stdin is not None:
            worker.stdin.close()
        try:
            worker.wait(60)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
