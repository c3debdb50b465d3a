"""The `jike` command as a whole: quick to answer, sentences instead of stack traces, and the report of benches."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from jike.site.commands import COMMANDS, main
from jike.site.commands.bench import BENCHES
from jike.site.commands.report import Report
from jike.site.commands.supervision import LONGEST_PAUSE_SECONDS, pause_before
from jike.site.config import CHECKOUT


def test_help_names_every_command_and_is_quick_since_it_loads_nothing_heavy():
    command = [sys.executable, "-X", "importtime", "-m", "jike.site.commands", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "click" in loaded
    assert not loaded & {"django", "psycopg", "procrastinate", "allauth", "numpy", "pyarrow", "duckdb"}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name):
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


def test_mistakes_of_configuration_are_told_without_a_stack_trace(empty_site):
    code, said = empty_site.jike("serve", JIKE_PORT="eighty", JIKE_PROT="1")
    assert code == 2
    assert said.splitlines() == [
        "JIKE_PROT is not a setting of Jike; did you mean JIKE_PORT?",
        "JIKE_PORT must be a whole number from 0 to 65535, not 'eighty'.",
    ]


def test_a_database_that_is_away_is_told_without_a_stack_trace(empty_site):
    code, said = empty_site.jike("migrate", DATABASE_URL="postgresql://u:p@127.0.0.1:1/site")
    assert code == 2
    assert "can't be reached as u" in said
    assert "Traceback" not in said


def test_every_bench_is_found_before_django_is_loaded():
    modules = sorted(place.partition(":")[0] for place in BENCHES.values())
    told = subprocess.run(
        [sys.executable, "-c", f"import {', '.join(modules)}"],
        cwd=CHECKOUT,
        env={key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


def test_an_unknown_bench_is_told_the_known_ones():
    code = CliRunner().invoke(main, ["bench"])
    assert "ground" in code.output.splitlines()


def test_the_shell_runs_source_with_the_application_role(migrated_site):
    source = "from django.db import connection as c; print(c.cursor().execute('SELECT current_user').fetchone()[0])"
    code, said = migrated_site.jike("shell", "-c", source)
    assert (code, said.strip()) == (0, "jike_app")


def test_a_sound_history_is_called_sound(migrated_site):
    code, said = migrated_site.jike("audit", "verify", "--json")
    assert code == 0
    assert json.loads(said)["sound"] is True


def test_a_report_tells_machine_then_sizes_then_figures(capsys):
    report = Report("trial", as_json=True)
    report.size("rows", 1000)
    report.figure("written", 20000, "rows/s", goal=15000)
    report.figure("answer", 9.25, "ms", goal=8, higher_is_better=False)
    report.figure("memory", 120, "MB")
    report.close()
    machine, sizes, *figures = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert {"cores", "memory_mb", "versions"} <= set(machine["machine"])
    assert sizes == {"sizes": {"rows": 1000}}
    assert [figure["met"] for figure in figures] == [True, False, None]
    assert figures[1] == {"figure": "answer", "value": 9.25, "unit": "ms", "goal": 8, "met": False}
    assert report.missed == 1


def test_pauses_between_restarts_grow_up_to_a_limit():
    assert [pause_before(failures) for failures in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert pause_before(50) == LONGEST_PAUSE_SECONDS
