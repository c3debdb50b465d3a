"""The web server under measurement, as `jike serve` runs it, on the site in JIKE_HOME, and the processor time it takes.

Beside each time by the clock stands the processor time of the web workers and of PostgreSQL: a machine on which others
work lengthens the first and hardly the second.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from benchmarks.ground.served import COLLECT, wait_for

__all__ = ["Served", "database_process", "served"]


class Served:
    """A running server."""

    def __init__(self, address: str, web: psutil.Process, database: psutil.Process | None) -> None:
        self.address = address
        self._roots = [web, *([database] if database else [])]
        self._spent: dict[tuple[int, float], float] = {}

    def processor_seconds(self) -> float:
        """Return what its processes, those of the database among them, have used so far, ended ones too."""
        for root in self._roots:
            for process in (root, *root.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    times = process.cpu_times()
                    self._spent[process.pid, process.create_time()] = times.user + times.system
        return sum(self._spent.values())


@contextmanager
def served() -> Iterator[Served]:
    """Serve the site of this process's configuration on a free port until the block ends."""
    environment = os.environ | {"JIKE_PORT": "0", "PYTHONUNBUFFERED": "1"}
    subprocess.run([sys.executable, "-c", COLLECT], env=environment, check=True)
    command = [sys.executable, "-m", "jike.site.commands", "web"]
    with subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE) as running:
        try:
            said = iter(running.stdout or ())
            address = next(found[0] for found in map(re.compile(r"http://\S+").search, said) if found)
            wait_for(address)
            yield Served(address, psutil.Process(running.pid), database_process())
        finally:
            running.terminate()


def database_process() -> psutil.Process | None:
    """Return the embedded server's first process; None when the database runs elsewhere."""
    from django.conf import settings

    if not settings.CONFIG.embedded:
        return None
    (pid_file,) = Path(settings.CONFIG.home).glob("postgres/**/postmaster.pid")
    return psutil.Process(int(pid_file.read_text(encoding="ascii").split()[0]))
