"""The project's own files: dependencies with reasons, locks that match, tests that mirror, few make targets."""

import json
import re
import tomllib
from pathlib import PurePosixPath

import pytest

from tests.house.tree import ROOT, paths, read

PYPROJECT = read("pyproject.toml").text
PROJECT = tomllib.loads(PYPROJECT)
CROSS_CUTTING = {"conformance", "journeys", "house"}


def declared() -> dict[str, list[str]]:
    """Requirement strings by the list they stand in."""
    lists = {
        "build-system": PROJECT["build-system"]["requires"],
        "project": PROJECT["project"]["dependencies"],
    }
    return lists | PROJECT["project"]["optional-dependencies"] | PROJECT["dependency-groups"]


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", read(f"requirements/{lock}.txt").text, re.M))


def plain_name(requirement: str) -> str:
    return re.split(r"[\[<>=~! ;]", requirement)[0].lower().replace("_", "-")


def test_every_dependency_has_a_reason() -> None:
    unexplained = [
        requirement
        for requirements in declared().values()
        for requirement in requirements
        if not re.search(re.escape(f'"{requirement}",') + r"\s*# \S+", PYPROJECT)
    ]
    assert not unexplained, "each requirement stands on a line of its own with # and the reason"


@pytest.mark.parametrize(
    ("lock", "lists"),
    [
        ("runtime", ["project"]),
        ("spark", ["project", "spark"]),
        ("tools", ["tools", "build-system"]),
        ("dev", ["project", "spark", "dev", "tools"]),
    ],
)
def test_a_lock_pins_and_hashes_what_is_declared(lock: str, lists: list[str]) -> None:
    pinned = pins(lock)
    wanted = {plain_name(requirement) for name in lists for requirement in declared()[name]}
    assert not wanted - pinned.keys(), "run requirements/lock"
    text = read(f"requirements/{lock}.txt").text
    unhashed = [
        entry
        for entry in re.split(r"\n(?=[a-z0-9])", text)
        if "==" in entry and "--hash=sha256:" not in entry
    ]
    assert not unhashed


def test_the_locks_agree_with_each_other() -> None:
    decided = pins("dev")
    assert all(
        decided[name] == version
        for lock in ("runtime", "spark", "tools")
        for name, version in pins(lock).items()
    )


def test_the_npm_lock_belongs_to_the_package_file() -> None:
    package, lock = json.loads(read("package.json").text), json.loads(read("package-lock.json").text)
    for kind in ("dependencies", "devDependencies"):
        assert lock["packages"][""][kind] == package[kind]
    assert all(entry.get("integrity") for name, entry in lock["packages"].items() if name)


def test_make_has_at_most_nine_targets_each_explained() -> None:
    makefile = read("Makefile").text
    (targets,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.M)
    assert len(targets.split()) <= 9
    for target in targets.split():
        assert re.search(rf"^{target}:.*## \S", makefile, re.M), f"{target} has no ## line"


def test_tests_mirror_the_package() -> None:
    astray = []
    for path in paths():
        parts = PurePosixPath(path).parts
        if parts[0] != "tests" or len(parts) < 3 or parts[1] in CROSS_CUTTING:
            continue
        place = ROOT.joinpath("jike", *parts[1:-1])
        if not place.is_dir() and not place.with_suffix(".py").is_file():
            astray.append(path)
    assert not astray, "tests/README.md says where a test goes"


def test_built_and_foreign_files_are_not_committed() -> None:
    built = ("jike/foundation/static/vendor/", "node_modules/", ".venv/", "dist/", "build/")
    assert not [
        path
        for path in paths()
        if path.startswith(built) or path.endswith((".mo", ".whl", ".min.js", ".min.css"))
    ]


def test_the_changelog_opens_with_this_version_or_with_what_is_unreleased() -> None:
    heads = re.findall(r"^## (?:\[)?([^\]\s]+)", read("CHANGELOG.md").text, re.M)
    assert heads[0] in {"Unreleased", PROJECT["project"]["version"]}
