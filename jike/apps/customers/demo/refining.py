"""What the demo's administrators and heads add to the archive: custom fields, tags, proposed grades."""

import datetime as dt
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from jike.apps.customers.actions import approve_proposal, propose_changes, refuse_proposal
from jike.apps.customers.models import ChangeProposal, Customer, KeyPerson
from jike.apps.customers.queries.proposals import asked_about
from jike.apps.customers.rules import Grade, State
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import actor_of
from jike.foundation.customising import customised
from jike.foundation.customising.defining import add_field
from jike.foundation.customising.tagging import add_tag
from jike.foundation.demo import Step
from jike.foundation.models import CustomField, Tag
from jike.foundation.resource.bulk import apply_edits
from jike.foundation.resource.registry import resource_of_kind
from jike.foundation.scope import Actor, system_actor
from jike.values.identifiers import uid7

__all__ = ["steps"]

ACTOR = system_actor("演示数据")
CLOUD = {"section": "上云与专线", "section_en": "Cloud and lines"}
FIELDS: tuple[Mapping[str, Any], ...] = (
    {
        "data_key": "cloud_budget",
        "label": "客户云预算",
        "label_en": "Cloud budget",
        "shape": "money",
        **CLOUD,
    },
    {"data_key": "line_ends", "label": "专线到期日", "label_en": "Line ends on", "shape": "date", **CLOUD},
    {
        "data_key": "room_area",
        "label": "机房面积",
        "label_en": "Server room area",
        "shape": "number",
        "decimals": 1,
        "hint": "平方米",
        **CLOUD,
    },
    {
        "data_key": "room_class",
        "label": "机房等级",
        "label_en": "Server room class",
        "shape": "choice",
        "options": "A 级 | Class A\nB 级 | Class B\nC 级 | Class C\n无机房 | None",
        **CLOUD,
    },
    {
        "data_key": "cloud_platform",
        "label": "现用云平台",
        "label_en": "Cloud in use",
        "shape": "text",
        **CLOUD,
    },
    {"data_key": "adviser", "label": "上云顾问", "label_en": "Cloud adviser", "shape": "person", **CLOUD},
    {
        "data_key": "budget_per_metre",
        "label": "每平米云预算",
        "label_en": "Budget per square metre",
        "shape": "formula",
        "formula": "cloud_budget / room_area",
        "result": "money",
        **CLOUD,
    },
    {
        "data_key": "rating",
        "label": "客户评级公式",
        "label_en": "Indicative rating",
        "shape": "formula",
        "formula": "min(100, monthly_revenue / 1000 + completeness / 5)",
        "decimals": 1,
        "hint": "月收入每千元 1 分，加档案完整度的五分之一，最高 100 分",
    },
)
PERSON_FIELD = {
    "data_key": "contact_time",
    "label": "方便联系的时间",
    "label_en": "Best time to call",
    "shape": "choice",
    "options": "上午 | Morning\n下午 | Afternoon\n晚上 | Evening",
}
TAGS = (
    ("重点保有", "red"),
    ("上云意向", "blue"),
    ("双线接入", "green"),
    ("政企标杆", "purple"),
    ("续约季", "amber"),
    ("价格敏感", "amber"),
    ("数字化转型", "blue"),
    ("关系待加强", "grey"),
)
PLATFORMS = ("天翼云", "移动云", "联通云", "自建私有云", "阿里云")
REASONS = (
    "近三个月收入翻倍，新签两条跨省专线。",
    "集团总部已列入年度战略客户名单。",
    "连续两年按时付款，申请放宽账期。",
    "对方要求按金牌标准响应，竞争对手已承诺。",
)
PROPOSED = 14


def steps() -> list[Step]:
    """Return the steps; the customers are there already."""
    return [
        Step("custom_fields", "自定义字段", 300, _once(CustomField, make_fields)),
        Step("tags", "标签", 300, _once(Tag, make_tags)),
        Step("proposals", "等级调整申请", PROPOSED, _once(ChangeProposal, make_proposals)),
    ]


def _once(model: Any, make: Callable[[], int]) -> Callable[[Callable[[int], None]], None]:
    """Make all of it or nothing, and only where there is none yet."""

    @transaction.atomic
    def run(advance: Callable[[int], None]) -> None:
        if not model.objects.exists():
            advance(make())

    return run


