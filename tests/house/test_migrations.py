"""Migrations: complete, linear, named, and such that the code before them keeps running while they are applied."""

import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError

from tests.house.tree import ROOT, paths

FOLDERS = sorted({path.rsplit("/", 1)[0] for path in paths() if "/migrations/" in path})
GENERATED_NAME = re.compile(
    r"\d{4}_(auto|alter|remove|rename|add|delete)_.*_\d{8}_\d{4}|\d{4}_auto|\d{4}_.*_and_more$"
)


@pytest.mark.django_db
def test_the_models_need_no_further_migration() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, stderr=said)
    except (SystemExit, CommandError, SystemCheckError) as stopped:
        pytest.fail(f"{stopped}\n{said.getvalue()}")


@pytest.mark.parametrize("folder", FOLDERS)
def test_migrations_form_one_line(folder: str) -> None:
    names = sorted(place.stem for place in (ROOT / folder).glob("[0-9]*.py"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    assert (ROOT / folder / "max_migration.txt").read_text().strip() == names[-1]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_migration_is_named_after_what_it_does(folder: str) -> None:
    names = [place.stem for place in (ROOT / folder).glob("[0-9]*.py")]
    assert not [name for name in names if GENERATED_NAME.match(name)]


@pytest.mark.django_db
def test_the_code_before_a_migration_survives_it() -> None:
    from django_migration_linter import MigrationLinter

    linter = MigrationLinter(
        str(ROOT),
        include_apps=ours(),
        no_cache=True,
        no_output=True,
        ignore_initial_migrations=True,
        quiet=["ok"],
    )
    linter.lint_all_migrations()
    assert not linter.has_errors, "the linter's own words: python -m django lintmigrations"


def ours() -> list[str]:
    """Labels of our own apps."""
    return [config.label for config in apps.get_app_configs() if config.name.startswith("jike.")]
