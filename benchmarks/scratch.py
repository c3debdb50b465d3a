"""A database for one measurement: migrated like any other, dropped afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests import databases


@contextmanager
def scratch_database() -> Iterator[str]:
    """Point Django at a fresh database of the site's server, as the application's role, and drop it at the end."""
    before = databases.current()
    name = databases.create(f"jike_test_{os.getpid()}_bench")
    databases.use(name)
    try:
        yield name
    finally:
        databases.use(before)
        databases.drop(name)
