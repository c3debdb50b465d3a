"""Documents say what is so: the tree in ARCHITECTURE.md, links, configuration keys, commands and packages."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache

import click

from jike.site.commands import main
from jike.site.config import INTERNAL_KEYS, KEYS, Config
from tests.house.tree import ROOT, paths, read

PAGES = [path for path in paths() if path.endswith(".md")]
# What a folder may hold without a line in the drawn tree: the parts that every Django app has.
UNDRAWN = {"__init__.py", "apps.py", "migrations", "templates", "templatetags", "static"}
# Folders whose every entry is drawn.
DRAWN = ["", "jike", "jike/values", "jike/engines", "jike/foundation", "jike/apps", "jike/site"]
UNDRAWN_AT_ROOT = {"LICENSE", "package.json", "package-lock.json", ".gitignore", ".npmrc"}


@cache
def drawn_tree() -> frozenset[str]:
    """Paths named in ARCHITECTURE.md's tree: two blanks an indent, several names may share a line."""
    (block,) = re.findall(r"^## The tree\n.*?```\n(.*?)```", read("ARCHITECTURE.md").text, re.M | re.S)
    found, folders = set(), [""]
    for line in block.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        names = re.split(r"\s{2,}", line.strip())[0].split()
        parent = folders[depth]
        found |= {parent + name.rstrip("/") for name in names}
        folders[depth + 1 :] = [parent + names[-1]]
    return frozenset(found)


def entries(folder: str) -> set[str]:
    """Names directly in a folder, as git would have them."""
    prefix = folder + "/" if folder else ""
    return {path.removeprefix(prefix).split("/")[0] for path in paths() if path.startswith(prefix)}


def test_everything_drawn_exists() -> None:
    assert not [path for path in drawn_tree() if not (ROOT / path).exists()]


def test_everything_that_exists_is_drawn() -> None:
    missing = []
    for folder in DRAWN:
        for name in entries(folder) - (UNDRAWN | UNDRAWN_AT_ROOT if not folder else UNDRAWN):
            path = f"{folder}/{name}" if folder else name
            if path not in drawn_tree():
                missing.append(path)
    assert not sorted(missing), "draw them in ARCHITECTURE.md, with what they are for"


def links(page: str) -> Iterator[str]:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", read(page).text, flags=re.S)
    yield from re.findall(r"\]\(([^)\s]+)\)", text)


def headings(page: str) -> set[str]:
    """Anchors of a page as GitHub and GitLab make them."""
    heads = re.findall(r"^#+ (.+)$", read(page).text, re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = []
    for page in PAGES:
        for link in links(page):
            target, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:", link):
                continue
            place = (ROOT / page).parent / target if target else ROOT / page
            is_page = place.suffix == ".md"
            if not place.exists() or (
                anchor and is_page and anchor not in headings(str(place.resolve().relative_to(ROOT)))
            ):
                broken.append(f"{page}: {link}")
    assert not broken


def test_every_configuration_key_is_explained() -> None:
    page = read("docs/reference/configuration.md").text
    assert not [key.name for key in KEYS if f"`{key.name}`" not in page]
    assert len(KEYS) <= 40


def test_configuration_fields_and_keys_are_the_same_set() -> None:
    assert {field.name for field in fields(Config)} == {key.target for key in KEYS}


def test_no_page_names_a_key_that_does_not_exist() -> None:
    known = {key.name for key in KEYS} | set(INTERNAL_KEYS)
    named = {(page, key) for page in PAGES for key in re.findall(r"\bJIKE_[A-Z_]+\b", read(page).text)}
    assert not [(page, key) for page, key in sorted(named) if key not in known]


def test_no_page_names_a_command_that_does_not_exist() -> None:
    known = set(main.list_commands(click.Context(main)))
    named = {
        (page, word) for page in PAGES for word in re.findall(r"(?:`|^)jike ([a-z]+)", read(page).text, re.M)
    }
    assert not [(page, word) for page, word in sorted(named) if word not in known]


def test_no_page_names_a_make_target_that_does_not_exist() -> None:
    (targets,) = re.findall(r"^\.PHONY: (.+)$", read("Makefile").text, re.M)
    named = {
        (page, word) for page in PAGES for word in re.findall(r"(?:`|^)make ([a-z]+)", read(page).text, re.M)
    }
    assert not [(page, word) for page, word in sorted(named) if word not in targets.split()]


def test_every_front_end_package_has_a_reason() -> None:
    page = read("docs/decisions/front-end.md").text
    package = json.loads(read("package.json").text)
    named = [name for kind in ("dependencies", "devDependencies") for name in package[kind]]
    assert not [name for name in named if f"`{name}`" not in page]


def test_every_decision_is_listed() -> None:
    index = read("docs/README.md").text
    decisions = [path.removeprefix("docs/") for path in paths() if path.startswith("docs/decisions/")]
    assert not [path for path in decisions if f"]({path})" not in index]


def shell_commands(page: str) -> list[str]:
    """Commands of a page's shell blocks, without the remarks beside them."""
    blocks = re.findall(r"^```sh\n(.*?)^```", read(page).text, re.M | re.S)
    return [line.split("  #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_both_readmes_have_the_same_commands() -> None:
    assert shell_commands("README.md")
    assert shell_commands("README.md") == shell_commands("README.zh-CN.md")
