"""Money: exact amounts of yuan over Decimal, never float.

An amount is held exactly as computed (a unit price may have six decimal places, its product with a discount
more); ``rounded()`` gives the fen that are billed. Where a result could not be exact, an error is raised
instead of a silently rounded sum. The rating engine counts in whole 厘 (0.001 yuan): ``to_li``, ``from_li``.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from functools import total_ordering
from math import lcm

from jike.values.errors import InvalidValue, excerpt

MAX_PLACES = 18
_LIMIT = Decimal(10) ** 15
# The default context would round silently at 28 digits; this one raises.
_EXACT = Context(prec=80, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
_ROUNDING = Context(prec=80, rounding=ROUND_HALF_UP)
_FEN = Decimal("0.01")
_LI_PER_YUAN = 1000

_TYPED = re.compile(
    r"""(?P<bracket>\()? (?P<sign>[-+])? (?P<currency>¥|RMB|CNY|人民币)? (?P<sign2>-)?
    (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)
    (?P<unit>千亿|百亿|十亿|亿|千万|百万|十万|万|千|百)? (?:元整?|圆整?|块钱?|RMB|CNY)? (?(bracket)\))""",
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile(r"[-+]?\d{1,40}(\.\d{1,40})?", re.ASCII)
_UNITS = {
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
}
_CHINESE_STEPS = ((10**8, "亿元"), (10**4, "万元"))
_ENGLISH_STEPS = ((10**9, "B"), (10**6, "M"), (10**3, "K"))


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Money:
    """An exact amount of yuan.

    Made from ``int``, ``Decimal`` or a plain decimal string; ``float`` is a ``TypeError``. Raises
    ``InvalidValue`` for NaN, infinity, 10^15 yuan and more, or more than 18 decimal places.

    >>> Money("19.90") * 3 + Money(1)
    Money('60.70')
    """

    amount: Decimal

    def __init__(self, amount: int | Decimal | str = 0) -> None:
        object.__setattr__(self, "amount", _checked(_decimal(amount)))

    def __add__(self, other: object) -> "Money":
        if isinstance(other, Money):
            return Money(_EXACT.add(self.amount, other.amount))
        # sum() starts from the integer 0; any other number has no unit and is refused.
        return self if type(other) is int and other == 0 else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: object) -> "Money":
        return (
            Money(_EXACT.subtract(self.amount, other.amount)) if isinstance(other, Money) else NotImplemented
        )

    def __mul__(self, factor: object) -> "Money":
        if not _is_number(factor):
            return NotImplemented
        return Money(_product(self.amount, _decimal(factor)))

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Fraction:
        """How many times ``other`` goes into this amount, exactly; for a part of an amount see ``share``."""
        return Fraction(self.amount) / Fraction(other.amount) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> "Money":
        return Money(self.amount.copy_negate() if self.amount else self.amount)

    def __abs__(self) -> "Money":
        return Money(self.amount.copy_abs())

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __eq__(self, other: object) -> bool:
        return self.amount == other.amount if isinstance(other, Money) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self.amount < other.amount if isinstance(other, Money) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.amount)

    def __repr__(self) -> str:
        return f"Money('{self.amount:f}')"

    def __str__(self) -> str:
        return f"{self.amount:f}"

    def rounded(self, places: int = 2) -> "Money":
        """To the fen (or ``places`` decimals), half away from zero, so that a refund mirrors its charge."""
        return Money(self.amount.quantize(Decimal(1).scaleb(-places), context=_ROUNDING))

    def share(self, part: int, whole: int) -> "Money":
        """``part``/``whole`` of the amount to the fen, half up: 18 of 31 days of a monthly fee."""
        if whole <= 0 or part < 0:
            raise InvalidValue("money.bad_ratios")
        exact = Fraction(self.amount) * part / whole * 100
        fen = (abs(exact) * 2 + 1) // 2
        return Money(Decimal(fen if exact >= 0 else -fen).scaleb(-2, context=_EXACT))

    def allocate(self, ratios: Sequence[int | Decimal]) -> list["Money"]:
        """Split by ``ratios`` so that the parts add up to exactly this amount.

        Parts are whole fen (finer only when the amount itself is finer); the fen that remain go to the
        largest remainders, earlier parts first. Raises ``InvalidValue`` for negative ratios or a sum of
        zero.
        """
        weights = _whole_ratios(ratios)
        total = sum(weights)
        exponent = min(-2, _exponent(self.amount))
        units = int(abs(self.amount).scaleb(-exponent, context=_EXACT))
        parts = [units * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(units * weights[i] % total), i))
        for index in by_remainder[: units - sum(parts)]:
            parts[index] += 1
        sign = -1 if self.amount < 0 else 1
        return [Money(Decimal(sign * part).scaleb(exponent, context=_EXACT)) for part in parts]

    def to_li(self) -> int:
        """Whole 厘 (0.001 yuan) for the rating engine; ``InvalidValue`` when the amount is finer."""
        li = _EXACT.multiply(self.amount, _LI_PER_YUAN)
        if li != li.to_integral_value():
            raise InvalidValue("money.not_whole_li", amount=str(self))
        return int(li)

    @classmethod
    def from_li(cls, li: int) -> "Money":
        """The amount of ``li`` whole 厘 (0.001 yuan)."""
        if type(li) is not int:
            raise TypeError("厘 are counted in whole numbers")
        return cls(_product(Decimal(li), Decimal("0.001")))

    @classmethod
    def parse(cls, text: str) -> "Money":
        """What people type: ``1,234.50``, ``¥12``, ``12.5万``, ``3亿元``, ``１２元``, ``(5.00)`` (minus).

        Raises ``InvalidValue`` for anything else, such as misplaced thousands separators or ``1e5``.
        """
        plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text[:100]))
        match = _TYPED.fullmatch(plain)
        if match is None or len(text) > 100 or not match["number"].isascii():
            raise InvalidValue("money.not_an_amount", text=excerpt(text))
        signs = [bool(match["bracket"]), match["sign"] is not None, match["sign2"] is not None]
        if sum(signs) > 1:
            raise InvalidValue("money.not_an_amount", text=excerpt(text))
        amount = _product(
            _decimal("0" + match["number"].replace(",", "") + "0" * match["number"].endswith(".")),
            Decimal(_UNITS.get(match["unit"], 1)),
        )
        minus = match["bracket"] or match["sign2"] or match["sign"] == "-"
        return -cls(amount) if minus else cls(amount)

    def display(self, *, symbol: bool = False, places: int = 2) -> str:
        """With thousands separators, to the fen: ``1,234.50``, with ``symbol`` ``¥1,234.50``."""
        amount = self.rounded(places).amount
        return f"{'-' if amount < 0 else ''}{'¥' if symbol else ''}{abs(amount):,f}"

    def in_wan(self) -> Decimal:
        """The number of 万元 (10,000 yuan), exact: for the axes of charts."""
        return _EXACT.multiply(self.amount, Decimal("0.0001"))

    def compact(self, *, english: bool = False) -> str:
        """Short where large: ``12.5万元``, ``1.25亿元``, or ``1,234.50元``; ``¥125K``, ``¥1.25M``."""
        steps, sign = (_ENGLISH_STEPS, "-" if self.amount < 0 else "") if english else (_CHINESE_STEPS, "")
        for size, name in steps:
            if abs(self.amount) >= size:
                number = _hundredths(abs(self.amount) if english else self.amount, size)
                return f"{sign}¥{number}{name}" if english else f"{number}{name}"
        return self.display(symbol=True) if english else f"{self.display()}元"


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _decimal(value: object) -> Decimal:
    """An exact Decimal of an int, a Decimal or a plain string; ``TypeError`` for float and the rest."""
    if not _is_number(value) and not isinstance(value, str):
        raise TypeError(f"money is made of int, Decimal or str, not {type(value).__name__}")
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        raise InvalidValue("money.not_an_amount", text=excerpt(value))
    return Decimal(value)  # type: ignore[arg-type]


def _exponent(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int):
        raise InvalidValue("money.not_finite")
    return exponent


def _checked(amount: Decimal) -> Decimal:
    """The amount within the limits, in plain notation (no 1E+5, no minus zero)."""
    exponent = _exponent(amount)
    if amount.copy_abs() >= _LIMIT:
        raise InvalidValue("money.too_large")
    if exponent < -MAX_PLACES:
        amount = _without_trailing_zeros(amount)
    if not amount:
        return amount.copy_abs() if exponent <= 0 else Decimal(0)
    return amount.quantize(Decimal(1), context=_EXACT) if exponent > 0 else amount


def _without_trailing_zeros(amount: Decimal) -> Decimal:
    try:
        return amount.quantize(Decimal(1).scaleb(-MAX_PLACES), context=_EXACT)
    except (Inexact, InvalidOperation):
        raise InvalidValue("money.too_precise", places=MAX_PLACES) from None


def _product(amount: Decimal, factor: Decimal) -> Decimal:
    _exponent(factor)
    try:
        return _EXACT.multiply(amount, factor)
    except Overflow:
        raise InvalidValue("money.too_large") from None
    except Inexact:
        raise InvalidValue("money.too_precise", places=MAX_PLACES) from None


def _whole_ratios(ratios: Sequence[int | Decimal]) -> list[int]:
    """The ratios as whole numbers in the same proportion."""
    if not all(_is_number(ratio) for ratio in ratios):
        raise TypeError("ratios are int or Decimal")
    fractions = [Fraction(_checked(Decimal(ratio))) for ratio in ratios]
    if not any(fractions) or min(fractions) < 0:
        raise InvalidValue("money.bad_ratios")
    scale = lcm(*(fraction.denominator for fraction in fractions))
    return [int(fraction * scale) for fraction in fractions]


def _hundredths(amount: Decimal, size: int) -> str:
    """``amount``/``size`` to two decimals without idle zeros; rounded half up."""
    scaled = _ROUNDING.divide(amount, Decimal(size)).quantize(_FEN, context=_ROUNDING)
    return f"{scaled:,f}".rstrip("0").rstrip(".")
