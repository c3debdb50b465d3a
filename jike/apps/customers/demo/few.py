"""The demo province's customers: 300 with stories, in groups up to five levels deep, made through the actions.

Customers are planned as a whole from the seed, then made one by one, each in a transaction of its own; whoever is there
already is passed over, so that a load that was cut short simply goes on.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jike.apps.customers.actions import (
    Month,
    add_customer,
    add_key_person,
    assign_deputy,
    change_state,
    grade_customer,
    load_months,
)
from jike.apps.customers.demo import portraits
from jike.apps.customers.demo.few_people import people_of
from jike.apps.customers.demo.names import TRADES, Name, Namer, Trade
from jike.apps.customers.demo.places import AccountManager, account_managers
from jike.apps.customers.models import Customer, CustomerMonth, KeyPerson
from jike.apps.customers.queries.records import pass_over_codes
from jike.apps.customers.rules import State
from jike.apps.organisation.models import Unit
from jike.foundation.demo import Step
from jike.foundation.demo_names import invented_name
from jike.foundation.directory import actor_of
from jike.foundation.scope import Actor, system_actor
from jike.values.period import add_months

__all__ = ["CUSTOMERS", "Plan", "make_customers", "make_months", "make_people", "plan", "steps"]

ACTOR = system_actor("演示数据")
SEED = 20260102
CUSTOMERS = 300
MONTHS = 24
GROUPS = ((1, 4, 6, 5, 4), (1, 3, 5, 4), (1, 5, 8), (1, 3, 3), (1, 6), (1, 4), (1, 3), (1, 2))
"""Customers on each level of the groups, the top one first; the rest stand alone."""
DIVISIONS = (
    ("集团有限公司",),
    ("股份有限公司", "科技有限公司", "实业有限公司", "置业有限公司", "物流有限公司"),
    ("制造有限公司", "销售有限公司", "工程有限公司"),
    ("分公司",),
    ("营业部", "生产基地", "研发中心"),
)
"""Endings of names on each level of a group."""
GROUP_INDUSTRIES = ("C39", "K70", "F52", "C14", "G58", "E47", "I65", "C27")
ORDINALS = ("", "第二", "第三", "第四", "第五", "第六", "第七", "第八")
STATES = ((State.ACTIVE, 62), (State.POTENTIAL, 20), (State.SILENT, 7), (State.LOST, 7), (State.ARCHIVED, 4))
REASONS = {
    State.SILENT: ("连续三个月无出账，业务转淡季", "搬迁后暂停使用", "负责人变动，业务搁置"),
    State.LOST: ("价格低于我方，转网友商", "企业注销", "总部统一采购，改用他网"),
    State.ARCHIVED: ("企业已注销", "重复建档"),
}

Advance = Callable[[int], None]


@dataclass
class Plan:
    """One customer to be made: everything about it is decided before anything is stored."""

    code: str
    name: Name
    trade: Trade
    manager: AccountManager
    state: State
    values: dict[str, Any]
    months: portraits.Months
    since: dt.date
    parent: "Plan | None" = None
    deputy: AccountManager | None = None
    reason: str = ""
    seed: int = 0
    pooled: bool = False
    """Left to nobody, for the public pool."""


def steps() -> list[Step]:
    """Return the steps of scale demo."""
    return [
        Step("customers", "集团客户", CUSTOMERS, lambda advance: make_customers(_planned(), advance)),
        Step("key-persons", "关键人", 3 * CUSTOMERS, lambda advance: make_people(_planned(), advance)),
        Step("months", "月度收入", MONTHS * CUSTOMERS, lambda advance: make_months(_planned(), advance)),
    ]


def _planned() -> list[Plan]:
    return plan(account_managers(), today=timezone.localdate())


def plan(managers: list[AccountManager], *, today: dt.date) -> list[Plan]:
    """Return all customers of the demo, parents before their children."""
    random, namer = Random(SEED), Namer()  # noqa: S311 — invented data, nothing secret
    plans: list[Plan] = []
    for shape in GROUPS:
        plans += _group(random, namer, managers, shape=shape, first=len(plans), today=today)
    trades = [trade for trade in TRADES for _ in range(trade.share)]
    random.shuffle(trades)
    while len(plans) < CUSTOMERS:
        number = len(plans)
        manager = managers[number * 7 % len(managers)] if number % 4 else managers[number // 4 % 2]
        trade = trades[number % len(trades)]
        name = namer.next_name(manager.city, trade)
        plans.append(
            _plan(random, number, name, trade=trade, managers=managers, manager=manager, today=today)
        )
    return plans


def _group(
    random: Random,
    namer: Namer,
    managers: list[AccountManager],
    *,
    shape: tuple[int, ...],
    first: int,
    today: dt.date,
) -> list[Plan]:
    """Plan one group: its members bear the brand of the top, and lie where their managers are."""
    trade = next(one for one in TRADES if one.industry == GROUP_INDUSTRIES[GROUPS.index(shape)])
    brand = namer.next_name("", trade).brand
    levels: list[list[Plan]] = []
    for level, count in enumerate(shape):
        members: list[Plan] = []
        for place in range(count):
            manager = random.choice(managers)
            town = manager.city if level else "广东"
            name = _group_name(namer, town, brand, level=level, place=place)
            number = first + sum(map(len, levels)) + place
            one = _plan(random, number, name, trade=trade, managers=managers, manager=manager, today=today)
            one.parent = levels[-1][place % len(levels[-1])] if levels else None
            one.values["reach"] = "cross_province" if not level else "cross_city"
            members.append(one)
        levels.append(members)
    return [one for members in levels for one in members]


def _group_name(namer: Namer, town: str, brand: str, *, level: int, place: int) -> Name:
    turn, kind = divmod(place, len(DIVISIONS[level]))
    return namer.composed(town, brand, f"{ORDINALS[turn]}{DIVISIONS[level][kind]}")


def _plan(
    random: Random,
    number: int,
    name: Name,
    *,
    trade: Trade,
    managers: list[AccountManager],
    manager: AccountManager,
    today: dt.date,
) -> Plan:
    values = portraits.portrait(random, trade, today=today)
    state = random.choices([one for one, _ in STATES], [share for _, share in STATES])[0]
    months = portraits.months_of(random, staff=values["staff_count"], months=MONTHS)
    grade = portraits.grade_of(months.revenue[-1]) if state is not State.POTENTIAL else "D"
    certificate = portraits.credit_code(trade.kind, manager.region, number=number + 1)
    values |= {
        "short_name": f"{manager.city}{name.brand}",
        "legal_representative": invented_name(random),
        "credit_code": certificate,
        "certificate_number": certificate,
        "tax_number": certificate if trade.kind == "enterprise" else "",
        "phone": portraits.landline(manager.region, number=100_000 + number * 37),
        "region": manager.region,
        "domain": f"kh{number + 1:04}.example",
        "needs": random.choice(portraits.NEEDS) if random.random() < 0.7 or state is State.POTENTIAL else "",
        "ability": "able" if state is not State.POTENTIAL or random.random() < 0.5 else "unknown",
        "loyalty": _loyalty(random, state),
        "grade": grade,
        "service_level": portraits.service_level_of(grade),
        **_next_step(random, state, today),
    }
    since = today - dt.timedelta(days=random.randrange(20, 900))
    return Plan(
        code=f"KH{number + 1:08}",
        name=name,
        trade=trade,
        manager=manager,
        state=state,
        values=values,
        months=months,
        since=since,
        deputy=random.choice(managers) if random.random() < 0.15 else None,
        reason=random.choice(REASONS[state]) if state in REASONS else "",
        seed=random.randrange(10**9),
        pooled=state is State.POTENTIAL and random.random() < 0.25,
    )


def _loyalty(random: Random, state: State) -> str:
    if state is State.POTENTIAL:
        return "potential"
    return random.choices(("loyal", "old", "new"), (25, 50, 25))[0]


def _next_step(random: Random, state: State, today: dt.date) -> dict[str, Any]:
    if state in (State.LOST, State.ARCHIVED) or random.random() < 0.3:
        return {}
    return {
        "next_step": random.choice(portraits.STEPS),
        "next_step_on": today + dt.timedelta(days=random.randrange(-8, 25)),
    }


def make_customers(plans: Sequence[Plan], advance: Advance) -> None:
    """Make those of the planned customers that are not there yet."""
    known = {one.code: one for one in Customer.objects.filter(code__in=[one.code for one in plans])}
    units = Unit.objects.in_bulk([one.manager.unit for one in plans])
    actors: dict[UUID, Actor | None] = {}
    if not known:
        pass_over_codes(len(plans))
    for one in plans:
        if one.code not in known:
            uid = one.manager.person.uid
            if uid not in actors:
                actors[uid] = actor_of(uid)
            known[one.code] = _make_customer(
                one, known, unit=units[one.manager.unit], actor=actors[uid] or ACTOR
            )
        advance(1)


@transaction.atomic
def _make_customer(one: Plan, known: dict[str, Customer], *, unit: Unit, actor: Actor) -> Customer:
    """Make the customer as its manager would, grade and all by the system, and lead it to its state."""
    grading = {name: one.values[name] for name in ("grade", "service_level")}
    details = {name: value for name, value in one.values.items() if name not in grading}
    customer = add_customer(
        actor=ACTOR if one.pooled else actor,
        name=one.name.name,
        unit=unit,
        owner=None if one.pooled else one.manager.person,
        code=one.code,
        parent=known[one.parent.code] if one.parent else None,
        **details,
    )
    for state, reason in _path(one):
        change_state(customer, actor=actor, state=state, reason=reason, since=one.since)
    if one.state is not State.POTENTIAL:
        grade_customer(customer, actor=ACTOR, **grading)
    if one.deputy is not None and not one.pooled and one.deputy.person != one.manager.person:
        assign_deputy(customer, actor=ACTOR, deputy=one.deputy.person)
    return customer


def _path(one: Plan) -> Iterator[tuple[State, str]]:
    """The states on the way to the planned one, with their reasons."""
    if one.state in (State.SILENT, State.LOST):
        yield State.ACTIVE, ""
    if one.state is not State.POTENTIAL:
        yield one.state, one.reason


def make_people(plans: Sequence[Plan], advance: Advance) -> None:
    """Make the key persons of the planned customers that have none yet."""
    customers = {one.code: one for one in Customer.objects.filter(code__in=[one.code for one in plans])}
    staffed = set(
        KeyPerson.objects.filter(customer__in=customers.values()).values_list("customer_id", flat=True)
    )
    for number, one in enumerate(plans):
        customer = customers[one.code]
        if customer.pk not in staffed:
            _make_people_of(customer, Random(one.seed), number=number)  # noqa: S311 — invented data, nothing secret
        advance(3)


@transaction.atomic
def _make_people_of(customer: Customer, random: Random, *, number: int) -> None:
    made: list[KeyPerson] = []
    for values in people_of(random, number=number, today=timezone.localdate()):
        superior = values.pop("superior")
        boss = made[superior] if superior is not None else None
        made.append(add_key_person(actor=ACTOR, customer=customer, reports_to=boss, **values))


def make_months(plans: Sequence[Plan], advance: Advance) -> None:
    """Load the months of the planned customers, once."""
    if CustomerMonth.objects.exists():
        return
    numbers = dict(Customer.objects.values_list("code", "pk"))
    this_month = timezone.localdate().replace(day=1)
    advance(load_months(_months(plans, numbers, this_month), actor=ACTOR))


def _months(plans: Sequence[Plan], numbers: dict[str, int], this_month: dt.date) -> Iterator[Month]:
    """Months of all that were ever served; those who went have none since."""
    for one in plans:
        if one.state in (State.POTENTIAL, State.ARCHIVED):
            continue
        for place, values in enumerate(zip(*one.months, strict=True)):
            month = add_months(this_month, place - MONTHS)
            if one.state is State.ACTIVE or month < one.since:
                revenue, arrears, lines = values
                yield Month(numbers[one.code], month, revenue, arrears, lines)
