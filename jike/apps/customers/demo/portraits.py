"""What an invented customer is like: figures that fit together, from its trade and its place."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import exp
from random import Random
from typing import Any, NamedTuple

from jike.apps.customers.demo.names import Trade
from jike.values.identifiers import (
    CREDIT_ALPHABET,
    credit_check_character,
    organisation_check_character,
)

__all__ = ["Months", "credit_code", "grade_of", "landline", "months_of", "portrait", "service_level_of"]

AREA_CODES: Mapping[str, tuple[str, int]] = {
    "4401": ("20", 8), "4402": ("751", 7), "4403": ("755", 8), "4404": ("756", 7), "4405": ("754", 8),
    "4406": ("757", 8), "4407": ("750", 7), "4408": ("759", 7), "4409": ("668", 7), "4412": ("758", 7),
    "4413": ("752", 7), "4414": ("753", 7), "4415": ("660", 7), "4416": ("762", 7), "4417": ("662", 7),
    "4418": ("763", 7), "4419": ("769", 8), "4420": ("760", 8), "4451": ("768", 7), "4452": ("663", 7),
    "4453": ("766", 7),
}  # fmt: skip
"""City → area code and number of digits behind it."""

AUTHORITIES = {"enterprise": "91", "institution": "12", "government": "11", "association": "51"}
CERTIFICATES = {
    "enterprise": "licence",
    "institution": "institution",
    "government": "authority",
    "association": "association",
}
ROADS = (
    "澄心路",
    "云岫大道",
    "望川东路",
    "霁光街",
    "棠溪路",
    "南屿大道",
    "汇川中路",
    "枫桥西街",
    "启明路",
    "临湾大道",
)
NEEDS = (
    "各分支机构之间需要一张带宽有保障的专网",
    "门店收银与监控上云，要求双线路备份",
    "希望统一外呼号码并接入企业短信",
    "生产线数采，计划新增物联网卡",
    "老旧交换机替换，考虑云总机",
    "总部与海外办事处需要跨境组网",
    "员工话费统付，按部门出账",
    "机房搬迁，询问 IDC 机柜与带宽",
    "视频会议扩容到全部网点",
    "要求专线故障两小时内恢复",
)
IT_DEPARTMENTS = ("信息中心", "数字化部", "IT 部", "信息科技部", "综合管理部兼管", "")
STEPS = (
    "回访专线使用情况",
    "送交续约方案",
    "约信息中心负责人面谈",
    "提交统付报价",
    "核对欠费并约定付款日",
    "勘察新厂区接入条件",
    "演示云总机",
    "确认合同盖章进度",
    "邀请参加产品体验日",
    "了解友商合同到期时间",
)
GRADES = ((60_000, "A1"), (30_000, "A2"), (12_000, "B1"), (5_000, "B2"), (1_800, "C"))
LEVELS = {"A1": "gold", "A2": "gold", "B1": "silver", "B2": "bronze", "C": "standard", "D": "standard"}
PATTERNS = (
    "steady",
    "steady",
    "steady",
    "growing",
    "growing",
    "seasonal",
    "seasonal",
    "falling",
    "collapsing",
)
FEN = Decimal("0.01")


class Months(NamedTuple):
    """Month by month, the oldest first: yuan billed, yuan owed, lines in use."""

    revenue: list[Decimal]
    arrears: list[Decimal]
    lines: list[int]


def portrait(random: Random, trade: Trade, *, today: dt.date) -> dict[str, Any]:
    """Return the customer's figures and classes, but for names, codes and places."""
    staff = min(20_000, max(4, int(exp(random.gauss(4.3, 1.3)))))
    turnover = staff * random.randrange(12, 160) * 10_000
    founded = today - dt.timedelta(days=random.randrange(400, 14_000))
    body = trade.kind == "enterprise"
    return {
        "certificate_type": CERTIFICATES[trade.kind],
        "organisation_kind": trade.kind,
        "industry": trade.industry,
        "staff_count": staff,
        "yearly_turnover": Decimal(turnover) if body else None,
        "total_assets": Decimal(turnover * random.randrange(4, 30) // 10) if body else None,
        "registered_capital": Decimal(random.choice((100, 200, 500, 1000, 3000, 5000)) * 10_000)
        if body
        else None,
        "established": founded,
        "reach": random.choices(("local", "cross_city", "cross_province", "cross_border"), (70, 18, 10, 2))[
            0
        ],
        "credit": random.choices(("AAA", "AA", "A", "B", "C", ""), (8, 25, 35, 12, 3, 17))[0],
        "relation": "business" if random.random() < 0.95 else "channel",
        "importance": random.choices(("vip", "important", "ordinary"), (4, 21, 75))[0],
        "value_behaviour": random.choices(
            ("lighthouse", "follower", "rational", "bargain", ""), (6, 24, 40, 20, 10)
        )[0],
        "sensitive": random.random() < 0.02,
        "address": f"{random.choice(ROADS)}{random.randrange(1, 400)}号",
        "it_department": random.choice(IT_DEPARTMENTS),
        "our_share": random.randrange(0, 101),
    }


def months_of(random: Random, *, staff: int, months: int) -> Months:
    """Return what the customer brought: steady, growing, seasonal, falling or collapsing, some of it not paid."""
    month = staff * random.randrange(8, 60) + 180
    pattern = random.choice(PATTERNS)
    lines = max(1, int(staff * random.uniform(0.1, 0.9)))
    phase = random.randrange(12)
    revenue, used = [], []
    for place in range(months):
        factor = _factor(pattern, place, months, phase=phase)
        noise = 0.97 + 0.06 * random.random()
        revenue.append(Decimal(int(month * factor * noise * 100)).scaleb(-2))
        used.append(
            max(1, int(lines * (0.5 + 0.5 * factor) if pattern in ("falling", "collapsing") else lines))
        )
    return Months(revenue, _arrears(random, revenue), used)


def _factor(pattern: str, place: int, months: int, *, phase: int) -> float:
    part = place / max(1, months - 1)
    match pattern:
        case "growing":
            return 0.55 + 0.7 * part
        case "seasonal":
            return 1.25 if (place + phase) % 12 in (0, 1, 5) else 0.9
        case "falling":
            return 1.2 - 0.6 * part
        case "collapsing":
            return 1.0 if place < months - 4 else 0.4
        case _:
            return 1.0


def _arrears(random: Random, revenue: Sequence[Decimal]) -> list[Decimal]:
    """Most pay; some owe the last month, a few have not paid for long."""
    owed = [Decimal(0)] * len(revenue)
    chance = random.random()
    unpaid = 0 if chance < 0.86 else 1 if chance < 0.95 else min(len(revenue), random.randrange(3, 6))
    for back in range(unpaid):
        place = len(revenue) - unpaid + back
        owed[place] = sum(revenue[len(revenue) - unpaid : place + 1], Decimal(0)).quantize(FEN)
    return owed


def grade_of(monthly_revenue: Decimal) -> str:
    """Return the grade of a customer that brings so much a month."""
    return next((grade for floor, grade in GRADES if monthly_revenue >= floor), "D")


def service_level_of(grade: str) -> str:
    """Return the service level that goes with the grade."""
    return LEVELS[grade]


def credit_code(kind: str, region: str, *, number: int) -> str:
    """Return a well-formed code whose organisation part begins with JK: none issued does."""
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 31)
        digits = CREDIT_ALPHABET[digit] + digits
    body = f"JK{digits}"
    first = f"{AUTHORITIES[kind]}{region}{body}{organisation_check_character(body)}"
    return first + credit_check_character(first)


def landline(region: str, *, number: int) -> str:
    """Return a number of the region's city as it is stored."""
    area, digits = AREA_CODES.get(region[:4], ("20", 8))
    start = "86" if digits == 8 else "6"
    free = digits - len(start)
    return f"+86{area}{start}{number % 10**free:0{free}}"
