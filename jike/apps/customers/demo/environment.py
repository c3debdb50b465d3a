"""What rivals supply to the demo's customers, and what these need of information technology."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from jike.apps.catalogue.rules import Family
from jike.apps.customers.actions import add_need, add_rival_line, change_need_state
from jike.apps.customers.models import Customer, Need, RivalLine
from jike.apps.customers.rules import Confidence, RivalSource, State
from jike.foundation.scope import system_actor
from jike.values.mobile_prefixes import Operator

__all__ = ["LINES", "NEEDS", "make_needs", "make_rival_lines"]

ACTOR = system_actor("演示数据")
SEED = 20260107
LINES, NEEDS = 150, 60
OPERATORS = (Operator.TELECOM, Operator.UNICOM, Operator.BROADCAST, Operator.OTHER)
SITES = (
    "总部大楼",
    "一号厂区",
    "二号厂区",
    "研发中心",
    "物流园",
    "东区门店",
    "西区门店",
    "数据机房",
    "培训基地",
    "仓储中心",
)
REMARKS = (
    "对方去年涨过价，客户有怨言",
    "到期前三个月要提前报备，走招标",
    "客户希望两家互为备份",
    "合同由集团统一签，先找总部信息部",
    "",
    "",
)


class Supply(NamedTuple):
    """A kind of supply: its family, possible bandwidths, price of one line a month, and how many lines at most."""

    family: Family
    bandwidths: tuple[int, ...]
    price: int
    most: int


SUPPLIES = (
    Supply(Family.CIRCUIT, (50, 100, 200, 500, 1000), 4200, 4),
    Supply(Family.BROADBAND, (200, 500, 1000), 380, 12),
    Supply(Family.VOICE, (), 45, 180),
    Supply(Family.CLOUD, (), 9600, 1),
    Supply(Family.IOT, (), 6, 800),
    Supply(Family.IDC, (1000,), 5200, 6),
)


class Wish(NamedTuple):
    """A need: what, its family, and the budget in yuan."""

    name: str
    family: Family
    budget: int


WISHES = (
    Wish("办公系统迁到云上", Family.CLOUD, 420_000),
    Wish("总部与分厂组网", Family.CIRCUIT, 260_000),
    Wish("园区视频监控上云", Family.ICT, 680_000),
    Wish("生产设备联网采集", Family.IOT, 350_000),
    Wish("双路由专线备份", Family.CIRCUIT, 180_000),
    Wish("会员短信通知", Family.MESSAGING, 60_000),
    Wish("机房托管扩容", Family.IDC, 520_000),
    Wish("客服热线改造", Family.VOICE, 90_000),
    Wish("门店无线覆盖", Family.BROADBAND, 150_000),
    Wish("等保三级整改", Family.ICT, 300_000),
)


def make_rival_lines(advance: Callable[[int], None]) -> None:
    """Note what rivals supply, once."""
    if RivalLine.objects.exists():
        return
    random, today = Random(SEED), timezone.localdate()  # noqa: S311 — invented data, nothing secret
    customers = _customers()
    for place in range(LINES):
        customer = customers[place * 7 % len(customers)]
        with transaction.atomic():
            add_rival_line(actor=ACTOR, customer=customer, **_line(random, place, today))
        advance(1)


def _line(random: Random, place: int, today: dt.date) -> dict[str, Any]:
    supply = random.choices(SUPPLIES, (30, 25, 15, 12, 8, 10))[0]
    quantity = random.randrange(1, supply.most + 1)
    bandwidth = random.choice(supply.bandwidths) if supply.bandwidths else None
    scale = Decimal(bandwidth or 100) / 100 if supply.family is Family.CIRCUIT else Decimal(1)
    price = (Decimal(supply.price) * quantity * scale.sqrt()).quantize(Decimal(10))
    return {
        "site": SITES[place % len(SITES)],
        "operator": random.choices(OPERATORS, (45, 35, 12, 8))[0].value,
        "family": supply.family.value,
        "bandwidth_mbps": bandwidth,
        "quantity": quantity,
        "monthly_price": price if random.random() < 0.85 else None,
        "ends_on": today + dt.timedelta(days=random.randrange(-40, 480)) if random.random() < 0.92 else None,
        "source": random.choice(list(RivalSource)).value,
        "confidence": random.choices(list(Confidence), (30, 50, 20))[0].value,
        "heard_on": today - dt.timedelta(days=random.randrange(1, 300)),
        "remarks": random.choice(REMARKS),
    }


def make_needs(advance: Callable[[int], None]) -> None:
    """Note what customers need, once; some are confirmed, a few dropped."""
    if Need.objects.exists():
        return
    random, today = Random(SEED + 1), timezone.localdate()  # noqa: S311 — invented data, nothing secret
    customers = _customers()
    for place in range(NEEDS):
        wish, customer = WISHES[place % len(WISHES)], customers[place * 11 % len(customers)]
        with transaction.atomic():
            need = add_need(
                actor=ACTOR,
                customer=customer,
                name=wish.name,
                family=wish.family.value,
                budget=Decimal(wish.budget * random.randrange(6, 15) // 10)
                if random.random() < 0.8
                else None,
                wanted_on=today + dt.timedelta(days=random.randrange(20, 400)),
                heard_on=today - dt.timedelta(days=random.randrange(1, 200)),
            )
            if place % 3 == 0:
                change_need_state(need, actor=ACTOR, state="confirmed")
            elif place % 17 == 1:
                change_need_state(need, actor=ACTOR, state="dropped", drop_reason="预算被取消，明年再议")
        advance(1)


def _customers() -> list[Customer]:
    standing = (State.ACTIVE, State.POTENTIAL)
    rows = Customer.objects.filter(
        removed_at=None, owner__isnull=False, state__in=[str(one) for one in standing]
    )
    return list(rows.order_by("code"))
