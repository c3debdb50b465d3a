"""What the package offers, and the sentences of its errors."""

import pickle
import re
import subprocess
import sys
from pathlib import Path

import jike.values
from jike.values import InvalidValue, Notice
from jike.values.errors import MESSAGES

SOURCES = sorted(Path(jike.values.__file__).parent.glob("*.py"))


def test_the_offered_names_are_these() -> None:
    assert sorted(jike.values.__all__) == [
        "CreditCode", "InvalidValue", "Money", "Notice", "Period", "WorkingCalendar", "add_months", "uid7",
    ]  # fmt: skip
    assert all(hasattr(jike.values, name) for name in jike.values.__all__)


def test_no_module_loads_django() -> None:
    loading = "import sys, importlib\nlist(map(importlib.import_module, sys.argv[1:]))\nprint('django' in sys.modules)"
    names = [f"jike.values.{source.stem}" for source in SOURCES]
    ran = subprocess.run([sys.executable, "-c", loading, *names], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_every_sentence_is_used_and_every_code_has_one() -> None:
    used = set()
    for source in SOURCES:
        if source.stem != "errors":
            used |= set(re.findall(r'"([a-z_]+\.[a-z_]+)"', source.read_text(encoding="utf-8")))
    assert used == set(MESSAGES)


def test_an_error_carries_its_code_and_parameters_for_translation() -> None:
    error = InvalidValue("text.too_long", length=300, limit=200)
    assert str(error) == "The text has 300 characters; at most 200 fit."
    assert MESSAGES[error.code] % error.params == str(error)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert (again.code, again.params, str(again)) == (error.code, error.params, str(error))
    assert str(Notice("calendar.year_unknown", {"years": "2027"})).startswith("The public holidays of 2027")
