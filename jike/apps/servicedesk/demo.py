"""Demo tickets and surveys: 24 months of calls from the demo customers, handled by the service centre's agents.

Planned as a whole from a fixed seed and made through the actions, each ticket in a transaction of its own; what is
there already is passed over. A few run at this moment, so that clocks, the queue and escalation have something to say.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from django.db import transaction
from django.utils import timezone

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.organisation.models import Person
from jike.apps.servicedesk.actions import (
    answer_survey,
    answer_ticket,
    assign_ticket,
    confirm_settlement,
    escalate_tickets,
    open_ticket,
    reopen_ticket,
    resume_ticket,
    send_survey,
    settle_ticket,
    wait_for_customer,
)
from jike.apps.servicedesk.models import Survey, Ticket
from jike.apps.servicedesk.queries.tickets import CALENDAR
from jike.apps.servicedesk.rules import ASPECTS, Kind, due_from, promise_for
from jike.foundation.demo import Step
from jike.foundation.scope import system_actor

__all__ = ["steps"]

ACTOR = system_actor("演示数据")
SEED = 20260105
PAST, RUNNING, ASKED = 420, 16, 130
DAYS = 720
AGAIN = 25
"""One customer in so many complains twice within a month, and says in the survey what it thinks of that."""
MINUTE = dt.timedelta(minutes=1)

TALES: dict[Kind, tuple[tuple[str, str, str, str], ...]] = {
    Kind.ENQUIRY: (
        ("查询本月统付账单明细", "billing", "客户财务需要按成员拆分的账单。", "已导出明细发至客户邮箱。"),
        (
            "咨询专线提速资费",
            "tariff",
            "计划由 100M 提速到 300M，询问资费与工期。",
            "已说明资费，转客户经理跟进。",
        ),
        ("咨询集团 V 网新增成员流程", "service", "新入职 12 人需加入集团 V 网。", "已发送办理清单。"),
        ("询问云主机到期续订方式", "tariff", "两台云主机下月到期。", "已说明续订方式与优惠。"),
        ("查询物联网卡流量余量", "billing", "车载卡剩余流量查询。", "已告知查询入口与余量。"),
        ("咨询 400 号码转接设置", "service", "需设置夜间转接。", "已远程完成设置。"),
    ),
    Kind.COMPLAINT: (
        ("账单多计专线月租", "billing", "拆机后仍计收一个月租费。", "核实多计，已退费并调整下月账单。"),
        ("专线速率达不到签约带宽", "quality", "高峰期测速不足签约带宽的七成。", "更换端口并扩容，测速达标。"),
        ("安装人员未按约定时间上门", "delivery", "约定上午到场，下午才到。", "已致歉并调整预约流程。"),
        ("短信投递延迟影响业务通知", "quality", "验证码平均延迟两分钟以上。", "优化路由，延迟降至 5 秒内。"),
        ("客户经理更换未提前告知", "service", "联系人不知找谁。", "新客户经理已上门拜访。"),
        ("续约优惠与承诺不一致", "tariff", "优惠比例与会议纪要不符。", "按原承诺修正协议。"),
    ),
    Kind.TROUBLE: (
        ("互联网专线中断", "outage", "全公司无法上网，光猫 LOS 灯亮。", "抢修光缆断点，业务恢复。"),
        ("数据专线时断时续", "quality", "与分支机构间丢包 20%。", "更换光模块，丢包消失。"),
        ("IP 语音无法呼出", "outage", "总机呼出忙音。", "重启 IMS 接入设备，恢复。"),
        ("云主机无法登录", "outage", "控制台超时。", "宿主机故障，已迁移。"),
        ("宽带频繁掉线", "quality", "每小时掉线数次。", "更换 ONU，观察正常。"),
        ("物联网卡批量离线", "outage", "约 40 张卡离线。", "平台侧重新下发配置，恢复在线。"),
    ),
}
REMARKS = (
    *("", "", ""),
    *(
        "响应很快，满意。",
        "希望故障时主动通报进度。",
        "价格偏高，服务不错。",
        "客户经理很负责。",
        "工期再快一些就好了。",
    ),
)

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Plan:
    """One ticket to be made: of whom, when, and how well it went."""

    customer: Customer
    kind: Kind
    tale: tuple[str, str, str, str]
    opened: dt.datetime
    agent: Person
    seed: int
    running: bool = False


def steps(scale: str) -> list[Step]:
    """Return the steps that make demo tickets and surveys; larger scales have none yet."""
    if scale != "demo":
        return []
    return [
        Step("tickets", "工单", PAST + RUNNING, _make_tickets),
        Step("surveys", "满意度调查", ASKED, _make_surveys),
    ]


def _plans(now: dt.datetime) -> Iterator[Plan]:
    random = Random(SEED)  # noqa: S311 — invented data, nothing secret
    customers = list(Customer.objects.filter(state="active", removed_at=None).order_by("code"))
    agents = list(Person.objects.filter(staff_no__startswith="SA", removed_at=None).order_by("staff_no"))
    talkative = customers[:: max(1, len(customers) // 12)]
    midnight = dt.datetime.combine(timezone.localdate(now), dt.time(), tzinfo=CALENDAR.zone)
    for number in range(PAST if customers and agents else 0):
        kind = random.choices(tuple(Kind), (40, 25, 35))[0]
        customer = random.choice(talkative if kind is Kind.COMPLAINT and number % 2 else customers)
        ago = dt.timedelta(days=random.randrange(2, DAYS), minutes=-random.randrange(8 * 60, 21 * 60))
        agent = agents[0] if number % 4 == 0 else random.choice(agents)
        yield Plan(customer, kind, random.choice(TALES[kind]), midnight - ago, agent, random.randrange(10**9))
    for number, customer in enumerate(customers[::AGAIN] if agents else ()):
        for days in (25 + number, 4 + number % 3):
            opened = midnight - dt.timedelta(days=days, minutes=-(9 * 60 + 17 * number))
            tale = TALES[Kind.COMPLAINT][(number + days) % 6]
            yield Plan(customer, Kind.COMPLAINT, tale, opened, agents[number % len(agents)], number + days)
    for number in range(RUNNING if customers and agents else 0):
        kind = (Kind.ENQUIRY, Kind.TROUBLE, Kind.COMPLAINT, Kind.TROUBLE)[number % 4]
        minutes = (3, 8, 25, 55, 90, 140, 200, 260, 320, 420, 600, 900, 1300, 1700, 2600, 4000)[number]
        agent = agents[0] if number % 2 else agents[number % len(agents)]
        customer = customers[number * 11 % len(customers)]
        yield Plan(
            customer, kind, TALES[kind][number % 6], now - minutes * MINUTE, agent, number, running=True
        )


def _make_tickets(advance: Advance) -> None:
    now = timezone.now().replace(second=0, microsecond=0)
    known = set(Ticket.objects.values_list("customer_id", "opened_at"))
    running = Ticket.objects.filter(state__in=("open", "handling", "waiting")).exists()
    plans = sorted(_plans(now), key=lambda one: one.opened)
    for one in plans:
        if (one.customer.pk, one.opened) not in known and not (one.running and running):
            _make_ticket(one)
        advance(1)
    escalate_tickets(at=now)


@transaction.atomic
def _make_ticket(one: Plan) -> None:
    random = Random(one.seed)  # noqa: S311 — invented data, nothing secret
    title, cause, said, done = one.tale
    people = KeyPerson.objects.filter(customer=one.customer, removed_at=None).order_by("id")
    person = people[0] if people else None
    ticket = open_ticket(
        actor=ACTOR,
        customer=one.customer,
        ticket_type=one.kind,
        title=title,
        cause=cause,
        description=said,
        channel=random.choices(("phone", "wechat", "online", "mail"), (60, 20, 12, 8))[0],
        key_person=person,
        caller=person.name if person else "",
        unit=one.agent.unit,
        at=one.opened,
    )
    if one.running:
        _leave_running(ticket, one, random)
    else:
        _handle(ticket, one, random, done=done)


def _leave_running(ticket: Ticket, one: Plan, random: Random) -> None:
    """Leave some untouched, some answered, some waiting for the customer."""
    if one.seed % 3 == 0:
        return
    assign_ticket(ticket, actor=ACTOR, owner=one.agent)
    answer_ticket(ticket, actor=ACTOR, at=one.opened + 2 * MINUTE)
    if one.seed % 5 == 0:
        wait_for_customer(ticket, actor=ACTOR, at=one.opened + 3 * MINUTE)


def _handle(ticket: Ticket, one: Plan, random: Random, *, done: str) -> None:
    """Answer and settle within the promise nine times of ten, less often in the first year."""
    old = (timezone.now() - one.opened).days > 365
    late = random.random() < (0.16 if old else 0.07)
    due = due_from(promise_for(one.kind, ticket.level), one.opened, calendar=CALENDAR)
    assign_ticket(ticket, actor=ACTOR, owner=one.agent)
    answered = _within(one.opened, due.answer, random, late=late and random.random() < 0.5)
    answer_ticket(ticket, actor=ACTOR, at=answered)
    if random.random() < 0.12:
        wait_for_customer(ticket, actor=ACTOR, at=answered + MINUTE)
        resume_ticket(ticket, actor=ACTOR, at=answered + random.randrange(30, 400) * MINUTE)
    settled = max(_within(answered, ticket.settle_due_at, random, late=late), ticket.answered_at or answered)
    settled = max(settled, answered + 401 * MINUTE) if ticket.paused_minutes else settled
    settle_ticket(ticket, actor=ACTOR, settlement=done, at=settled)
    if late and random.random() < 0.3:
        reopen_ticket(ticket, actor=ACTOR, at=settled + 120 * MINUTE)
        settled += 180 * MINUTE
        settle_ticket(ticket, actor=ACTOR, settlement=f"再次处理：{done}", at=settled)
    if random.random() < 0.9:
        stars = random.choices((5, 4, 3, 2), (50, 30, 14, 6))[0]
        confirm_settlement(ticket, actor=ACTOR, rating=stars, at=settled + random.randrange(5, 90) * MINUTE)


def _within(start: dt.datetime, due: dt.datetime, random: Random, *, late: bool) -> dt.datetime:
    share = random.uniform(1.05, 2.2) if late else random.uniform(0.15, 0.9)
    return start + max(MINUTE, (due - start) * share)


def _make_surveys(advance: Advance) -> None:
    if Survey.objects.exists():
        return
    random = Random(SEED + 1)  # noqa: S311 — invented data, nothing secret
    settled = Ticket.objects.filter(state="confirmed").select_related("customer", "key_person")
    chosen = list(settled.order_by("-opened_at")[: ASKED * 2 : 2])
    for ticket in sorted(chosen, key=lambda one: one.opened_at):
        _make_survey(ticket, random)
        advance(1)


@transaction.atomic
def _make_survey(ticket: Ticket, random: Random) -> None:
    sent = (ticket.confirmed_at or ticket.opened_at) + dt.timedelta(hours=2)
    survey = send_survey(
        actor=ACTOR, customer=ticket.customer, key_person=ticket.key_person, ticket=ticket, at=sent
    )
    if sent > timezone.now() - dt.timedelta(days=2) or random.random() < 0.25:
        return
    recent = ticket.ticket_type == Kind.COMPLAINT and sent > timezone.now() - dt.timedelta(days=30)
    content = 1 if ticket.settled_in_time and (ticket.rating or 5) >= 4 else -3 if recent else -1
    answers = {}
    for aspect in random.sample(ASPECTS, k=random.randrange(3, 6)):
        expected = random.randrange(7, 10)
        perceived = min(10, max(1, expected + content + random.randrange(-1, 2)))
        answers[str(aspect)] = (expected, perceived)
    answer_survey(
        survey,
        answers=answers,
        reputation=content > 0 or random.random() < 0.3,
        preference=random.random() < (0.7 if content > 0 else 0.2),
        remark=random.choice(REMARKS),
        at=sent + dt.timedelta(hours=random.randrange(1, 40)),
    )
