"""Keeps child processes alive: restarts what dies, with growing pauses, and stops all of them together."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import click

from jike.site.commands.process import command_line

__all__ = ["Supervisor", "pause_before"]

TICK_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30
STEADY_SECONDS = 60
GRACE_SECONDS = 25
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def pause_before(failures: int) -> float:
    """Seconds to wait before a child is started again after so many deaths in a row: 1, 2, 4 … 30."""
    return float(min(2 ** max(failures - 1, 0), LONGEST_PAUSE_SECONDS))


@dataclass
class Child:
    """One jike command kept running; times are of the monotonic clock, in seconds."""

    command: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    failures: int = 0
    due: float = 0

    def start(self, now: float) -> None:
        line = command_line(self.command, "--parent", str(os.getpid()))
        # A session of its own: Ctrl-C reaches the supervisor only, which then stops the children in order.
        self.process = subprocess.Popen(line, start_new_session=True)
        self.started = now

    def look_after(self, now: float) -> None:
        """Start when due; after a death set the time of the next start."""
        if self.process is None:
            if now >= self.due:
                self.start(now)
        elif (code := self.process.poll()) is not None:
            self.failures = 1 if now - self.started > STEADY_SECONDS else self.failures + 1
            pause = pause_before(self.failures)
            click.echo(f"{self.command} ended ({ending(code)}); it starts again in {pause:.0f} s.", err=True)
            self.process, self.due = None, now + pause

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """True when it has ended within so many seconds."""
        if self.process is None:
            return True
        try:
            self.process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            return False
        return True


def ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


@dataclass
class Supervisor:
    """Runs the given jike commands until a signal says stop."""

    commands: list[str]
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, tick: Callable[[], None]) -> None:
        """Blocks; `tick` is called every TICK_SECONDS. Must run in the main thread."""
        children = [Child(command) for command in self.commands]
        for number in STOPPING_SIGNALS:
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            while not self.stopping.is_set():
                tick()
                for child in children:
                    child.look_after(time.monotonic())
                self.stopping.wait(TICK_SECONDS)
        finally:
            stop_all(children)


def stop_all(children: list[Child]) -> None:
    """Ask all to end, wait together, then insist."""
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        child.signal(signal.SIGTERM)
    for child in children:
        if not child.wait(deadline - time.monotonic()):
            child.signal(signal.SIGKILL)
            child.wait(GRACE_SECONDS)
