"""Who uses the embedded server: a lock that each process holds while it lives, so that the last one stops the
server.

File locks vanish with their process, even after kill -9, so no list of process ids can go stale.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_held: dict[Path, int] = {}


def lock_file(home: Path, name: str) -> int:
    return os.open(home / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def starting(home: Path) -> Iterator[None]:
    """One process at a time starts or stops the server of `home`; the others wait."""
    lock = lock_file(home, "postgres.starting")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def hold(home: Path) -> bool:
    """Count this process (and the children it forks) among the users; False when it is counted already."""
    if home in _held:
        return False
    lock = lock_file(home, "postgres.users")
    fcntl.flock(lock, fcntl.LOCK_SH)
    _held[home] = lock
    return True


@contextmanager
def leaving(home: Path) -> Iterator[bool]:
    """End this process's use; yields True, keeping newcomers waiting meanwhile, when nobody else is left."""
    if home in _held:
        os.close(_held.pop(home))
    lock = lock_file(home, "postgres.users")
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(lock)
