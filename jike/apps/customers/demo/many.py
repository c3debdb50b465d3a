"""Customers for benchmarks, from 20,000 to a million, with two key persons each and their months.

A change record per row would double what is loaded (by estimate 6 GB at the largest scale) and take longer than the
loading, so the rows come as recorded batches: one Change each, with the number of rows and the SHA-256 of the bytes.
Their histories are empty until somebody edits them.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from jike.apps.customers.actions import Month, load_months
from jike.apps.customers.demo import portraits
from jike.apps.customers.demo.few_people import POSITIONS
from jike.apps.customers.demo.names import TRADES, Namer
from jike.apps.customers.demo.places import AccountManager, account_managers
from jike.apps.customers.models import Customer, CustomerMonth, KeyPerson
from jike.apps.customers.models.key_person import name_key
from jike.apps.customers.queries.records import pass_over_codes
from jike.apps.customers.rules import State, health
from jike.foundation.audit import load_records, loading, reserve_ids
from jike.foundation.demo import Step
from jike.foundation.demo_names import invented_name
from jike.foundation.models import Share
from jike.foundation.scope import system_actor
from jike.foundation.search.rebuilding import index_kinds
from jike.values.identifiers import uid7
from jike.values.period import add_months

__all__ = ["SIZES", "Size", "steps", "steps_of"]

ACTOR = system_actor("演示数据")
SEED = 20260103
ADVANCE = 2_000
PEOPLE_EACH = 2
TREND = 12
NAMES = 20_000
"""Different names of people; reading one takes 90 µs, so they are read once."""
GROUP = (0, 1, 1, 1, 2, 2, 3, 5, 5, 8)
"""In each tenth block of ten, whom each lies below, counted from 1: four levels."""
GREAT_GROUP = 2_000
"""The first customers are one group of this size, for the largest tree that pages must bear."""


class Size(NamedTuple):
    """How many customers there are, and of how many months the ledger knows."""

    customers: int
    months: int


SIZES = {
    "S": Size(20_000, 24),
    "M": Size(100_000, 24),
    "L": Size(380_000, 12),
    "archive": Size(1_000_000, 12),
}

Advance = Callable[[int], None]


def steps(scale: str) -> list[Step]:
    """Return the steps that make the customers of a bench scale."""
    return steps_of(SIZES[scale])


def steps_of(size: Size) -> list[Step]:
    """Return the steps that make so many customers."""
    people = PEOPLE_EACH * size.customers
    return [
        Step("customers", "集团客户", size.customers, lambda advance: _make_customers(size, advance)),
        Step("key-persons", "关键人", people, lambda advance: _make_people(size, advance)),
        Step("search", "搜索索引", size.customers + people, _make_index),
        Step(
            "months",
            "月度收入",
            size.months * size.customers * 4 // 5,
            lambda advance: _make_months(size, advance),
        ),
    ]


def _make_customers(size: Size, advance: Advance) -> None:
    if Customer.objects.exists():
        return
    first = reserve_ids(Customer, size.customers)
    pass_over_codes(size.customers)
    managers = account_managers()
    rows = _customers(size, first=first, managers=managers, today=timezone.localdate())
    shares: list[tuple[Any, ...]] = []
    people = {one.person.pk: one.person.uid for one in managers}
    with loading(Customer):
        load_records(Customer, COLUMNS, _told(_sharing(rows, shares, people), advance), actor=ACTOR)
    load_records(Share, ("uid", "about_kind", "about_uid", "person", "may_change"), shares, actor=ACTOR)


COLUMNS = (
    *("id", "uid", "code", "national_code", "name", "name_key", "short_name", "name_en"),
    *("credit_code_confirmed", "legal_representative", "tax_number", "credit_code", "certificate_number"),
    *(
        "size_class",
        "region",
        "unit_id",
        "owner_id",
        "deputy_id",
        "parent_id",
        "ancestors",
        "phone",
        "domain",
    ),
    *("grade", "service_level", "loyalty", "state", "state_since", "state_reason", "needs", "ability"),
    *(
        "next_step",
        "next_step_on",
        "monthly_revenue",
        "revenue_trend",
        "arrears",
        "lines",
        "health",
        "health_reasons",
    ),
    *("certificate_type", "organisation_kind", "industry", "staff_count", "yearly_turnover", "total_assets"),
    *("registered_capital", "established", "reach", "credit", "relation", "importance", "value_behaviour"),
    *("sensitive", "address", "it_department", "our_share"),
)
UID, DEPUTY = COLUMNS.index("uid"), COLUMNS.index("deputy_id")


def _customers(
    size: Size, *, first: int, managers: Sequence[AccountManager], today: dt.date
) -> Iterator[tuple[Any, ...]]:
    random, namer, months = Random(SEED), Namer(), Random(SEED + 1)  # noqa: S311 — invented data, nothing secret
    trades = [trade for trade in TRADES for _ in range(trade.share)]
    random.shuffle(trades)
    people = [invented_name(random) for _ in range(2_000)]
    paths = _Paths(first)
    for place in range(size.customers):
        trade, manager = trades[place % len(trades)], managers[place % len(managers)]
        values = portraits.portrait(random, trade, today=today)
        history = portraits.months_of(months, staff=values["staff_count"], months=size.months)
        name = namer.next_name(manager.city, trade)
        values |= _identity(place, trade.kind, manager, name=name.name)
        values |= {"name": name.name, "name_key": name.key, "short_name": manager.city + name.brand}
        values |= {"id": first + place, "legal_representative": people[place % len(people)]}
        values["deputy_id"] = (
            managers[(place * 13 + 1) % len(managers)].person.pk if place % 10 == 3 else None
        )
        values["owner_id"] = None if place % 25 == 24 else manager.person.pk
        if values["deputy_id"] == values["owner_id"]:
            values["deputy_id"] = None
        values["parent_id"], values["ancestors"] = paths.of(place)
        values |= _standing(random, today)
        values |= _figures(history) if values["state"] != State.POTENTIAL else NOTHING_BILLED
        values["size_class"] = portraits.quick_size_class(values)
        yield tuple([values[name] for name in COLUMNS])


STATES = ("active",) * 32 + ("potential",) * 11 + ("silent",) * 3 + ("lost",) * 3 + ("archived",)
NOTHING_BILLED = {
    "monthly_revenue": 0,
    "revenue_trend": "{}",
    "arrears": 0,
    "lines": 0,
    "health": None,
    "health_reasons": "{}",
    "grade": "D",
    "service_level": "standard",
}


def _identity(place: int, kind: str, manager: AccountManager, *, name: str) -> dict[str, Any]:
    code = portraits.credit_code(kind, manager.region, number=place + 1)
    return {
        "uid": uid7(),
        "code": f"KH{place + 1:08}",
        "national_code": "",
        "name_en": "",
        "credit_code": code,
        "credit_code_confirmed": False,
        "certificate_number": code,
        "tax_number": code if kind == "enterprise" else "",
        "region": manager.region,
        "unit_id": manager.unit,
        "phone": portraits.landline(manager.region, number=place),
        "domain": f"kh{place + 1}.example",
    }


def _standing(random: Random, today: dt.date) -> dict[str, Any]:
    state = random.choice(STATES)
    going = state in ("silent", "lost", "archived")
    step = not going and random.random() < 0.4
    return {
        "state": state,
        "state_since": today - dt.timedelta(days=random.randrange(20, 900)),
        "state_reason": "转网友商" if going else "",
        "needs": random.choice(portraits.NEEDS) if random.random() < 0.5 else "",
        "ability": "unknown" if state == "potential" else "able",
        "loyalty": "potential" if state == "potential" else random.choice(("loyal", "old", "old", "new")),
        "next_step": random.choice(portraits.STEPS) if step else "",
        "next_step_on": today + dt.timedelta(days=random.randrange(-8, 60)) if step else None,
    }


def _figures(history: portraits.Months) -> dict[str, Any]:
    revenue, lines = history.revenue[-TREND:], history.lines[-TREND:]
    found = health(revenue, lines, history.arrears[-1])
    grade = portraits.grade_of(revenue[-1])
    return {
        "monthly_revenue": revenue[-1],
        "revenue_trend": "{" + ",".join(map(str, revenue)) + "}",
        "arrears": history.arrears[-1],
        "lines": lines[-1],
        "health": found.score,
        "health_reasons": "{" + ",".join(found.reasons) + "}",
        "grade": grade,
        "service_level": portraits.service_level_of(grade),
    }


class _Paths:
    """Parent and ancestors of the customer at each place: one great group, small ones in every tenth block of ten."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.known: dict[int, list[int]] = {}

    def of(self, place: int) -> tuple[int | None, str]:
        above = self._above(place)
        if above is None:
            self.known = {place: []} if place >= GREAT_GROUP or not place else self.known
            return None, "{}"
        path = [*self.known[above], self.first + above]
        self.known[place] = path
        return path[-1], "{" + ",".join(map(str, path)) + "}"

    @staticmethod
    def _above(place: int) -> int | None:
        if place < GREAT_GROUP:
            return None if not place else (place - 1) // 6
        block, seat = divmod(place, 10)
        return None if block % 10 or not seat else block * 10 + GROUP[seat] - 1


