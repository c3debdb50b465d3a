"""Storeys and rooms: import-linter's contracts hold, and they see the imports they are there to refuse."""

import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import ROOT, read

TOY = {
    "jike/__init__.py": "",
    "jike/values/__init__.py": "",
    "jike/values/money.py": "",
    "jike/engines/__init__.py": "",
    "jike/engines/rating/__init__.py": "",
    "jike/foundation/__init__.py": "",
    "jike/foundation/audit.py": "",
    "jike/apps/__init__.py": "",
    "jike/apps/organisation/__init__.py": "",
    "jike/apps/organisation/rules.py": "",
    "jike/apps/organisation/models.py": "import jike.apps.organisation.rules",
    "jike/apps/organisation/queries.py": "import jike.apps.organisation.models",
    "jike/apps/organisation/actions.py": "import jike.apps.organisation.queries",
    "jike/apps/organisation/pages.py": "import jike.apps.organisation.actions",
    "jike/apps/customers/__init__.py": "",
    "jike/apps/customers/models.py": "import jike.apps.organisation.models",
    "jike/apps/customers/pages.py": "import jike.apps.organisation.pages",
    "jike/site/__init__.py": "",
    "jike/site/urls.py": "import jike.apps.organisation.pages",
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the project's own contracts over the package in `folder`."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=300
    )


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A package with one small capability that keeps every contract."""
    contracts = read("pyproject.toml").text
    settings = tomllib.loads(contracts)["tool"]["importlinter"]["contracts"]
    stack = next(one["layers"] for one in settings if one.get("containers") == ["jike.apps"])
    rooms = ("__init__", "models", "pages")
    others = {f"jike/apps/{label}/{room}.py": "" for label in stack for room in rooms}
    (tmp_path / "pyproject.toml").write_text(
        "[tool.importlinter]" + contracts.split("[tool.importlinter]")[1]
    )
    for path, text in (others | TOY).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(textwrap.dedent(text) + "\n")
    return tmp_path


def test_the_package_keeps_every_contract() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_tidy_capability_keeps_every_contract(toy: Path) -> None:
    done = lint(toy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("jike/values/money.py", "import jike.engines.rating", id="values import an engine"),
        pytest.param(
            "jike/foundation/audit.py",
            "import jike.apps.organisation.models",
            id="foundation knows a capability",
        ),
        pytest.param("jike/engines/rating/rate.py", "import django.db", id="an engine knows Django"),
        pytest.param(
            "jike/apps/organisation/rules.py", "from django.db import models", id="rules know Django"
        ),
        pytest.param(
            "jike/apps/organisation/queries.py", "import jike.apps.organisation.actions", id="queries write"
        ),
        pytest.param(
            "jike/apps/organisation/models.py", "import jike.apps.organisation.queries", id="models query"
        ),
        pytest.param(
            "jike/apps/organisation/models.py",
            "import jike.apps.customers.models",
            id="a lower imports a higher",
        ),
        pytest.param("jike/apps/organisation/services.py", "", id="a sixth room"),
        pytest.param("jike/helpers.py", "", id="a stray module at the top"),
        pytest.param("jike/apps/elsewhere/models.py", "", id="a capability outside the stack"),
    ],
)
def test_a_breach_is_seen(toy: Path, path: str, text: str) -> None:
    place = toy / path
    place.parent.mkdir(parents=True, exist_ok=True)
    (place.parent / "__init__.py").touch()
    place.write_text(text + "\n")
    done = lint(toy)
    assert done.returncode == 1, done.stdout + done.stderr
