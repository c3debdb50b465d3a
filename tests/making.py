"""Making the rows that tests need, through the write gate as the system."""

import datetime as dt
import itertools
import time
from collections.abc import Mapping

from django.utils import timezone

from jike.apps.organisation.models import Deputy, Grant, Person, Post, Role, Unit
from jike.apps.organisation.queries import actor_of
from jike.foundation.audit import Under, creating, creating_many, seal_pending, sealing_lag_seconds
from jike.foundation.scope import Actor, system_actor
from jike.values.identifiers import uid7
from jike.values.rights import Breadth, Domain

SYSTEM = system_actor("test")
_count = itertools.count(1)


def a_unit(name: str = "", *, under: Unit | None = None, level: str = "team") -> Unit:
    """Make a unit."""
    number = next(_count)
    ancestors = [*under.ancestors, under.pk] if under else []
    unit = Unit(
        code=f"U{number}", name=name or f"单元{number}", level=level, parent=under, ancestors=ancestors
    )
    return creating(unit, actor=SYSTEM)


def a_person(unit: Unit, name: str = "", **fields: object) -> Person:
    """Make a person without a password in ``unit``."""
    number = next(_count)
    person = Person(
        staff_no=f"T{number}", name=name or f"张{number}", unit=unit, must_change_password=False, **fields
    )
    person.set_unusable_password()
    return creating(person, actor=SYSTEM)


def a_role(grants: Mapping[str, Breadth], domain: Domain = Domain.BUSINESS) -> Role:
    """Make a role with these grants."""
    number = next(_count)
    role = creating(
        Role(code=f"role-{number}", name=f"角色{number}", name_en=f"Role {number}", domain=domain),
        actor=SYSTEM,
    )
    rows = [{"role_id": role.pk, "permission": name, "breadth": breadth} for name, breadth in grants.items()]
    stored = creating_many(Grant, rows, actor=SYSTEM, under=Under(role, "grant"))
    assert not stored.refused
    return role


def a_post(person: Person, role: Role, *, at: Unit | None = None) -> Post:
    """Give the person a post, at the home unit unless ``at`` names another."""
    post = Post(person=person, unit=at or person.unit, role=role, since=timezone.localdate())
    return creating(post, actor=SYSTEM)


def a_deputy(person: Person, deputy: Person, *, hours: int = 1) -> Deputy:
    """Let ``deputy`` stand in for ``person`` from now on."""
    now = timezone.now()
    span = {"since": now - dt.timedelta(minutes=1), "until": now + dt.timedelta(hours=hours)}
    return creating(Deputy(person=person, deputy=deputy, **span), actor=SYSTEM)


def acting(person: Person) -> Actor:
    """Return the actor for the person at this moment."""
    return actor_of(person, now=timezone.now(), request=uid7())


def someone_with(grants: Mapping[str, Breadth], *, at: Unit) -> tuple[Person, Actor]:
    """Make a person at ``at`` with a post that carries ``grants``; return both the person and the actor."""
    person = a_person(at)
    a_post(person, a_role(grants))
    return person, acting(person)


def seal_everything(*, block_rows: int = 10_000, patience_seconds: float = 180) -> int:
    """Seal all there is and return how many; transactions of tests beside this one hold the sealer up."""
    deadline = time.monotonic() + patience_seconds
    sealed = seal_pending(block_rows=block_rows)
    while sealing_lag_seconds() and time.monotonic() < deadline:
        sealed += seal_pending(block_rows=block_rows)
    return sealed