def _sharing(
    rows: Iterator[tuple[Any, ...]], shares: list[tuple[Any, ...]], people: Mapping[int, UUID]
) -> Iterator[tuple[Any, ...]]:
    """Pass the rows on, noting the shares by which deputies (person → uid) see them."""
    for row in rows:
        if row[DEPUTY] is not None:
            shares.append((uid7(), Customer.kind(), row[UID], people[row[DEPUTY]], True))
        yield row


PERSON_COLUMNS = (
    *(
        "id",
        "uid",
        "customer_id",
        "name",
        "name_key",
        "job_title",
        "department",
        "role",
        "attitude",
        "influence",
    ),
    *("reports_to_id", "phone", "email", "wechat", "birthday", "remarks", "spoken_on"),
)


def _make_people(size: Size, advance: Advance) -> None:
    if KeyPerson.objects.exists():
        return
    count = PEOPLE_EACH * size.customers
    first = reserve_ids(KeyPerson, count)
    customer = Customer.objects.order_by("id").values_list("id", flat=True)[0]
    rows = _people(count, first=first, customer=customer, today=timezone.localdate())
    with loading(KeyPerson):
        load_records(KeyPerson, PERSON_COLUMNS, _told(rows, advance), actor=ACTOR)


def _people(count: int, *, first: int, customer: int, today: dt.date) -> Iterator[tuple[Any, ...]]:
    random = Random(SEED + 2)  # noqa: S311 — invented data, nothing secret
    texts = list(dict.fromkeys(invented_name(random) for _ in range(NAMES)))
    names = [(text, name_key(text)) for text in texts]
    days = [today - dt.timedelta(days=number) for number in range(400)]
    attitudes = ("supporter", "friendly", "friendly", "neutral", "neutral", "reserved", "unknown")
    for place in range(count):
        house, seat = divmod(place, PEOPLE_EACH)
        title, department, role, influence = POSITIONS[(house + seat) % len(POSITIONS)]
        text, key = names[place * 7919 % len(names)]
        yield (
            *(first + place, uid7(), customer + house, text, key, title, department, role),
            *(
                attitudes[place % len(attitudes)],
                influence,
                first + place - 1 if seat and house % 3 == 0 else None,
            ),
            *(
                f"+86139{place:08}",
                f"p{place}@kh{house + 1}.example",
                "",
                None,
                "",
                days[place * 31 % len(days)],
            ),
        )


