"""The demo's people beyond the office, and who owns whom: consents, memorial days, careers, relationships.

Told of the customers with whole groups, whose people are completed so that an influence map has something to show.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from jike.apps.customers.actions import add_key_person, change_key_person
from jike.apps.customers.actions.careers import move_key_person
from jike.apps.customers.actions.caring import enter_memorial_days, remind_of_occasions
from jike.apps.customers.actions.consents import describe_person, record_consent, withdraw_consent
from jike.apps.customers.actions.coverage import refresh_coverage
from jike.apps.customers.actions.relationships import add_relationship
from jike.apps.customers.models import Consent, Customer, CustomerRelationship, KeyPerson
from jike.apps.customers.rules import State
from jike.foundation.demo_names import invented_name
from jike.foundation.lines import LineEntry, Taken
from jike.foundation.scope import system_actor

__all__ = ["PEOPLE", "RELATIONSHIPS", "make_relationships", "round_out_people"]

ACTOR = system_actor("演示数据")
SEED = 20260307
RELATIONSHIPS, PEOPLE = 60, 40
MAPPED = 24
"""Customers whose map has eight to eleven people."""
STAFF = (
    ("董事长", "管理层", "decider", "high", None),
    ("分管副总", "管理层", "influencer", "high", 0),
    ("首席信息官", "信息中心", "decider", "high", 0),
    ("网络主管", "信息中心", "user", "medium", 2),
    ("安全主管", "信息中心", "influencer", "medium", 2),
    ("采购主管", "采购部", "handler", "medium", 1),
    ("财务总监", "财务部", "influencer", "high", 0),
    ("会计", "财务部", "handler", "low", 6),
)
ATTITUDES = ("supporter", "friendly", "neutral", "reserved", "opposed", "unknown")
HOBBIES = ("羽毛球，每周三晚", "摄影，关注老镜头", "徒步，常去白云山", "书法，临欧体", "钓鱼")
CIRCLES = ("本地通信行业协会理事", "华南校友会", "数字化转型俱乐部")
FAMILIES = ("一子读高中", "女儿在深圳工作", "与父母同住")
OCCASIONS = ("入职纪念日", "结婚纪念日", "公司成立日")
WORKING = ("supplies", "partners", "supplies")

Advance = Callable[[int], None]


def make_relationships(advance: Advance) -> None:
    """Make owners within groups, and suppliers and partners across them, once."""
    if CustomerRelationship.objects.exists():
        return
    random = Random(SEED)  # noqa: S311 — invented data, nothing secret
    today = timezone.localdate()
    children = list(Customer.objects.filter(parent__isnull=False, removed_at=None).select_related("parent"))
    for child in children[: RELATIONSHIPS // 2]:
        whole = random.random() < 0.5
        nature = "owns" if random.random() < 0.8 else "controls"
        share = Decimal(100 if whole else random.randrange(51, 90)) if nature == "owns" else None
        since = today - dt.timedelta(days=random.randrange(400, 4000))
        assert child.parent is not None
        add_relationship(
            actor=ACTOR, customer=child.parent, other=child, nature=nature, share_percent=share, since=since
        )
        advance(1)
    tops = list(Customer.objects.filter(parent=None, removed_at=None, state=State.ACTIVE).order_by("code"))
    pairs = zip(children, random.sample(tops, min(len(children), len(tops))), strict=False)
    for place, (one, other) in enumerate(list(pairs)[: RELATIONSHIPS // 2]):
        since = today - dt.timedelta(days=random.randrange(100, 2000))
        until = today - dt.timedelta(days=20) if place % 9 == 8 else None
        ends = (one, other) if place % 2 else (other, one)
        add_relationship(
            actor=ACTOR,
            customer=ends[0],
            other=ends[1],
            nature=WORKING[place % len(WORKING)],
            since=since,
            until=until,
        )
        advance(1)


def round_out_people(advance: Advance) -> None:
    """Complete the people of the shown customers, with consents, memorial days and some who went elsewhere; once."""
    random = Random(SEED + 1)  # noqa: S311 — invented data, nothing secret
    shown = list(
        Customer.objects.filter(subsidiaries__isnull=False, removed_at=None, state=State.ACTIVE)
        .distinct()
        .order_by("code")[:MAPPED]
    )
    if not Consent.objects.exists():
        for customer in shown:
            _staff(customer, random)
        _know_better(random, advance)
        _change_houses(random, shown)
    refresh_coverage(actor=ACTOR)
    remind_of_occasions(timezone.localdate(), actor=ACTOR)


@transaction.atomic
def _staff(customer: Customer, random: Random) -> None:
    """Give the customer a whole line of command."""
    made: list[KeyPerson] = []
    today = timezone.localdate()
    for title, department, role, influence, superior in STAFF:
        made.append(
            add_key_person(
                actor=ACTOR,
                customer=customer,
                name=invented_name(random),
                job_title=title,
                department=department,
                role=role,
                influence=influence,
                attitude=random.choice(ATTITUDES),
                spoken_on=today - dt.timedelta(days=random.randrange(1, 160)),
                reports_to=None if superior is None else made[superior],
            )
        )
    for one in KeyPerson.objects.filter(customer=customer, reports_to=None, removed_at=None).exclude(
        pk=made[0].pk
    ):
        change_key_person(one, actor=ACTOR, reports_to=made[0])


def _know_better(random: Random, advance: Advance) -> None:
    """Record consents, what they cover and memorial days of people who have an account manager; some withdraw."""
    people = KeyPerson.objects.filter(
        removed_at=None, left_on=None, customer__owner__isnull=False, attitude__in=("supporter", "friendly")
    ).select_related("customer")
    for place, person in enumerate(people.order_by("customer__code", "id")[:PEOPLE]):
        _consent(person, random, place=place)
        advance(1)


@transaction.atomic
def _consent(person: KeyPerson, random: Random, *, place: int) -> None:
    today = timezone.localdate()
    topics = (("hobbies",), ("hobbies", "circle"), ("family", "hobbies", "spouse"))[place % 3]
    given = today - dt.timedelta(days=random.randrange(20, 500))
    means = ("signed", "signed", "mail", "message")[place % 4]
    consent = record_consent(
        person, actor=ACTOR, topics=topics, means=means, given_on=given, wording="走访时当面征得同意"
    )
    known: dict[str, Any] = {
        "hobbies": random.choice(HOBBIES),
        "circle": random.choice(CIRCLES),
        "family": random.choice(FAMILIES),
        "spouse": "爱人在本地任教",
    }
    describe_person(person, actor=ACTOR, **{topic: known[topic] for topic in topics})
    near = today + dt.timedelta(days=random.randrange(1, 40))
    born = dt.date(near.year - random.randrange(3, 20), near.month, min(near.day, 28))
    day = {"title": OCCASIONS[place % len(OCCASIONS)], "day": born, "lunar": place % 5 == 4}
    enter_memorial_days(person, Taken((LineEntry(None, day),)), actor=ACTOR)
    if person.birthday and place % 3 == 0:
        change_key_person(person, actor=ACTOR, birthday_lunar=True)
    if place % 10 == 9:
        withdraw_consent(consent, actor=ACTOR, how="本人来电撤回")


def _change_houses(random: Random, shown: list[Customer]) -> None:
    """Let a few people go from one of the customers to another."""
    today = timezone.localdate()
    for here, there in zip(shown[::4], shown[1::4], strict=False):
        person = here.key_persons.filter(removed_at=None, role="handler").order_by("id").first()
        if person is not None:
            day = today - dt.timedelta(days=random.randrange(10, 200))
            move_key_person(
                person, actor=ACTOR, customer=there, on=day, job_title="采购总监", role="influencer"
            )