def make_fields() -> int:
    """Define the fields and fill them in, here and there with an area of nothing."""
    for place, details in enumerate(FIELDS, start=1):
        add_field(actor=ACTOR, of_kind=Customer.kind(), position=place * 10, **details)
    add_field(actor=ACTOR, of_kind=KeyPerson.kind(), **PERSON_FIELD)
    customers = Customer.objects.filter(removed_at=None).order_by("code").values_list("pk", "owner_id")
    people = Person.objects.in_bulk({owner for _pk, owner in customers if owner})
    chance, today = random.Random(7), timezone.localdate()  # noqa: S311  demo data
    edits = {
        number: _values(chance, today, people.get(owner))
        for number, owner in customers
        if chance.random() < 0.85
    }
    _store(Customer.kind(), edits)
    persons = KeyPerson.objects.filter(removed_at=None).order_by("pk").values_list("pk", flat=True)
    times = ("上午", "下午", "晚上")
    _store(KeyPerson.kind(), {number: {"custom.contact_time": times[number % 3]} for number in persons[::2]})
    return len(edits)


def _values(chance: random.Random, today: dt.date, owner: Person | None) -> dict[str, Any]:
    """Return what is known of one customer; of some little."""
    known: dict[str, Any] = {
        "cloud_budget": Decimal(chance.randrange(5, 400) * 5_000),
        "line_ends": today + dt.timedelta(days=chance.randrange(-20, 500)),
        "room_area": Decimal(chance.choice((0, 12, 24, 36, 48, 60, 120))),
        "room_class": chance.choice(("A 级", "B 级", "C 级", "无机房")),
        "cloud_platform": chance.choice(PLATFORMS),
    }
    if owner is not None and chance.random() < 0.5:
        known["adviser"] = owner.pk
    return {
        f"custom.{key}": value for key, value in known.items() if key == "adviser" or chance.random() < 0.8
    }


def make_tags() -> int:
    """Make the managed tags, and hang up to three on most customers."""
    made = [
        add_tag(actor=ACTOR, of_kind=Customer.kind(), name=name, colour=colour, position=place * 10)
        for place, (name, colour) in enumerate(TAGS, start=1)
    ]
    numbers = Customer.objects.filter(removed_at=None).order_by("code").values_list("pk", flat=True)
    chance = random.Random(11)  # noqa: S311  demo data
    edits = {
        number: {"tags.add": [one.pk for one in chance.sample(made, chance.choice((1, 1, 2, 3)))]}
        for number in numbers
        if chance.random() < 0.7
    }
    _store(Customer.kind(), edits)
    return len(edits)


def make_proposals() -> int:
    """Let account managers propose; superiors have answered the first ones already."""
    rows = Customer.objects.filter(state=State.ACTIVE, owner__isnull=False, owner__is_active=True)
    chosen = list(
        rows.filter(removed_at=None).select_related("owner", "unit").order_by("code")[::11][:PROPOSED]
    )
    for place, customer in enumerate(chosen):
        wanted = _wanted(customer, place)
        actor = _acting(customer.owner)
        made = propose_changes(customer, actor=actor, reason=REASONS[place % len(REASONS)], wanted=wanted)
        heads = asked_about(made[0], today=timezone.localdate())
        if place < 2 and heads:
            approve_proposal(made[0], actor=_acting(heads[0]), remark="情况属实，同意。")
        elif place == 2 and heads:
            refuse_proposal(made[0], actor=_acting(heads[0]), remark="先把欠费结清再提。")
    return len(chosen)


def _wanted(customer: Customer, place: int) -> dict[str, str]:
    if place % 4 == 2:
        return {"credit": "AAA" if customer.credit != "AAA" else "AA"}
    if place % 4 == 3:
        return {"service_level": "gold" if customer.service_level != "gold" else "silver"}
    order = [grade.value for grade in Grade]
    now = order.index(customer.grade)
    return {"grade": order[now - 1] if now else order[1]}


def _acting(person: Any) -> Actor:
    return actor_of(person, now=timezone.now(), request=uid7())


def _store(kind: str, edits: Mapping[int, Mapping[str, Any]]) -> None:
    resource = resource_of_kind(kind)
    if resource is None:
        raise LookupError(kind)
    outcome = apply_edits(customised(resource), edits, actor=ACTOR)
    if outcome.refused:
        raise ValueError(next(iter(outcome.refused.values())))
