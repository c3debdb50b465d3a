"""The checks of `jike doctor` that need Django: migrations, static files, translations, sealing."""

from collections.abc import Iterator
from pathlib import Path

from jike.site.commands.checkup import Finding, bad, fine, warning
from jike.site.config import CHECKOUT, Config

__all__ = ["application_findings"]

SEALING_GOAL_SECONDS = 5
SEALING_LIMIT_SECONDS = 60


def application_findings(config: Config) -> Iterator[Finding]:
    """Settings must be loadable and the database reachable."""
    from jike.site.commands.process import load_django

    load_django()
    yield migrations()
    yield assets()
    yield static_files(config)
    yield translations()
    yield sealing()


def migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return bad("migrations", f"{len(missing)} are missing (first: {missing[0][0]}): run jike migrate.")
    return fine("migrations", "The database is up to date.")


def assets() -> Finding:
    vendor = CHECKOUT / "jike" / "foundation" / "static" / "vendor"
    if vendor.is_dir() and any(vendor.glob("*.css")):
        return fine("assets", "The front-end assets are there.")
    return bad(
        "assets", "The front-end assets are missing: run make setup in the checkout (it needs Node 20)."
    )


def static_files(config: Config) -> Finding:
    from jike.site.commands.static_files import is_current

    if is_current(config):
        return fine("static files", "Collected and current.")
    return bad("static files", "Not collected, or older than their sources: run jike migrate.")


def translations() -> Finding:
    """Every message catalogue has its compiled form; an old one shows old words."""
    from django.conf import settings

    catalogues = [
        path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")
    ]
    stale = [
        path
        for path in catalogues
        if not path.with_suffix(".mo").exists()
        or path.with_suffix(".mo").stat().st_mtime < path.stat().st_mtime
    ]
    if not catalogues:
        compiled = [
            path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.mo")
        ]
        return (
            fine("translations", f"{len(compiled)} compiled.")
            if compiled
            else bad("translations", "There are none.")
        )
    if stale:
        return warning("translations", f"{stale[0]} is newer than its compiled form: run make setup.")
    return fine("translations", "Compiled and current.")


def sealing() -> Finding:
    from django.db.utils import ProgrammingError

    from jike.foundation.audit import sealing_lag_seconds

    try:
        lag = sealing_lag_seconds()
    except ProgrammingError:
        return bad("sealing", "The history has no tables yet: run jike migrate.")
    sentence = f"The oldest unsealed change is {lag:.0f} s old"
    if lag > SEALING_LIMIT_SECONDS:
        return bad("sealing", f"{sentence}: is the job worker running (jike serve)?")
    if lag > SEALING_GOAL_SECONDS:
        return warning(
            "sealing", f"{sentence}; up to {SEALING_GOAL_SECONDS} s is usual. Ask again in a minute."
        )
    return fine("sealing", f"{sentence}.")
