"""The examples in the docstrings are true, and the engine stands alone."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

from jike.engines import rating

MODULES = sorted(name for _, name, _ in pkgutil.iter_modules(rating.__path__, "jike.engines.rating."))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_all_names_are_there() -> None:
    assert list(rating.__all__) == sorted(
        rating.__all__, key=lambda n: (not n.isupper(), not n[0].isupper(), n)
    )
    assert all(hasattr(rating, name) for name in rating.__all__)


def test_the_engine_needs_no_django() -> None:
    code = "import sys; from jike.engines import rating; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
