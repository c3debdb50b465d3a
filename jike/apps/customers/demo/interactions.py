"""Calls, messages and meetings of 24 months with the demo's customers, with whom and what came of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from jike.apps.customers.models import Customer, KeyPerson, PartyInteraction
from jike.apps.customers.rules import State
from jike.apps.customers.rules.interactions import Channel, Direction, Outcome, subject_of
from jike.foundation.audit import creating_many
from jike.foundation.scope import system_actor

__all__ = ["INTERACTIONS", "make_interactions"]

ACTOR = system_actor("演示数据")
SEED = 20260117
INTERACTIONS = 1_600
"""About as many are made."""
DAYS_BACK = 720
PACE_DAYS = {"A1": 40, "A2": 48, "B1": 80, "B2": 95}
OTHERS_PACE_DAYS = 150
WORDS = {
    Channel.CALL: (
        "确认年度协议续签由信息部牵头，12 月上旬启动。",
        "专线昨晚闪断两次，已解释原因并承诺本周出整改方案。",
        "对方询问云备份报价，预算约 30 万元，需走招标。",
        "提醒本月账单有一笔统付未确认，对方财务本周处理。",
        "邀请参加新品交流会，对方同意派网络管理员参加。",
        "回访上周开通情况，时延达标，满意。",
    ),
    Channel.MESSAGE: (
        "把方案要点和工期发给对方，等领导批示。",
        "对方发来分支机构地址清单，共 14 处，已转预勘。",
        "节日问候，顺带确认下周走访时间。",
        "对方问能否把两条宽带并成一条专线，答复可评估。",
    ),
    Channel.MEETING: (
        "线上会议讨论第二路由施工窗口，确定周末割接。",
        "月度服务例会：通报故障两起、处理时长与改进措施。",
        "与集成商三方会，明确分工与接口人。",
        "汇报智慧园区一期方案，对方要求补充安全等保内容。",
    ),
}
NEEDS = ("", "", "", "", "异地备份 90 天", "分支组网 14 处", "等保三级整改", "物联卡约 2,000 张")
STEPS = ("回复报价", "预约走访", "跟进账单确认", "补充方案", "安排测试")
LENGTHS = {Channel.CALL: (2, 18), Channel.MEETING: (30, 100)}
Advance = Callable[[int], None]
Row = dict[str, Any]


@transaction.atomic
def make_interactions(advance: Advance) -> None:
    """Make the interactions of the past; none after a customer was lost, nobody later than they were last spoken to."""
    if PartyInteraction.objects.exists():
        return
    random = Random(SEED)  # noqa: S311 — invented data, nothing secret
    today, people = timezone.localdate(), _people()
    served = Customer.objects.filter(removed_at=None, owner__isnull=False).exclude(state=State.ARCHIVED)
    rows = [
        row
        for customer in served.order_by("code")
        for row in _of(random, customer, people[customer.pk], today=today)
    ]
    refused = creating_many(PartyInteraction, rows, actor=ACTOR).refused
    if refused:
        raise LookupError(f"the demo's interactions are refused: {next(iter(refused.values()))}")
    advance(INTERACTIONS)


def _people() -> dict[int, list[KeyPerson]]:
    found: dict[int, list[KeyPerson]] = defaultdict(list)
    for one in KeyPerson.objects.filter(removed_at=None, spoken_on__isnull=False).order_by("pk"):
        found[one.customer_id].append(one)
    return found


def _of(random: Random, customer: Customer, people: list[KeyPerson], *, today: dt.date) -> Iterator[Row]:
    until = today - dt.timedelta(days=1)
    if customer.state == State.LOST and customer.state_since:
        until = min(until, customer.state_since)
    pace = PACE_DAYS.get(customer.grade, OTHERS_PACE_DAYS)
    day = today - dt.timedelta(days=DAYS_BACK - random.randrange(pace))
    while day <= until:
        workday = day - dt.timedelta(days=max(0, day.weekday() - 4))
        yield _row(random, customer, people, day=workday)
        day += dt.timedelta(days=random.randrange(pace // 2, pace * 3 // 2))


def _row(random: Random, customer: Customer, people: list[KeyPerson], *, day: dt.date) -> Row:
    channel = random.choice((Channel.CALL, Channel.CALL, Channel.CALL, Channel.MESSAGE, Channel.MEETING))
    reached = channel is not Channel.CALL or random.random() > 0.1
    words = random.choice(WORDS[channel]) if reached else "电话未接，改日再联系。"
    present = [one for one in people if one.spoken_on is not None and one.spoken_on >= day]
    met = random.sample(present, min(len(present), random.choice((1, 1, 1, 2))))
    step = reached and random.random() < 0.3
    return {
        "customer_id": customer.pk,
        "owner_id": customer.owner_id,
        "channel": channel.value,
        "direction": random.choice((Direction.OUTGOING, Direction.OUTGOING, Direction.INCOMING)).value
        if reached
        else Direction.OUTGOING.value,
        "happened_at": timezone.make_aware(
            dt.datetime.combine(day, dt.time(random.randrange(9, 18), random.randrange(0, 60, 5)))
        ),
        "length_minutes": random.randint(*LENGTHS[channel]) if reached and channel in LENGTHS else None,
        "subject": subject_of(words),
        "words": words,
        "outcome": (
            random.choice(
                (Outcome.SPOKEN, Outcome.SPOKEN, Outcome.INTERESTED, Outcome.SETTLED, Outcome.REFUSED)
            )
            if reached
            else Outcome.UNREACHED
        ).value,
        "needs": random.choice(NEEDS) if reached else "",
        "people": sorted(one.uid for one in met) if reached else [],
        "next_step": random.choice(STEPS) if step else "",
        "next_step_on": day + dt.timedelta(days=random.randrange(2, 12)) if step else None,
    }
