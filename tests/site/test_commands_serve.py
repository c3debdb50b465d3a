"""`jike serve`: starts, answers, recovers from every kill, and stops without leaving anything behind."""

import os
import re
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from jike.site.postgres import server
from jike.site.postgres.place import find_place
from tests.site.conftest import PATIENCE_SECONDS, eventually, server_ends

MOST_MEGABYTES = 300


class Serving:
    """A running `jike serve` with its address and descendants."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process
        self.said = ""
        for line in process.stdout:
            self.said += line
            if found := re.search(r"answers at (http://127\.0\.0\.1:\d+)", line):
                self.address = found[1]
                break
        else:
            pytest.fail(self.said)
        self.reading = threading.Thread(target=process.stdout.read)
        self.reading.start()

    def child(self, name: str) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            if name in child.cmdline():
                return child
        return None

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/static/not-there", timeout=10):  # noqa: S310 — our own address
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False


@contextmanager
def serving(site, **settings: str) -> Iterator[Serving]:
    process = site.start("serve", JIKE_PORT="0", JIKE_WORKERS="1", **settings)
    with process.stdout:
        one = Serving(process)
        try:
            eventually(lambda: one.child("worker"))
            yield one
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)
            one.reading.join()


def killed(process: psutil.Process) -> None:
    process.kill()
    psutil.wait_procs([process])


def test_ctrl_c_stops_web_worker_and_database(empty_site):
    with serving(empty_site) as running:
        assert running.answers()
        family = running.family()
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(PATIENCE_SECONDS) == 0
        # Python's own helpers (the tracker of shared resources) end a moment after the process that they help.
        _, left = psutil.wait_procs(family, timeout=PATIENCE_SECONDS)
        assert not [child for child in left if child.status() != psutil.STATUS_ZOMBIE]
        assert not running.answers()
    assert server_ends(empty_site.home)


def test_a_killed_web_server_worker_or_database_comes_back(migrated_site):
    with serving(migrated_site) as running:
        for name in ("web", "worker"):
            old = running.child(name)
            killed(old)
            eventually(lambda name=name, old=old: running.child(name) not in (None, old))
        eventually(running.answers)
        pid = server.running_pid(find_place(migrated_site.home))
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: server.running_pid(find_place(migrated_site.home)) not in (None, pid))
        eventually(lambda: migrated_site.doctor().get("worker", ("",))[0] == "ok")


def test_nothing_outlives_a_killed_parent(own_site):
    with serving(own_site) as running:
        family = running.family()
        family.append(psutil.Process(server.running_pid(find_place(own_site.home))))
        killed(psutil.Process(running.process.pid))
        gone, left = psutil.wait_procs(family, timeout=PATIENCE_SECONDS)
        assert not left
        assert len(gone) >= 4
    with serving(own_site) as running:
        assert running.answers()


def test_a_web_process_needs_at_most_300_megabytes(migrated_site):
    with serving(migrated_site) as running:
        for _ in range(50):
            assert running.answers()
        for child in running.family():
            assert child.memory_info().rss < MOST_MEGABYTES * 1024 * 1024


def test_a_port_in_use_is_told(empty_site):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = empty_site.jike("serve", JIKE_PORT=str(taken.getsockname()[1]))
    assert code == 2
    assert "can't listen on 127.0.0.1" in said
    assert "JIKE_PORT" in said


def test_an_address_of_elsewhere_is_told(empty_site):
    code, said = empty_site.jike("serve", JIKE_HOST="no-such-host.invalid")
    assert code == 2
    assert "which this machine does not know" in said
