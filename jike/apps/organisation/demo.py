"""Demo organisation: headquarters, 广东 with its cities and counties, people in every role, some of them to sign in as.

Every step makes what is missing of it in one transaction, so that one cut short simply runs again.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle, islice
from random import Random
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from jike.apps.organisation.actions import appoint_deputy, install_ready_made_roles
from jike.apps.organisation.models import Deputy, Person, Post, Role, Unit
from jike.apps.organisation.rules import READY_MADE, UnitLevel
from jike.foundation.audit import creating_many
from jike.foundation.demo import SignIn, Step
from jike.foundation.demo_names import invented_name
from jike.foundation.scope import system_actor
from jike.values import regions
from jike.values.pinyin import syllables

__all__ = ["DEMO_PASSWORD", "demo_sign_ins", "sign_ins", "steps"]

DEMO_PASSWORD = "Jike-demo-2026"
"""Everybody's in the demo organisation; it is printed, so it opens nothing else."""
ACTOR = system_actor("演示数据")
PROVINCE = "440000"
FIRST_DAY = dt.date(2024, 1, 1)

Advance = Callable[[int], None]


class Size(NamedTuple):
    """How many grids each county has (at scale demo only some have any) and how many people there are."""

    grids: int
    people: int


SIZES = {
    "demo": Size(0, 120),
    "S": Size(2, 300),
    "M": Size(4, 1500),
    "L": Size(7, 4500),
    "archive": Size(7, 4500),
}
DEPARTMENTS = {
    "HQ-ENT": ("HQ", "政企客户部", "Enterprise Department"),
    "HQ-PRD": ("HQ", "产品部", "Products Department"),
    "HQ-FIN": ("HQ", "财务部", "Finance Department"),
    "HQ-IT": ("HQ", "信息技术部", "IT Department"),
    "440000-ENT": (PROVINCE, "省政企客户部", "Provincial Enterprise Department"),
    "440000-SVC": (PROVINCE, "客户服务中心", "Service Centre"),
    "440000-DLV": (PROVINCE, "交付中心", "Delivery Centre"),
    "440000-DAT": (PROVINCE, "数据分析室", "Data Analysis Office"),
    "440000-FIN": (PROVINCE, "省财务部", "Provincial Finance Department"),
}
SERVING_ALL = frozenset({"440000-SVC", "440000-DLV", "440000-DAT", "440000-FIN"})
"""Departments whose people serve the whole province: they are at home there, and hold their posts at the province."""
DEMO_GRIDS = ("440106", "440305")
"""Counties with grids at scale demo: 天河 and 南山."""

NAMED = (
    ("AM001", "account_manager", "440106"),
    ("AM002", "account_manager", "440106"),
    ("CH001", "county_head", "440106"),
    ("CT001", "city_head", "440100"),
    ("PH001", "province_head", PROVINCE),
    ("PM001", "product_manager", "HQ-PRD"),
    ("SA001", "service_agent", "440000-SVC"),
    ("DM001", "delivery_manager", "440000-DLV"),
    ("AN001", "analyst", "440000-DAT"),
    ("FI001", "finance", "440000-FIN"),
    ("HQ001", "headquarters_staff", "HQ-ENT"),
    ("SYS001", "system_admin", "HQ-IT"),
    ("SEC001", "security_admin", "HQ-IT"),
    ("AUD001", "audit_admin", "HQ-IT"),
    ("SYS002", "system_admin", "HQ-IT"),
    ("SEC002", "security_admin", "HQ-IT"),
    ("AUD002", "audit_admin", "HQ-IT"),
)
"""Staff number, role and unit; the first of each role is printed to sign in as."""


def steps(scale: str) -> list[Step]:
    """Return the steps that make the organisation at ``scale``."""
    size = SIZES[scale]
    return [
        Step("roles", "角色与权限", len(READY_MADE), _make_roles),
        Step("units", "组织机构", 150 + 122 * size.grids, lambda advance: _make_units(size, advance)),
        Step("people", "人员", size.people, lambda advance: _make_people(size, advance)),
        Step("posts", "任职", size.people, lambda advance: _make_posts(size, advance)),
        Step("deputies", "AB 角", 2, _make_deputies),
    ]


def demo_sign_ins() -> list[SignIn]:
    """Return one demo person per role, in the order of the roles."""
    labels = {role.code: role.name for role in READY_MADE}
    first: dict[str, SignIn] = {}
    for staff_no, role, _unit in NAMED:
        first.setdefault(role, SignIn(staff_no.lower(), DEMO_PASSWORD, labels[role]))
    return list(first.values())


sign_ins = demo_sign_ins


def _make_roles(advance: Advance) -> None:
    advance(len(install_ready_made_roles(actor=ACTOR)))


@transaction.atomic
def _make_units(size: Size, advance: Advance) -> None:
    known = {unit.code: unit for unit in Unit.objects.filter(removed_at=None)}
    for layer in _layers(size):
        rows = [_under(known, row) for row in layer if row["code"] not in known]
        made = _created(Unit, rows)
        known |= {unit.code: unit for unit in Unit.objects.filter(pk__in=made)}
        advance(len(rows))


