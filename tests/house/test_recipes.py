"""CONTRIBUTING.md's recipes, followed on a toy: closed days of a unit, then a note on each.

The toy is a capability of its own in a folder of the test; everything around it is the real product, in processes of
its own because Django's list of apps is fixed at start.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import databases
from tests.house.test_rules import RULES
from tests.house.tree import ROOT, Source

RULES_PY = '''"""When a closed day may be announced or called off."""

from enum import StrEnum


class State(StrEnum):
    PLANNED = "planned"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


NEXT = {State.PLANNED: {State.ANNOUNCED, State.CANCELLED}, State.ANNOUNCED: {State.CANCELLED}}


def may_become(state: str, wanted: State) -> bool:
    return wanted in NEXT.get(State(state), set())
'''

MODELS_PY = '''"""Days on which a unit is closed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models import Unit
from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS
from toy.rules import State

LABELS = {State.PLANNED: _("planned"), State.ANNOUNCED: _("announced"), State.CANCELLED: _("cancelled")}


class ClosedDay(Record):
    """One day on which a unit sees nobody."""

    SCOPE = {"unit": "unit_id"}
    ACTIONS = {**STANDARD_ACTIONS, "announce": _("Announce")}

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"))
    day = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=12, choices=list(LABELS.items()), default=State.PLANNED)

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        ordering = ("day", "id")
        constraints = (models.UniqueConstraint(fields=("unit", "day"), name="closed_day_once"),)
'''

QUERIES_PY = '''"""Which days of which units a person may see."""

from jike.foundation.scope import visible
from toy.models import ClosedDay


def closed_days(actor):
    return visible(ClosedDay, actor, "view").order_by("day")
'''

ACTIONS_PY = '''"""Planning and announcing closed days."""

from django.utils.translation import gettext as _

from jike.foundation.audit import changing, creating
from jike.foundation.errors import RuleBroken
from toy.models import ClosedDay
from toy.rules import State, may_become


def plan_closed_day(unit, day, *, actor):
    """Note that a unit will be closed on a day."""
    return creating(ClosedDay(unit=unit, day=day), actor=actor)


def announce_closed_day(closed_day, *, actor):
    """Tell people of a planned closed day."""
    with changing(closed_day, actor=actor, verb="announce"):
        if not may_become(closed_day.state, State.ANNOUNCED):
            raise RuleBroken(_("Only a planned day can be announced."))
        closed_day.state = State.ANNOUNCED
'''

ENTITY_WORKS = """
import datetime, django
django.setup()
from jike.foundation.audit import history_of
from jike.foundation.errors import NotFound, Refused, RuleBroken
from jike.foundation.scope import fetch
from jike.values.rights import Breadth
from tests.making import a_unit, someone_with
from toy.actions import announce_closed_day, plan_closed_day
from toy.models import ClosedDay
from toy.queries import closed_days

TEAM = Breadth.TEAM
here, there = a_unit(), a_unit()
_, head = someone_with({f"toy.closedday:{action}": TEAM for action in ("view", "add", "announce")}, at=here)
_, reader = someone_with({"toy.closedday:view": TEAM}, at=here)
_, stranger = someone_with({"toy.closedday:view": TEAM}, at=there)

day = plan_closed_day(here, datetime.date(2027, 2, 5), actor=head)
assert list(closed_days(reader)) == [day], "colleagues see it"
assert not closed_days(stranger).exists(), "other units do not"
for wrong, actor, error in [(lambda: fetch(ClosedDay, day.uid, stranger), stranger, NotFound),
                            (lambda: announce_closed_day(day, actor=reader), reader, Refused)]:
    try:
        wrong()
    except error:
        continue
    raise AssertionError(error)
announce_closed_day(day, actor=head)
try:
    announce_closed_day(day, actor=head)
except RuleBroken:
    pass
else:
    raise AssertionError("announced twice")
assert [entry.verb for entry in history_of(day, head)] == ["announce", "add"]
"""

FIELD_WORKS = """
import django
django.setup()
from jike.foundation.audit import history_of
from tests.making import SYSTEM
from toy.actions import annotate_closed_day
from toy.models import ClosedDay

day = ClosedDay.objects.get()
annotate_closed_day(day, "stocktaking", actor=SYSTEM)
newest = history_of(day, SYSTEM)[0]
assert (newest.verb, newest.values["note"]) == ("change", ("", "stocktaking"))
"""

ROOMS = {"rules.py": RULES_PY, "models.py": MODELS_PY, "queries.py": QUERIES_PY, "actions.py": ACTIONS_PY}
MIGRATE = """
import sys, django
from django.core.management import call_command
django.setup()
from jike.site.migrating import migrate
call_command("makemigrations", "toy", name=sys.argv[1], verbosity=0)
migrate(sys.argv[2])
"""


class Checkout:
    """A folder with the toy capability, and processes that run the product with it."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        (folder / "toy").mkdir()
        (folder / "toy/__init__.py").touch()
        for name, text in ROOMS.items():
            self.write(name, text)
        settings = "from jike.site.settings import *\nINSTALLED_APPS = ['toy', *INSTALLED_APPS]\n"
        (folder / "toy_settings.py").write_text(settings)
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("JIKE_", "DATABASE_"))
            },
            "JIKE_HOME": str(folder / "home"),
            "DATABASE_URL": databases.address("app", database),
            "DATABASE_OWNER_URL": databases.address("owner", database),
            "DJANGO_SETTINGS_MODULE": "toy_settings",
            "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        }

    def write(self, name: str, text: str) -> None:
        (self.folder / "toy" / name).write_text(text)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / "toy" / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def run(self, *arguments: str, role: str = "app") -> None:
        environment = {**self.environment, "JIKE_ROLE": role}
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def migrate(self, name: str) -> None:
        """Make the named migration, apply it, and let the application's role in."""
        self.run("-c", MIGRATE, name, databases.parameters("app")["user"], role="owner")


@pytest.fixture
def checkout(tmp_path: Path, committed_db: str) -> Checkout:
    return Checkout(tmp_path, committed_db)


def test_the_recipes_lead_to_an_entity_and_a_field_with_rights_and_history(checkout: Checkout) -> None:
    checkout.migrate("closed_days")
    checkout.run("-c", ENTITY_WORKS)

    field = '    note = models.CharField(_("note"), max_length=80, blank=True)\n\n    class Meta:'
    checkout.edit("models.py", "\n    class Meta:", field)
    action = '''

def annotate_closed_day(closed_day, note, *, actor):
    """Say why a unit is closed."""
    with changing(closed_day, actor=actor):
        closed_day.note = note
'''
    checkout.write("actions.py", ACTIONS_PY + action)
    checkout.migrate("closed_day_note")
    checkout.run("-c", FIELD_WORKS)


@pytest.mark.parametrize("name", ROOMS)
def test_the_toy_keeps_the_house_rules(name: str) -> None:
    source = Source(f"jike/apps/toy/{name}", ROOMS[name])
    assert not [str(fault) for rule in RULES for fault in rule.check(source)]
