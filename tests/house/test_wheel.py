"""The wheel carries what a checkout builds, and nothing that only a checkout needs."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.tree import ROOT, paths

PACKAGED = [path for path in paths() if path.startswith("jike/")]
CATALOGUES = [path for path in PACKAGED if path.endswith(".po")]
PROGRAM = """
import django, json, pathlib, jike
from django.utils.translation import gettext, override
django.setup()
with override("zh-hans"):
    print(json.dumps([jike.__file__, gettext("unit")]))
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of a wheel built from this checkout, in an empty folder."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "content")
    return folder / "content"


def test_the_wheel_holds_every_file_of_the_package(unpacked: Path) -> None:
    missing = [path for path in PACKAGED if not (unpacked / path).is_file()]
    assert missing == CATALOGUES, "catalogues travel compiled"


def test_the_wheel_holds_assets_licences_and_catalogues(unpacked: Path) -> None:
    vendor = unpacked / "jike/foundation/static/vendor"
    assert {"tabler.min.css", "alpine-csp.min.js", "icons.json", "LICENSES.txt"} <= {
        file.name for file in vendor.iterdir()
    }
    assert CATALOGUES
    assert all((unpacked / path).with_suffix(".mo").is_file() for path in CATALOGUES)


def test_the_wheel_holds_nothing_else(unpacked: Path) -> None:
    tops = {path.name.split("-")[0] for path in unpacked.iterdir()}
    assert tops == {"jike"}
    assert not list(unpacked.rglob("__pycache__"))


def test_the_unpacked_wheel_speaks_chinese_without_its_checkout(unpacked: Path, tmp_path: Path) -> None:
    environment = {
        "PATH": str(tmp_path),
        "PYTHONPATH": str(unpacked),
        "JIKE_HOME": str(tmp_path / "home"),
        "JIKE_ROLE": "none",
        "DJANGO_SETTINGS_MODULE": "jike.site.settings",
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        "PYTHONDONTWRITEBYTECODE": "1",  # the other tests look at what the wheel brought
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert str(unpacked) in done.stdout
    assert "\\u5355\\u4f4d" in done.stdout  # 单位