def _layers(size: Size) -> Iterator[list[dict[str, Any]]]:
    """The units from the top down, each layer's parents in the layers before."""
    cities = regions.children(PROVINCE)
    yield [_unit("HQ", "", "集团公司总部", english="Group Headquarters", level=UnitLevel.HEADQUARTERS)]
    yield [_unit(PROVINCE, "HQ", "广东省公司", english="Guangdong Company", level=UnitLevel.PROVINCE)]
    yield [
        *(
            _unit(code, under, name, english=english, level=UnitLevel.TEAM)
            for code, (under, name, english) in DEPARTMENTS.items()
        ),
        *(_branch(city, UnitLevel.CITY, "分公司", english="Branch") for city in cities),
    ]
    counties = [county for city in cities for county in regions.children(city.code)]
    yield [_branch(county, UnitLevel.COUNTY, "分公司", english="Office", whole=True) for county in counties]
    yield [
        _unit(
            f"{county.code}-{number:02}",
            county.code,
            f"{county.short_name}第{number}网格",
            level=UnitLevel.GRID,
        )
        for county in counties
        for number in range(1, 1 + (size.grids or (4 if county.code in DEMO_GRIDS else 0)))
    ]


def _branch(
    region: regions.Region, level: UnitLevel, ending: str, *, english: str, whole: bool = False
) -> dict[str, Any]:
    name = region.name if whole else region.short_name
    spelled = "".join(syllables(region.short_name)).capitalize()
    return _unit(
        region.code, region.parent or "", f"{name}{ending}", english=f"{spelled} {english}", level=level
    )


def _unit(code: str, under: str, name: str, *, english: str = "", level: UnitLevel) -> dict[str, Any]:
    region = code if code.isdigit() else ""
    return {"code": code, "name": name, "name_en": english, "level": level, "region": region, "under": under}


def _under(known: Mapping[str, Unit], row: dict[str, Any]) -> dict[str, Any]:
    parent = known.get(row.pop("under"))
    ancestors = [*parent.ancestors, parent.pk] if parent else []
    return {**row, "parent_id": parent.pk if parent else None, "ancestors": ancestors}


def _plan(size: Size) -> list[tuple[str, str, str]]:
    """Who there is: staff number, role and unit code of everybody, the named ones first."""
    cities = regions.children(PROVINCE)
    counties = [county.code for city in cities for county in regions.children(city.code)]
    heads = [(f"CT{n:03}", "city_head", city.code) for n, city in enumerate(cities[1:], start=2)]
    some = counties if size.people > SIZES["demo"].people else counties[:20]
    heads += [
        (f"CH{n:03}", "county_head", code)
        for n, code in enumerate((c for c in some if c != "440106"), start=2)
    ]
    agents = [(f"SA{n:03}", "service_agent", "440000-SVC") for n in range(2, 2 + size.people // 50)]
    specialists = [(f"DM{n:03}", "delivery_manager", "440000-DLV") for n in range(2, 2 + size.people // 60)]
    before = [*NAMED, *heads, *agents, *specialists]
    grids = [f"{code}-{number:02}" for number in range(1, 1 + size.grids) for code in counties]
    managers = islice(cycle(grids or some), max(0, size.people - len(before)))
    return [*before, *((f"AM{n:03}", "account_manager", code) for n, code in enumerate(managers, start=3))]


@transaction.atomic
def _make_people(size: Size, advance: Advance) -> None:
    units = dict(Unit.objects.filter(removed_at=None).values_list("code", "pk"))
    known = set(Person.objects.values_list("staff_no", flat=True))
    random = Random(20260101)  # noqa: S311 — invented names, nothing secret
    shared = {
        "password": make_password(DEMO_PASSWORD),
        "password_set_at": timezone.now(),
        "must_change_password": False,
    }
    rows = [
        {
            "staff_no": staff_no,
            "name": invented_name(random),
            "unit_id": units[unit],
            "phone": f"+861380{number:07}",
            "email": f"{staff_no.lower()}@jike.example",
            **shared,
        }
        for number, (staff_no, _role, unit) in enumerate(_plan(size), start=1)
    ]
    missing = [row for row in rows if row["staff_no"] not in known]
    _created(Person, missing)
    advance(len(missing))


@transaction.atomic
def _make_posts(size: Size, advance: Advance) -> None:
    people = dict(Person.objects.values_list("staff_no", "pk"))
    units = dict(Unit.objects.filter(removed_at=None).values_list("code", "pk"))
    roles = dict(Role.objects.filter(removed_at=None).values_list("code", "pk"))
    held = set(Post.objects.values_list("person_id", flat=True))
    rows = [
        {
            "person_id": people[staff_no],
            "unit_id": units[PROVINCE if unit in SERVING_ALL else unit],
            "role_id": roles[role],
            "since": FIRST_DAY + dt.timedelta(days=number % 600),
        }
        for number, (staff_no, role, unit) in enumerate(_plan(size))
        if people[staff_no] not in held
    ]
    _created(Post, rows)
    advance(len(rows))


@transaction.atomic
def _make_deputies(advance: Advance) -> None:
    pairs = {"AM001": "AM002", "CH001": "CT001"}
    wanted = Person.objects.filter(staff_no__in=[*pairs, *pairs.values()])
    people = {person.staff_no: person for person in wanted}
    now = timezone.now()
    for staff_no, deputy in pairs.items():
        if not Deputy.objects.filter(person=people[staff_no], removed_at=None).exists():
            term = {"since": now, "until": now + dt.timedelta(days=90)}
            appoint_deputy(people[staff_no], actor=ACTOR, deputy=people[deputy], reason="AB 角", **term)
        advance(1)


def _created(model: type[Any], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Create the rows or fail: invented data that the gate refuses is a mistake in here."""
    outcome = creating_many(model, rows, actor=ACTOR)
    if outcome.refused:
        place, sentence = next(iter(outcome.refused.items()))
        raise ValueError(f"{model.__name__} {rows[place]}: {sentence}")
    return outcome.written
