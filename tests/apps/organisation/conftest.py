"""A small organisation with its ready-made roles and administrators, and browsers that sign in to it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from jike.apps.organisation import actions
from jike.apps.organisation.models import Person, Role, Unit
from jike.foundation.audit import creating
from jike.foundation.scope import Actor
from tests.making import SYSTEM, acting

PASSWORD = "Correct-horse-7"


@dataclass
class Organisation:
    """Headquarters over 广东 over 广州 and 深圳, the first with two counties; roles and people by code."""

    units: dict[str, Unit] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, staff_no: str) -> Actor:
        """Return what the person may do at this moment."""
        return acting(self.people[staff_no])

    def person(self, staff_no: str, role: str, unit: str) -> Person:
        """Add a person who holds the role in the unit, with `PASSWORD` as an own password."""
        person = Person(staff_no=staff_no, name=f"王{len(self.people) + 1}", unit=self.units[unit])
        person.password, person.must_change_password, person.password_set_at = hashed(), False, timezone.now()
        creating(person, actor=SYSTEM)
        actions.assign_post(
            person, actor=SYSTEM, unit=self.units[unit], role=self.roles[role], since=timezone.localdate()
        )
        self.people[staff_no] = person
        return person


@cache
def hashed() -> str:
    """Return `PASSWORD` hashed; once, since hashing is meant to be slow."""
    return make_password(PASSWORD)


TREE = {
    "HQ": ("", "headquarters"),
    "GD": ("HQ", "province"),
    "GZ": ("GD", "city"),
    "SZ": ("GD", "city"),
    "TH": ("GZ", "county"),
    "YX": ("GZ", "county"),
}
STAFF = (
    ("SYS", "system_admin", "HQ"),
    ("SEC", "security_admin", "HQ"),
    ("AUD", "audit_admin", "HQ"),
    ("HEAD", "city_head", "GZ"),
    ("AM", "account_manager", "TH"),
)


def an_organisation() -> Organisation:
    """Make the organisation through the actions."""
    made = Organisation()
    made.roles = {role.code: role for role in actions.install_ready_made_roles(actor=SYSTEM)}
    for code, (under, level) in TREE.items():
        parent = made.units.get(under)
        made.units[code] = actions.add_unit(
            actor=SYSTEM, code=code, name=f"单位{code}", level=level, parent=parent
        )
    for staff_no, role, unit in STAFF:
        made.person(staff_no, role, unit)
    return made


@pytest.fixture
def organisation(db: None) -> Organisation:
    """Give the organisation within the test's transaction."""
    return an_organisation()


@pytest.fixture
def signed_in(organisation: Organisation) -> Callable[[str], Client]:
    """Give a browser in which that person has signed in."""

    def browser(staff_no: str) -> Client:
        client = Client()
        sign_in(client, staff_no)
        return client

    return browser


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra: str) -> object:
    """Send the sign-in form."""
    return client.post("/account/login/", {"login": login, "password": password, **extra})


def in_days(days: int) -> dt.datetime:
    """Return the moment so many days from now."""
    return timezone.now() + dt.timedelta(days=days)
