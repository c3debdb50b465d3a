"""Which operator a Chinese mobile number range was assigned to.

The ministry (MIIT) assigns ranges of three or four digits; resellers use ranges of a host network. A number
may since have moved with its owner (携号转网), so this tells the range's operator, not the present one:
good for a first guess at a rival's lines, not for billing. Ranges of internet-of-things cards have 13
digits.
"""

from enum import StrEnum
from typing import NamedTuple


class Operator(StrEnum):
    """The operators that hold number ranges."""

    MOBILE = "mobile"
    UNICOM = "unicom"
    TELECOM = "telecom"
    BROADCAST = "broadcast"
    OTHER = "other"


class NumberRange(NamedTuple):
    """An assigned range: its network's operator, whether a reseller serves it, whether it is for things."""

    prefix: str
    operator: Operator
    virtual: bool
    things: bool


_PERSONAL = {
    Operator.MOBILE: (
        "134 135 136 137 138 139 147 150 151 152 157 158 159 172 178 182 183 184 187 188 195 197 198"
    ),
    Operator.UNICOM: "130 131 132 145 155 156 166 175 176 185 186 196",
    # 1349 and 174 are Telecom's satellite service.
    Operator.TELECOM: "133 1349 149 153 173 174 177 180 181 189 190 191 193 199",
    Operator.BROADCAST: "192",
    # 1749 is the maritime satellite service.
    Operator.OTHER: "1749",
}
_VIRTUAL = {
    Operator.MOBILE: "165 1703 1705 1706",
    Operator.UNICOM: "167 171 1704 1707 1708 1709",
    Operator.TELECOM: "162 1700 1701 1702",
}
_THINGS = {
    Operator.MOBILE: "144 148 10647 10648",
    Operator.UNICOM: "140 146 10646",
    Operator.TELECOM: "141 10649",
}

RANGES: dict[str, NumberRange] = {
    prefix: NumberRange(prefix, operator, virtual, things)
    for table, virtual, things in ((_PERSONAL, False, False), (_VIRTUAL, True, False), (_THINGS, False, True))
    for operator, prefixes in table.items()
    for prefix in prefixes.split()
}
"""Every assigned range by its prefix."""

_LONGEST = max(map(len, RANGES))
_LENGTHS = {False: 11, True: 13}


def number_range(national_number: str) -> NumberRange | None:
    """The range of a national number without country code (``13812345678``), the longest prefix winning."""
    for length in range(_LONGEST, 2, -1):
        found = RANGES.get(national_number[:length])
        if found:
            return (
                found
                if len(national_number) == _LENGTHS[found.things] or _short_things(found, national_number)
                else None
            )
    return None


def _short_things(found: NumberRange, national_number: str) -> bool:
    """Some 14x ranges of things were also given out with 11 digits."""
    return found.things and found.prefix.startswith("14") and len(national_number) == 11
