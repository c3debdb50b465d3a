"""Loading demo data: in order, each step once, going on where it was cut short."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from jike.foundation.demo import Step
from jike.foundation.errors import RuleBroken
from jike.site.demo import load


@dataclass
class Capability:
    """A toy capability whose steps write down that they ran; `broken` names one that fails half-way."""

    ran: list[str] = field(default_factory=list)
    broken: str = ""

    def steps(self, scale: str) -> list[Step]:
        return [Step(name, f"Making {name}", 10, self.runner(name)) for name in ("units", "people")]

    def runner(self, name: str):
        def run(advance) -> None:
            advance(5)
            if name == self.broken:
                raise ConnectionError(name)
            advance(5)
            self.ran.append(name)

        return run


def quiet(title: str, done: int, total: int) -> None:
    """Nobody watches."""


@pytest.mark.django_db
def test_steps_run_in_order_and_only_once():
    lower, higher = Capability(), Capability()
    modules = [("organisation", lower), ("customers", higher)]
    assert load("demo", quiet, modules=modules) == 4
    assert load("demo", quiet, modules=modules) == 0
    assert (lower.ran, higher.ran) == (["units", "people"], ["units", "people"])


@pytest.mark.django_db
def test_a_load_cut_short_goes_on_with_the_step_that_was_cut():
    toy = Capability(broken="people")
    with pytest.raises(ConnectionError):
        load("demo", quiet, modules=[("organisation", toy)])
    toy.broken = ""
    assert load("demo", quiet, modules=[("organisation", toy)]) == 1
    assert toy.ran == ["units", "people"]


@pytest.mark.django_db
def test_progress_counts_rows_over_all_steps():
    told = []
    load("demo", lambda *facts: told.append(facts), modules=[("organisation", Capability())])
    assert told == [
        ("Making units", 0, 20),
        ("Making units", 5, 20),
        ("Making units", 10, 20),
        ("Making people", 10, 20),
        ("Making people", 15, 20),
        ("Making people", 20, 20),
        ("", 20, 20),
    ]


@pytest.mark.django_db
def test_another_scale_on_the_same_site_is_refused():
    load("demo", quiet, modules=[("organisation", Capability())])
    with pytest.raises(RuleBroken, match="demo data of scale demo: name another JIKE_HOME"):
        load("S", quiet, modules=[("organisation", Capability())])


def test_an_unknown_scale_is_told_the_known_ones():
    with pytest.raises(RuleBroken, match="demo, S, M, L, archive"):
        load("XXL", quiet, modules=[("organisation", SimpleNamespace())])
