"""What an invented customer is like: figures that fit together, from its trade and its place."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from math import exp
from random import Random
from typing import Any, NamedTuple

from jike.apps.customers.demo.names import Trade
from jike.values.company_size import FLOORS, Measure, Size, size_industry
from jike.values.identifiers import (
    CREDIT_ALPHABET,
    credit_check_character,
    organisation_check_character,
)

__all__ = [
    "Months",
    "credit_code",
    "grade_of",
    "landline",
    "months_of",
    "portrait",
    "quick_size_class",
    "service_level_of",
]

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
NOTHING = Decimal(0)


def _weighted(**shares: int) -> tuple[str, ...]:
    """Return each value as often as its share says; "none" stands for the empty text."""
    return tuple("" if value == "none" else value for value, share in shares.items() for _ in range(share))


REACHES = _weighted(local=70, cross_city=18, cross_province=10, cross_border=2)
CREDITS = _weighted(AAA=8, AA=25, A=35, B=12, C=3, none=17)
IMPORTANCES = _weighted(vip=4, important=21, ordinary=75)
BEHAVIOURS = _weighted(lighthouse=6, follower=24, rational=40, bargain=20, none=10)


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
        "reach": random.choice(REACHES),
        "credit": random.choice(CREDITS),
        "relation": "business" if random.random() < 0.95 else "channel",
        "importance": random.choice(IMPORTANCES),
        "value_behaviour": random.choice(BEHAVIOURS),
        "sensitive": random.random() < 0.02,
        "address": f"{random.choice(ROADS)}{random.randrange(1, 400)}号",
        "it_department": random.choice(IT_DEPARTMENTS),
        "our_share": random.randrange(0, 101),
    }


def months_of(random: Random, *, staff: int, months: int) -> Months:
    """Return what the customer brought: steady, growing, seasonal, falling or collapsing, some of it not paid."""
    fen = (staff * random.randrange(8, 60) + 180) * 100
    factors = _factors(random.choice(PATTERNS), months, random.randrange(12))
    revenue = [Decimal(int(fen * factor)).scaleb(-2) for factor in factors]
    lines = max(1, int(staff * random.uniform(0.1, 0.9)))
    going = factors[-1] < 0.7
    used = [max(1, int(lines * (0.5 + 0.5 * factor))) for factor in factors] if going else [lines] * months
    return Months(revenue, _arrears(random, revenue), used)


@cache
def _factors(pattern: str, months: int, phase: int) -> tuple[float, ...]:
    """What each month is to the mean one; ``phase`` sets the season and the noise."""
    noise = Random(f"{pattern}{phase}")  # noqa: S311 — invented data, nothing secret
    return tuple(
        _factor(pattern, place, months, phase=phase) * noise.uniform(0.97, 1.03) for place in range(months)
    )


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
    owed = [NOTHING] * len(revenue)
    chance = random.random()
    unpaid = 0 if chance < 0.86 else 1 if chance < 0.95 else min(len(revenue), random.randrange(3, 6))
    for back in range(unpaid):
        place = len(revenue) - unpaid + back
        owed[place] = sum(revenue[len(revenue) - unpaid : place + 1], NOTHING)
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


def quick_size_class(values: Mapping[str, Any]) -> str:
    """Return what the model computes as size class, for values as `portrait` makes them, thirty times as quickly."""
    floors = _floors(values["industry"])
    wan = {name: values[name] and values[name] / 10_000 for name in ("yearly_turnover", "total_assets")}
    given = {Measure.STAFF: values["staff_count"], Measure.TURNOVER: wan["yearly_turnover"]}
    given[Measure.ASSETS] = wan["total_assets"]
    ranks = [
        sum(given[one] >= floor for floor in some) for one, some in floors.items() if given[one] is not None
    ]
    if not ranks or (len(ranks) < len(floors) and min(ranks)):
        return ""
    return str(ORDER[min(ranks)])


ORDER = (Size.MICRO, Size.SMALL, Size.MEDIUM, Size.LARGE)


@cache
def _floors(industry: str) -> Mapping[Measure, tuple[int, int, int]]:
    return FLOORS[size_industry(industry[1:])]
