"""Sites of their own for tests that start, kill, back up and restore: each with a JIKE_HOME and a server of its own."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from jike.site import config
from jike.site.postgres import destroy, server
from jike.site.postgres.place import find_place, prepare
from tests import databases

CHECKOUT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120


class Site:
    """A JIKE_HOME and the jike commands on it, each in a process of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @property
    def settings(self) -> config.Config:
        return config.load({"JIKE_HOME": str(self.home)})

    def environment(self, **settings: str) -> dict[str, str]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("JIKE_", "DATABASE_"))
        }
        return (
            inherited | {"JIKE_HOME": str(self.home), "PYTHONPATH": str(CHECKOUT), "NO_COLOR": "1"} | settings
        )

    def start(self, *words: str, **settings: str) -> subprocess.Popen:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(
            [sys.executable, "-m", "jike.site.commands", *words],
            env=self.environment(**settings),
            text=True,
            **pipes,
        )

    def jike(self, *words: str, **settings: str) -> tuple[int, str]:
        """Exit code and everything the command said."""
        with self.start(*words, **settings) as running:
            said = running.stdout.read()
        return running.returncode, said

    def doctor(self, **settings: str) -> dict[str, tuple[str, str]]:
        """Name of each check → level and sentence."""
        _, said = self.jike("doctor", "--json", **settings)
        found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        return {one["name"]: (one["level"], one["sentence"]) for one in found}

    def remove(self) -> None:
        if self.home.is_dir():
            destroy(self.settings)
        shutil.rmtree(self.home.parent)


def eventually(met: Callable[[], object]) -> object:
    """Return what `met` returns once it is true; a busy machine gets all the time it needs."""
    pause = threading.Event()
    for _ in range(PATIENCE_SECONDS * 10):
        if result := met():
            return result
        pause.wait(0.1)
    pytest.fail(f"{met} was not met within {PATIENCE_SECONDS} s")


def server_ends(home: Path) -> bool:
    """Wait until the server of `home` has ended: stopped by its last user, or by the guardian who was quicker."""
    return bool(eventually(lambda: server.running_pid(find_place(home)) is None))


def new_site() -> Site:
    """At a short path that root's PostgreSQL user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="jike-test-"))
    folder.chmod(0o711)
    return Site(folder / "home")


@pytest.fixture
def empty_site() -> Iterator[Site]:
    site = new_site()
    yield site
    site.remove()


def up_to_date() -> Site:
    """A site of its own as `jike migrate` leaves it; that runs once per set of migrations, and the rest are copies."""
    rests = settings.CONFIG.home / "sites" / databases.fingerprint()
    rests.parent.mkdir(exist_ok=True)
    with (settings.CONFIG.home / "sites.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (rests / "whole").exists():
            shutil.rmtree(rests.parent)
            lay_down(rests)
        site = new_site()
        shutil.copytree(rests / "home", site.home)
        data = prepare(find_place(site.home)).data
        subprocess.run(["cp", "-a", f"{rests}/postgres/.", data], check=True)
    return site


def lay_down(rests: Path) -> None:
    """Migrate a site and keep what it consists of: the home, and the server's data, which may lie elsewhere."""
    site = new_site()
    code, said = site.jike("migrate")
    assert code == 0, said
    assert server_ends(site.home)
    rests.mkdir(parents=True)
    shutil.copytree(site.home, rests / "home", ignore=shutil.ignore_patterns("postgres*"))
    subprocess.run(["cp", "-a", (site.home / "postgres").resolve(), rests / "postgres"], check=True)
    site.remove()
    (rests / "whole").touch()


@pytest.fixture(scope="session")
def migrated_site() -> Iterator[Site]:
    """One that is up to date; shared by whatever test needs it, so each leaves it as it finds it."""
    site = up_to_date()
    yield site
    site.remove()


@pytest.fixture
def own_site() -> Iterator[Site]:
    """One that is up to date, for a test that leaves it as it likes."""
    site = up_to_date()
    yield site
    site.remove()
