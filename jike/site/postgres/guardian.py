"""Stops the embedded server after its last user was killed and so could not do it himself.

The guardian is a small process beside the server. It waits for the lock that every user of the server holds; the kernel
hands it over when the last of them is gone, in whatever way.
"""

import fcntl
import os
from pathlib import Path

from jike.site.postgres import holding, server
from jike.site.postgres.place import find_place

__all__ = ["watch"]


def watch(place: str) -> None:
    """Return once the server of the home at `place` no longer runs; the caller is a process of its own."""
    os.chdir("/")
    home = Path(place)
    while home.is_dir() and server.running_pid(find_place(home)) is not None:
        lock = holding.lock_file(home, "postgres.users")
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Given back at once: whoever comes meanwhile goes first, and leaving looks again who is there.
        os.close(lock)
        server.leave(home)
