"""Who looks after the demo's customers: since when, what lies in the public pool, what is being handed over.

Beside it stands what persons asked about their data: one copy that waits, one person who was erased
with files to decide upon, a few reveals.
"""

import datetime as dt
from base64 import b64decode
from collections.abc import Callable, Iterator

from django.db import transaction
from django.utils import timezone

from jike.apps.customers.actions import (
    accept_hand_over,
    add_key_person,
    ask_about_person,
    propose_hand_over,
    refuse_hand_over,
    release_customer,
    reveal_field,
    settle_request,
)
from jike.apps.customers.models import Customer, HandOver, KeyPerson, PersonRequest, PoolRule
from jike.apps.customers.rules import FALLING, Grade, State
from jike.apps.organisation.models import Person, Unit
from jike.foundation.audit import creating, maintain_columns
from jike.foundation.demo import Step
from jike.foundation.directory import actor_of
from jike.foundation.files import attach
from jike.foundation.privacy.retention import remove_old
from jike.foundation.scope import system_actor

__all__ = ["steps"]

ACTOR = system_actor("演示数据")
POOLED, NEAR, PERSONS, REVEALED = 14, 5, 2, 6
GIVER, TAKER = "AM001", "AM002"
LEAVING = "闻人既白"
WHY = "季度回访前核对联系电话"
PAPER = (
    "iVBORw0KGgoAAAANSUhEUgAAAGAAAABAAQAAAADNT0+jAAAAG0lEQVR42mP4jwQYaMlhgAPa2jPqtlG30c9tALxgy1FvIzBJ"
    "AAAAAElFTkSuQmCC"
)
"""A scanned sheet with ruled lines, as PNG."""
FILES = (
    ("机房联系人名单.txt", f"值班：{LEAVING}，一线；备勤：信息中心总机\n".encode()),
    ("机房门禁登记表（扫描）.png", b64decode(PAPER)),
    ("专线割接方案.txt", "割接窗口：周六零点至四点，双方各派一人值守。\n".encode()),
)
"""Around who is erased: one names them, one cannot be read, one does not concern them."""
REASONS = (
    "片区调整：天河北片交由新客户经理负责",
    "客户集中度过高，均衡分配",
    "行业专班成立，教育客户集中管理",
)


def steps() -> list[Step]:
    """Return the steps."""
    return [
        Step("owning", "客户归属与公海", 320, make_owning),
        Step("hand-overs", "客户移交", 3, make_hand_overs),
        Step("privacy", "个人信息请求", PERSONS + REVEALED, make_requests),
    ]


def make_owning(advance: Callable[[int], None]) -> None:
    """Say since when each customer is looked after, set the pool's rules, and give some customers back."""
    today = timezone.localdate()
    rows = list(_since(today))
    maintain_columns(
        Customer, ("id", "owner_since"), rows, actor=ACTOR, permission="customers.customer:assign"
    )
    advance(len(rows))
    with transaction.atomic():
        province = Unit.objects.filter(level="province", removed_at=None).order_by("pk").first()
        if province is not None and not PoolRule.objects.filter(unit=province).exists():
            creating(PoolRule(unit=province), actor=ACTOR)
    if Customer.objects.filter(owner=None, removed_at=None).count() >= POOLED:
        return
    given = Customer.objects.filter(state__in=FALLING, owner__isnull=False, removed_at=None, parent=None)
    near = list(given.filter(owner__staff_no__in=(GIVER, TAKER)).order_by("-code")[:NEAR])
    for customer in [*near, *given.exclude(pk__in=[one.pk for one in near]).order_by("-code")[:POOLED]]:
        release_customer(customer, actor=ACTOR)
        advance(1)


def make_hand_overs(advance: Callable[[int], None]) -> None:
    """Propose three hand-overs: one that waits, one accepted, one refused."""
    if HandOver.objects.exists():
        return
    giver, taker = (Person.objects.get(staff_no=number) for number in (GIVER, TAKER))
    giving, taking = actor_of(giver.uid), actor_of(taker.uid)
    mine, theirs = _held(giver), _held(taker)
    if giving is None or taking is None or len(mine) < 6 or len(theirs) < 2:
        return
    first = propose_hand_over(mine[-1:], actor=giving, taker=taker, reason=REASONS[2]).hand_over
    accept_hand_over(first, actor=taking, remark="已与客户对接")
    second = propose_hand_over(mine[-2:-1], actor=giving, taker=taker, reason=REASONS[1]).hand_over
    refuse_hand_over(second, actor=taking, remark="该客户办公地点距离过远，建议由区县团队承接")
    propose_hand_over(mine[:4], actor=giving, taker=taker, reason=REASONS[0])
    propose_hand_over(theirs[:2], actor=taking, taker=giver, reason=REASONS[0])
    advance(3)


def make_requests(advance: Callable[[int], None]) -> None:
    """Record what persons asked about their data, erase one of them, reveal a few fields, and tidy once."""
    if PersonRequest.objects.exists():
        return
    day = timezone.localdate()
    customer = Customer.objects.filter(state=State.ACTIVE, removed_at=None).order_by("code").first()
    people = list(KeyPerson.objects.filter(removed_at=None, left_on=None).order_by("pk")[: REVEALED + 1])
    if customer is None or len(people) <= REVEALED:
        return
    with transaction.atomic():
        leaving = add_key_person(actor=ACTOR, customer=customer, name=LEAVING, phone="13600009999")
        for name, content in FILES:
            attach(customer, name=name, chunks=[content], actor=ACTOR)
        asked = ask_about_person(
            actor=ACTOR, key_person=leaving, asked="deletion", wish="已离职，要求删除个人信息", asked_on=day
        )
        settle_request(asked, actor=ACTOR, outcome="已核实身份并删除")
        for kind, wish, person in (
            ("copy", "索取本人信息副本", people[0]),
            ("correction", "职务已变更，请更正", people[1]),
        ):
            ask_about_person(
                actor=ACTOR, key_person=person, asked=kind, wish=wish, asked_on=day - dt.timedelta(days=6)
            )
    for person in people[:REVEALED]:
        owner = person.customer.owner
        looking = actor_of(owner.uid) if owner is not None else None
        if looking is not None and person.phone:
            reveal_field(person, actor=looking, field="phone", reason=WHY)
    remove_old(now=timezone.now())
    advance(PERSONS + REVEALED)


def _since(today: dt.date) -> Iterator[tuple[int, dt.date]]:
    """Give each customer a day; of those that may fall into the pool every sixth is near it."""
    rows = Customer.objects.filter(removed_at=None).order_by("code")
    values = rows.values_list("pk", "state", "grade")
    for place, (number, state, grade) in enumerate(values):
        if state in FALLING and grade > Grade.B1:
            days = 79 + place % 9 if place % 6 == 0 else 12 + place % 50
        else:
            days = 30 + place % 700
        yield number, today - dt.timedelta(days=days)


def _held(person: Person) -> list[int]:
    rows = Customer.objects.filter(owner=person, removed_at=None)
    return list(rows.order_by("code").values_list("pk", flat=True))