def _make_index(advance: Advance) -> None:
    index_kinds([Customer, KeyPerson], advance)


def _make_months(size: Size, advance: Advance) -> None:
    if CustomerMonth.objects.exists():
        return
    last = add_months(timezone.localdate().replace(day=1), -1)
    days = [add_months(last, place + 1 - size.months) for place in range(size.months)]
    customers = list(
        Customer.objects.order_by("id").values_list("id", "staff_count", "state")[: size.customers]
    )
    with loading(CustomerMonth):
        load_months(_told(_months(customers, days), advance), actor=ACTOR, refresh=False)


def _months(customers: Sequence[tuple[int, int | None, str]], days: Sequence[dt.date]) -> Iterator[Month]:
    """The months that the figures on the customers were taken from: drawn from the same seed in the same order."""
    random = Random(SEED + 1)  # noqa: S311 — invented data, nothing secret
    for number, staff, state in customers:
        history = portraits.months_of(random, staff=staff or 0, months=len(days))
        if state != State.POTENTIAL:
            for day, revenue, arrears, lines in zip(days, *history, strict=True):
                yield Month(number, day, revenue, arrears, lines)


def _told(rows: Iterator[Any], advance: Advance) -> Iterator[Any]:
    """Pass the rows on, telling how many there were."""
    while some := list(islice(rows, ADVANCE)):
        yield from some
        advance(len(some))
