"""The database of the tests: real PostgreSQL, migrated by the owner, used by the application's role.

Migrating happens once per set of migrations, into a template; each test process copies it. A test that only needs a
transaction asks for pytest-django's ``db``; one that must see commits (several connections, killed processes, sealing)
asks for ``committed_db`` and gets a fresh copy.
"""

import fcntl
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from hypothesis import HealthCheck, settings

os.environ["JIKE_HOME"] = os.environ.pop("JIKE_TEST_HOME", "") or str(
    Path(__file__).parents[1] / ".jike" / "test"
)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jike.site.settings")
os.environ.pop("JIKE_ROLE", None)
# Where the surroundings forbid to keep what was compiled, each of some hundred processes compiles everything anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Searching for unreachable objects took a quarter of the suite's time: search seldom, and never among what is loaded.
gc.set_threshold(50_000, 20, 50)
django.setup()
Path(os.environ["JIKE_HOME"], "static").mkdir(parents=True, exist_ok=True)

# The same examples in every run, and no limit of time: a red test means a change, never a busy machine or a new draw.
# To look for more: pytest --hypothesis-profile=exploring.
SLOW, ROWS = HealthCheck.too_slow, HealthCheck.function_scoped_fixture
settings.register_profile("exploring", deadline=None, suppress_health_check=[SLOW, ROWS])
settings.register_profile("settled", settings.get_profile("exploring"), derandomize=True)
settings.load_profile("settled")


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of every later search."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Collect static files before any test, and know them even if something asked for one while there were none."""
    from django.contrib.staticfiles.storage import staticfiles_storage

    collect_static_files()
    staticfiles_storage.hashed_files, staticfiles_storage.manifest_hash = staticfiles_storage.load_manifest()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Point Django at this process's own copy of the migrated template."""
    from tests import databases

    with django_db_blocker.unblock():
        name = databases.create(databases.own_name())
        databases.use(name)
        yield
        databases.drop(name)


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Let the test commit, in a database of its own; gives the database's name."""
    from tests import databases

    shared = databases.current()
    with django_db_blocker.unblock():
        name = databases.create(f"{databases.own_name()}_{databases.counted()}")
        databases.use(name)
        yield name
        databases.use(shared)
        databases.drop(name)


def collect_static_files() -> None:
    """Collect what pages refer to, once for all test processes."""
    from django.conf import settings as site

    from jike.site.commands.static_files import collect

    with (site.CONFIG.home / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        collect(site.CONFIG)
