"""What every command's process does about itself: load Django in a role, die with its parent, call other commands."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping

__all__ = ["command_line", "die_with_parent", "load_django", "run_command"]

PR_SET_PDEATHSIG = 1


def load_django(role: str = "app") -> None:
    """Load settings and capabilities; `role` is as whom the database is reached: app, owner or none."""
    os.environ["JIKE_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jike.site.settings")
    import django

    from jike.site.memory import loading

    # It reports every job's beginning and end; failures are logged by our own runner.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    with loading():
        django.setup()


def die_with_parent(parent: int, death_signal: signal.Signals = signal.SIGTERM) -> None:
    """Ask Linux to end this process when its parent, process `parent`, ends in any way, kill -9 included."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != parent:
        # The parent had gone before the request was made.
        os.kill(os.getpid(), death_signal)


def command_line(*words: str) -> list[str]:
    return [sys.executable, "-m", "jike.site.commands", *words]


def run_command(*words: str, environ: Mapping[str, str] | None = None) -> int:
    """Run another jike command in a process of its own, on the same terminal; returns its exit code."""
    return subprocess.run(command_line(*words), env={**os.environ, **(environ or {})}, check=False).returncode
