"""Demo data: walks the capabilities' steps from the lowest to the highest, and knows which are done.

Loading may be cut short anywhere and started again; what is done is not done twice.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Protocol

from jike.foundation.demo import SCALES, SignIn, Step
from jike.foundation.errors import RuleBroken

__all__ = ["Progress", "load", "sign_ins"]


class Progress(Protocol):
    """Is told after each bit of work: the step's title, rows done and rows in all."""

    def __call__(self, title: str, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Planned:
    """A step with the name under which it is remembered."""

    name: str
    step: Step


class DemoModule(Protocol):
    """A capability's `demo` module."""

    def steps(self, scale: str) -> list[Step]: ...


def load(scale: str, progress: Progress, *, modules: Iterable[tuple[str, DemoModule]] | None = None) -> int:
    """Load what is missing of the demo data at `scale`; returns the number of steps that had to run.

    `modules` are labels and demo modules in the order of loading, by default all capabilities from the lowest.
    Raises RuleBroken on a site that holds data of its own or the demo data of another scale.
    """
    if scale not in SCALES:
        raise RuleBroken(f"There is no scale {scale!r}; there are: {', '.join(SCALES)}.")
    refuse_other_data(scale)
    found = demo_modules() if modules is None else modules
    plan = [Planned(f"{label}.{step.name}", step) for label, module in found for step in module.steps(scale)]
    ended = ended_names()
    total = sum(one.step.size for one in plan)
    done = sum(one.step.size for one in plan if one.name in ended)
    missing = [one for one in plan if one.name not in ended]
    for one in missing:
        run(one, scale, reporter(progress, one.step.title, before=done, total=total))
        done += one.step.size
    progress("", total, total)
    return len(missing)


def reporter(progress: Progress, title: str, *, before: int, total: int) -> Callable[[int], None]:
    """A function that adds up the rows of one step."""
    made = 0

    def advance(rows: int) -> None:
        nonlocal made
        made += rows
        progress(title, min(before + made, total), total)

    advance(0)
    return advance


def run(planned: Planned, scale: str, advance: Callable[[int], None]) -> None:
    from django.db.models.functions import Now

    from jike.site.models import DemoStep

    DemoStep.objects.get_or_create(name=planned.name, defaults={"scale": scale})
    planned.step.run(advance)
    DemoStep.objects.filter(name=planned.name).update(ended_at=Now())


def refuse_other_data(scale: str) -> None:
    from jike.apps.organisation.models import Person
    from jike.site.models import DemoStep

    begun = DemoStep.objects.first()
    if begun is None and Person.objects.exists():
        raise RuleBroken(
            "This site has people of its own, whom demo data would spoil: name another JIKE_HOME."
        )
    if begun is not None and begun.scale != scale:
        raise RuleBroken(
            f"This site holds the demo data of scale {begun.scale}: name another JIKE_HOME for scale {scale}."
        )


def ended_names() -> frozenset[str]:
    from jike.site.models import DemoStep

    return frozenset(DemoStep.objects.filter(ended_at__isnull=False).values_list("name", flat=True))


def demo_modules() -> Iterator[tuple[str, ModuleType]]:
    """Label and `demo` module of each capability that has one; settings list the capabilities from the highest."""
    from django.apps import apps

    for config in reversed(list(apps.get_app_configs())):
        found = find_spec(f"{config.name}.demo") if config.name.startswith("jike.apps.") else None
        if found and found.has_location:
            yield config.label, import_module(f"{config.name}.demo")


def sign_ins() -> list[SignIn]:
    """Whom one can sign in as once the demo data is loaded."""
    return [one for _, module in demo_modules() if hasattr(module, "sign_ins") for one in module.sign_ins()]
