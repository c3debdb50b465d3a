"""4,500 people in 1,000 units: making them, and building an Actor among them."""

import statistics
import time
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from jike.apps.organisation.models import Grant, Person, Post, Role, Unit
from jike.apps.organisation.queries import actor_of
from jike.foundation.audit import Under, creating, creating_many
from jike.foundation.scope import permission_catalogue, system_actor
from jike.values.identifiers import uid7
from jike.values.rights import Breadth, Domain

SYSTEM = system_actor("bench")
UNITS, PEOPLE, ACTORS = 1_000, 4_500, 200


@dataclass
class Organisation:
    """What the other measurements work on."""

    root: Unit
    units: list[int]
    people: list[int]


def make_organisation(report: Any) -> Organisation:
    """Make a province of 1,000 units and 4,500 people set-wise, each with a post."""
    root = creating(Unit(code="P", name="广东公司", level="province"), actor=SYSTEM)
    head = {"level": "city", "parent_id": root.pk, "ancestors": [root.pk]}
    cities = creating_many(
        Unit, [{"code": f"C{n}", "name": f"城市{n}", **head} for n in range(21)], actor=SYSTEM
    )
    rows = [
        {
            "code": f"G{n}",
            "name": f"网格{n}",
            "level": "grid",
            "parent_id": city,
            "ancestors": [root.pk, city],
        }
        for n, city in zip(range(UNITS - 22), cities.written * UNITS, strict=False)
    ]
    grids = creating_many(Unit, rows, actor=SYSTEM)
    units = [root.pk, *cities.written, *grids.written]
    begin = time.perf_counter()
    staff = [
        {"staff_no": f"S{n}", "name": f"王{n}", "unit_id": units[n % len(units)], "password": "!"}
        for n in range(PEOPLE)
    ]
    people = creating_many(Person, staff, actor=SYSTEM).written
    report.figure("people created set-wise", PEOPLE / (time.perf_counter() - begin), "rows/s")
    _posts(people, units)
    return Organisation(root, units, people)


def _posts(people: list[int], units: list[int]) -> None:
    rights = [name for name, one in permission_catalogue().items() if one.domain is Domain.BUSINESS]
    roles = []
    for breadth in Breadth:
        role = creating(Role(code=f"r-{breadth}", name=breadth, name_en=breadth), actor=SYSTEM)
        cells = [{"role_id": role.pk, "permission": p, "breadth": breadth} for p in rights]
        creating_many(Grant, cells, actor=SYSTEM, under=Under(role, "grant"))
        roles.append(role.pk)
    today = timezone.localdate()
    posts = [
        {
            "person_id": person,
            "unit_id": units[n % len(units)],
            "role_id": roles[n % len(roles)],
            "since": today,
        }
        for n, person in enumerate(people)
    ]
    posts += [{**post, "unit_id": units[0], "role_id": roles[2]} for post in posts[:900]]
    creating_many(Post, posts, actor=SYSTEM)


def measure(report: Any, organisation: Organisation) -> None:
    """Measure building an Actor, as at the start of each request."""
    chosen = Person.objects.filter(pk__in=organisation.people[:ACTORS])
    times = []
    for person in [*chosen, *chosen]:
        begin = time.perf_counter()
        actor = actor_of(person, now=timezone.now(), request=uid7())
        actor.reach("organisation.person:view")
        times.append((time.perf_counter() - begin) * 1000)
    report.figure("building an Actor, median", statistics.median(times), "ms", goal=5, higher_is_better=False)
    report.figure("building an Actor, p95", statistics.quantiles(times, n=20)[-1], "ms")
