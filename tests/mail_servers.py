"""Real mail servers on loopback: one that takes mail by SMTP (aiosmtpd), one that hands it out by IMAP (pymap)."""

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

USER, PASSWORD = "manager", "s3cret"
PATIENCE_SECONDS = 30


@dataclass
class Posted:
    """Letters that the SMTP server took, with whom they were for; ``refusing`` is answered instead of taking any."""

    port: int = 0
    letters: list[tuple[list[str], bytes]] = field(default_factory=list)
    refusing: str = ""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 — aiosmtpd's name
        if self.refusing:
            return self.refusing
        self.letters.append((envelope.rcpt_tos, envelope.content))
        return "250 taken"


@contextmanager
def smtp_server() -> Iterator[Posted]:
    """Run an SMTP server that anybody may sign in to."""
    posted = Posted()
    controller = Controller(
        posted,
        hostname="127.0.0.1",
        port=_free_port(),
        auth_require_tls=False,
        authenticator=lambda *_: _accepted(),
    )
    posted.port = controller.port
    controller.start()
    try:
        yield posted
    finally:
        controller.stop()


def _accepted() -> Any:
    from aiosmtpd.smtp import AuthResult

    return AuthResult(success=True)


@dataclass(frozen=True)
class Imap:
    """An IMAP server with one user."""

    port: int

    def deliver(self, folder: str, *letters: bytes) -> None:
        """Put letters into a folder of the user's, made when absent."""
        connection = self._connected()
        connection.create(folder)
        for letter in letters:
            answer, told = connection.append(folder, None, None, letter)
            assert answer == "OK", told
        connection.logout()

    def unread(self, folder: str) -> int:
        """Return how many letters of a folder nobody has read."""
        connection = self._connected()
        connection.select(folder, readonly=True)
        found = connection.uid("SEARCH", None, "UNSEEN")[1][0].split()
        connection.logout()
        return len(found)

    def _connected(self) -> imaplib.IMAP4:
        connection = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        connection.login(USER, PASSWORD)
        return connection


@contextmanager
def imap_server() -> Iterator[Imap]:
    """Run an IMAP server in a process of its own."""
    port = _free_port()
    program = str(Path(sys.executable).with_name("pymap"))
    command = [program, "--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    asked = [*command, "dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    process = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port, process)
        yield Imap(port)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    raise AssertionError("the IMAP server did not start")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
