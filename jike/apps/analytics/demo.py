"""Demo figures: snapshots at the turns of the years and of the last month, and the warnings that the real jobs raise.

Past months' warnings are raised by the same jobs on their days, then answered and settled as a good team would; what is
raised today is left to whoever tries the product. Last of all some customers are entered twice, when nothing else
builds on who there is.
"""

import datetime as dt
from collections.abc import Callable
from random import Random

from django.utils import timezone

from jike.apps.analytics.actions import (
    answer_warning,
    dismiss_warning,
    install_rules,
    lapse_warnings,
    raise_warnings,
    refresh_portfolios,
    refresh_unit_months,
    settle_warning,
    take_snapshot,
)
from jike.apps.analytics.models import EarlyWarning, PortfolioMonth, Snapshot
from jike.apps.analytics.rules import OCCASIONS, Kind
from jike.apps.customers.actions import grade_customer
from jike.apps.customers.demo import doubles
from jike.apps.customers.models import Customer
from jike.foundation.demo import Step
from jike.foundation.scope import system_actor

__all__ = ["steps"]

ACTOR = system_actor("演示数据")
SEED = 20260106
LOWER = {"A1": "A2", "A2": "B1", "B1": "B2", "B2": "C"}
FELL = 9
PLANS: dict[str, tuple[str, ...]] = {
    Kind.ARREARS: ("约财务负责人核对账单，商定回款计划", "上门催收并确认付款日期"),
    Kind.REVENUE_FELL: ("走访了解业务变化，提供提速换档方案", "核对停用号码，挽留重点线路"),
    Kind.GRADE_FELL: ("制定提升方案，恢复原等级权益",),
    Kind.AGREEMENT_ENDING: ("准备续约方案并约见决策人",),
    Kind.VISITS_BELOW_PLAN: ("补排本季走访",),
    Kind.COMPLAINT_REPEATED: ("与客户复盘投诉，明确整改责任人",),
    Kind.DISSATISFIED: ("致电致歉，了解不满原因并限期整改",),
    Kind.MEMORIAL_DAY: ("电话问候并送上贺卡",),
}

Advance = Callable[[int], None]


def steps(scale: str) -> list[Step]:
    """Return the steps that make demo figures and warnings."""
    if scale != "demo":
        return []
    return [
        Step("snapshots", "客户拍照", 900, _take_snapshots),
        Step("warnings", "客户预警", 300, _raise_warnings),
        Step("portfolios", "经营看板数据", 3000, _add_up),
        *doubles.steps(),
    ]


def _take_snapshots(advance: Advance) -> None:
    """Freeze the customers on the days before, then let a few grades fall, as the next rating would."""
    today = timezone.localdate()
    days = [
        dt.date(today.year - 2, 12, 31),
        dt.date(today.year - 1, 12, 31),
        today.replace(day=1) - dt.timedelta(1),
    ]
    first = not Snapshot.objects.exists()
    for day in days:
        advance(take_snapshot(actor=ACTOR, on=day))
    if first:
        falling = Customer.objects.filter(state="active", grade__in=LOWER, health__lt=80, removed_at=None)
        for customer in falling.order_by("code")[:FELL]:
            grade_customer(customer, actor=ACTOR, grade=LOWER[customer.grade])


def _raise_warnings(advance: Advance) -> None:
    install_rules(actor=ACTOR)
    today = timezone.localdate()
    if not EarlyWarning.objects.exists():
        for ago in (70, 40, 12):
            advance(sum(raise_warnings(actor=ACTOR, on=today - dt.timedelta(days=ago)).values()))
            _answer_some(today - dt.timedelta(days=ago))
    lapse_warnings(actor=ACTOR, on=today)
    advance(sum(raise_warnings(actor=ACTOR, on=today).values()))


def _answer_some(day: dt.date) -> None:
    """Answer most of the day's warnings, settle most of those answered, dismiss a few."""
    random = Random(f"{SEED}{day}")  # noqa: S311 — invented data, nothing secret
    noon = dt.datetime.combine(day, dt.time(10), tzinfo=timezone.get_current_timezone())
    rows = EarlyWarning.objects.filter(raised_on=day, owner__isnull=False).select_related("owner", "customer")
    for one in rows.order_by("id"):
        lot, answered = random.random(), noon + dt.timedelta(days=random.randrange(1, 4))
        if lot < 0.1:
            dismiss_warning(one, actor=ACTOR, remark="客户已说明原因，无需处理", at=answered)
        elif lot < 0.95:
            answer_warning(one, actor=ACTOR, plan=random.choice(PLANS[one.sign]), at=answered)
            if lot < 0.85:
                outcome = random.choices(("kept", "partly", "lost", "done"), (60, 20, 8, 12))[0]
                outcome = outcome if one.sign not in OCCASIONS else "done"
                ended = answered + dt.timedelta(days=random.randrange(1, 7))
                settle_warning(one, actor=ACTOR, outcome=outcome, at=min(ended, timezone.now()))


def _add_up(advance: Advance) -> None:
    if not PortfolioMonth.objects.exists():
        advance(refresh_portfolios(actor=ACTOR))
    refresh_unit_months(actor=ACTOR)
