"""Mailboxes of the demo's account managers, their conversations by mail, and mails that nobody has assigned."""

import datetime as dt
from collections.abc import Callable
from random import Random

from django.db import transaction
from django.utils import timezone

from jike.apps.customers.actions.mailboxes import add_mailbox, set_password
from jike.apps.customers.actions.mails import take_mail
from jike.apps.customers.demo.places import account_managers
from jike.apps.customers.models import KeyPerson, Mailbox
from jike.apps.customers.rules import State
from jike.apps.organisation.models import Person
from jike.foundation.demo_names import invented_name
from jike.foundation.mailing.sending import Enclosed, written
from jike.foundation.scope import system_actor

__all__ = ["MAILS", "make_mails"]

ACTOR = system_actor("演示数据")
SEED = 20260118
CONVERSATIONS_EACH, UNKNOWN_EACH, MANAGERS = 4, 3, 8
MAILS = MANAGERS * (CONVERSATIONS_EACH * 3 + UNKNOWN_EACH)
HOST = "mail.telecom.example"
TALKS = (
    (
        "双路由改造方案",
        "您好，附件是双路由改造方案，请审阅。第二路由经东环管道，预计工期 20 个工作日。",
        "收到，请补充割接时对生产系统的影响说明。",
        "已补充：割接安排在周日凌晨 1 点到 4 点，中断不超过 5 分钟。",
    ),
    (
        "11 月统付账单核对",
        "本月统付账单已出，请贵司财务核对，有疑问随时联系。",
        "有 3 个号码已离职，请从下月起移出。",
        "已登记，下月 1 日起生效。",
    ),
    (
        "云备份报价",
        "按 20 TB、保留 90 天测算，报价见附件，有效期 30 天。",
        "领导同意立项，请提供等保三级的资质材料。",
        "资质材料本周五前寄出，电子版先发您。",
    ),
    (
        "专线故障说明",
        "昨日 14:20 至 15:05 的中断系第三方施工挖断光缆，已抢通，附故障报告。",
        "请说明后续防范措施。",
        "已与施工方签订看护协议，并提前启用备用路由。",
    ),
)
UNKNOWN = (
    ("咨询集团短号业务", "我司 60 人，想了解集团短号和统付套餐，请联系我。"),
    ("会议邀请：数字化转型沙龙", "诚邀贵司参加下月的数字化转型沙龙，地点另行通知。"),
    ("求购物联网卡", "我们做冷链运输，约 300 台车，需要定位和温控，请报价。"),
    ("发票抬头更正", "上月发票抬头有误，请协助更正，谢谢。"),
)


def make_mails(advance: Callable[[int], None]) -> None:
    """Make a mailbox for each of the first account managers, and what came and went through it."""
    for place, manager in enumerate(account_managers()[:MANAGERS]):
        _make(Random(SEED + place), manager.person)  # noqa: S311 — invented data, nothing secret
        advance(MAILS // MANAGERS)


@transaction.atomic
def _make(random: Random, person: Person) -> None:
    address = f"{person.staff_no.lower()}@telecom.example"
    if Mailbox.objects.filter(address=address).exists():
        return
    mailbox = add_mailbox(
        actor=ACTOR,
        owner=person,
        name=f"{person.name}的邮箱",
        address=address,
        user=person.staff_no.lower(),
        smtp_host=HOST,
    )
    set_password(mailbox, actor=ACTOR, password=person.staff_no)
    people = KeyPerson.objects.filter(customer__owner=person, customer__state=State.ACTIVE, removed_at=None)
    some = list(people.exclude(email="").order_by("customer__code", "pk"))[:40:2]
    for number, one in enumerate(random.sample(some, min(CONVERSATIONS_EACH, len(some)))):
        _converse(random, mailbox, one, talk=TALKS[number % len(TALKS)])
    for subject, words in random.sample(UNKNOWN, UNKNOWN_EACH):
        host = random.choice(("qq.com", "163.com", "newfirm.example"))
        sender = (invented_name(random), f"u{random.randrange(10**6)}@{host}")
        letter = written(sender, [address], subject=subject, words=words, at=_moment(random, 1, 9))
        take_mail(letter.as_bytes(), actor=ACTOR, mailbox=mailbox)


def _converse(random: Random, mailbox: Mailbox, person: KeyPerson, *, talk: tuple[str, ...]) -> None:
    subject, *turns = talk
    ours, theirs = (mailbox.name.removesuffix("的邮箱"), mailbox.address), (person.name, person.email)
    at = _moment(random, 12, 120)
    thread: list[str] = []
    for place, words in enumerate(turns):
        sender, receiver = (ours, theirs) if place % 2 == 0 else (theirs, ours)
        plan = Enclosed(f"{subject}.txt", "text/plain", f"{subject}\n\n{words}\n".encode())
        letter = written(
            sender,
            [receiver[1]],
            subject=subject if place == 0 else f"Re: {subject}",
            words=f"{receiver[0]}：\n{words}\n\n{sender[0]}",
            at=at,
            answers=thread,
            files=[plan] if place == 0 else (),
        )
        take_mail(letter.as_bytes(), actor=ACTOR, mailbox=mailbox)
        thread.append(letter["Message-ID"])
        at += dt.timedelta(days=random.randrange(1, 3), minutes=random.randrange(20, 180))
        at += dt.timedelta(days=max(0, 7 - at.weekday()) if at.weekday() > 4 else 0)


def _moment(random: Random, nearest: int, furthest: int) -> dt.datetime:
    day = timezone.localdate() - dt.timedelta(days=random.randrange(nearest, furthest))
    workday = day - dt.timedelta(days=max(0, day.weekday() - 4))
    return timezone.make_aware(
        dt.datetime.combine(workday, dt.time(random.randrange(9, 17), random.randrange(60)))
    )
