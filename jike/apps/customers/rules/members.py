"""What makes a line a member: a number that is in use, and nobody else's already."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from jike.values.mobile_prefixes import number_range

__all__ = ["HEADINGS", "Line", "Refusal", "judged_number"]

SEPARATORS = str.maketrans("", "", " -\u00a0\u3000()（）")
LANDLINE = re.compile(r"0[1-9]\d{8,10}")
LENGTHS = (11, 13)
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("客户编码", "集团编码", "集团客户编码", "编码", "customercode", "code"),
    "number": (
        "成员号码",
        "手机号码",
        "手机号",
        "号码",
        "电话号码",
        "用户号码",
        "业务号码",
        "number",
        "membernumber",
    ),
    "short_number": ("短号", "集团短号", "shortnumber"),
    "department": ("部门", "所属部门", "department"),
    "bundle": ("套餐", "合约", "捆绑业务", "合约名称", "bundle"),
    "bundle_start": ("合约开始", "合约开始日", "生效日", "捆绑开始日", "bundlestart", "bundlebegins"),
    "bundle_end": ("合约到期", "合约到期日", "到期日", "捆绑到期日", "bundleend", "bundleends"),
}
"""Column → what it may be called in a file, without spaces and in lower case."""


class Refusal(StrEnum):
    """Why a line of a file does not join or leave."""

    NUMBER = "number"
    PREFIX = "prefix"
    LONG = "long"
    DAY = "day"
    SHORT = "short"
    CUSTOMER = "customer"
    TWICE = "twice"
    HERE = "here"
    ELSEWHERE = "elsewhere"
    ABSENT = "absent"


class Line(NamedTuple):
    """One line of a file, ready for the database; ``wrong`` says why its number is none."""

    line: int
    code: str
    number: str
    short_number: str
    department: str
    bundle: str
    bundle_start: date | None
    bundle_end: date | None
    wrong: str


def judged_number(text: str) -> tuple[str, str]:
    """Return (the number as it is stored, why it is none or "").

    >>> judged_number("+86 138-0013-8000")
    ('13800138000', '')
    >>> judged_number("12800138000")[1]
    'prefix'
    """
    number = text.translate(SEPARATORS).removeprefix("+86")
    if len(number) == 13 and number.startswith("861"):
        number = number[2:] if _assigned(number[2:9], 11) else number
    if not (number.isascii() and number.isdigit()):
        return number[:20], Refusal.NUMBER
    if number.startswith("0"):
        return number[:20], "" if LANDLINE.fullmatch(number) else Refusal.NUMBER
    if len(number) not in LENGTHS:
        return number[:20], Refusal.NUMBER
    return number, "" if _assigned(number[:7], len(number)) else Refusal.PREFIX


@lru_cache(maxsize=100_000)
def _assigned(beginning: str, length: int) -> bool:
    return number_range(beginning.ljust(length, "0")) is not None
