"""Exact amounts: prices in micro-yuan, charges in li, ratios in basis points, and the four roundings.

A price is an int of micro-yuan (0.000001 yuan) per a stated number of service units; a charge is an int of
li (厘, 0.001 yuan), always a multiple of the resolution its item states (li, fen, jiao, yuan). Nothing here is
ever a float. Rounding works on the magnitude and puts the sign back, so a credit mirrors its charge exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

MICRO_PER_LI = 1_000
LI_PER_YUAN = 1_000
BASIS = 10_000
INT64_ROOM = 2**62


class Mode(StrEnum):
    """What happens to the part below the resolution."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"


RESOLUTIONS = {"li": 1, "fen": 10, "jiao": 100, "yuan": 1_000}


@dataclass(frozen=True)
class Rounding:
    """To which resolution and in which way an amount is rounded.

    Parameters
    ----------
    to
        Name of the resolution: ``li``, ``fen``, ``jiao`` or ``yuan``.
    mode
        How the rest is treated.
    """

    to: str = "fen"
    mode: Mode = Mode.HALF_UP

    @property
    def li(self) -> int:
        """The resolution in li."""
        return RESOLUTIONS[self.to]

    def __str__(self) -> str:
        return f"{self.mode.value.replace('_', ' ')} to the {self.to}"


def divide(number: int, by: int, mode: Mode) -> int:
    """Return `number` / `by` as an integer, rounded in the given way on its magnitude.

    Examples
    --------
    >>> divide(25, 10, Mode.HALF_UP), divide(-25, 10, Mode.HALF_UP), divide(25, 10, Mode.HALF_EVEN)
    (3, -3, 2)
    >>> divide(21, 10, Mode.UP), divide(29, 10, Mode.DOWN)
    (3, 2)
    """
    whole, rest = divmod(abs(number), by)
    if mode is Mode.HALF_UP:
        whole += 2 * rest >= by
    elif mode is Mode.HALF_EVEN:
        whole += 2 * rest > by or (2 * rest == by and whole % 2 == 1)
    elif mode is Mode.UP:
        whole += rest > 0
    return whole if number >= 0 else -whole


def li_of_price(micro: int, per: int, rounding: Rounding) -> int:
    """Return the charge in li of `micro` = units × price, where the price holds for `per` units.

    Examples
    --------
    61 s billed as 66 s at 0.15 yuan (150,000 micro-yuan) a minute, to the fen:

    >>> li_of_price(66 * 150_000, 60, Rounding("fen"))
    170
    """
    return divide(micro, per * MICRO_PER_LI * rounding.li, rounding.mode) * rounding.li


def li_of_share(charge: int, parts: int, whole: int, *, rounding: Rounding) -> int:
    """Return charge × parts / whole in li, rounded: a ratio, a proration or a tax.

    Examples
    --------
    >>> li_of_share(100_000, 10, 31, rounding=Rounding("fen"))
    32260
    """
    return divide(charge * parts, whole * rounding.li, rounding.mode) * rounding.li


def scaled(text: object, unit: int, *, what: str) -> int:
    """Return a decimal written in a tariff as an exact integer of `unit` parts.

    Raises
    ------
    ValueError
        The text is not a decimal number or has more digits than the unit can hold.

    Examples
    --------
    >>> scaled("0.15", 1_000_000, what="price")
    150000
    """
    if isinstance(text, bool | float) or text is None:
        raise ValueError(f'{what} must be written as a quoted decimal such as "0.15", not {text!r}')
    try:
        value = Decimal(str(text)) * unit
    except InvalidOperation:
        raise ValueError(f"{what} must be a decimal number, not {text!r}") from None
    if not value.is_finite() or value != int(value):
        raise ValueError(f"{what} {text} is finer than 1/{unit:,} or not finite")
    return int(value)


def yuan(li: int) -> str:
    """Write li as yuan with as many decimals as are needed, at least two.

    >>> yuan(12_340), yuan(-5), yuan(1_234_567_890)
    ('12.34', '-0.005', '1,234,567.89')
    """
    sign = "-" if li < 0 else ""
    whole, rest = divmod(abs(li), LI_PER_YUAN)
    decimals = f"{rest:03d}"
    return f"{sign}{whole:,}.{decimals[:2] if decimals[2] == '0' else decimals}"
