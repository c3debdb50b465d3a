"""The house rules: each sees its bad examples, leaves its good ones alone, and finds nothing in the project.

Sizes may be exceeded by the entries of exceptions.toml, a list that only shrinks.
"""

import tomllib
from pathlib import Path

import pytest

from tests.house.rules import actions, shapes, templates, tracked, words, writes
from tests.house.rules.rule import Fault, Rule
from tests.house.tree import Source, sources

RULES: list[Rule] = [
    *writes.RULES,
    *actions.RULES,
    *shapes.RULES,
    *templates.RULES,
    *tracked.RULES,
    *words.RULES,
]
EXCEPTIONS = tomllib.loads(Path(__file__).with_name("exceptions.toml").read_text(encoding="utf-8"))[
    "exception"
]
ALLOWED = {(entry["rule"], entry["place"]): entry for entry in EXCEPTIONS}


def faults(rule: Rule) -> list[Fault]:
    return sorted(fault for source in sources() for fault in rule.check(source))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_sees_its_bad_examples_and_leaves_its_good_ones(rule: Rule) -> None:
    assert rule.good, "a rule without a good example proves nothing"
    assert rule.bad, "a rule without a bad example proves nothing"
    for path, text in rule.good:
        assert not list(rule.check(Source(path, text))), (
            f"{rule.name} refuses a good example: {path}: {text[:80]}"
        )
    for path, text in rule.bad:
        assert list(rule.check(Source(path, text))), f"{rule.name} misses a bad example: {path}: {text[:80]}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_project_keeps_the_rule(rule: Rule) -> None:
    broken = [fault for fault in faults(rule) if fault.size > allowance(rule, fault)]
    broken += [fault for fault in faults(rule) if not fault.size]
    assert not broken, "\n".join([rule.says, *map(str, broken)])


def test_the_list_of_exceptions_only_shrinks() -> None:
    now = {(rule.name, fault.place): fault.size for rule in RULES for fault in faults(rule) if fault.place}
    gone = [
        f"{rule}: {place} keeps the rule now; remove its entry" for rule, place in ALLOWED.keys() - now.keys()
    ]
    smaller = [
        f"{rule}: {place} is down to {now[rule, place]}; lower its entry"
        for rule, place in ALLOWED.keys() & now.keys()
        if now[rule, place] < ALLOWED[rule, place]["size"]
    ]
    assert not gone + smaller
    assert all(entry["reason"].strip() for entry in EXCEPTIONS), "each exception says why"


def allowance(rule: Rule, fault: Fault) -> int:
    entry = ALLOWED.get((rule.name, fault.place))
    return entry["size"] if entry else 0
