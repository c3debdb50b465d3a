"""Money is exact: nothing is lost in sums and splits, and nothing inexact gets in."""

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.values import InvalidValue, Money

AMOUNTS = st.integers(-(10**13), 10**13).flatmap(
    lambda units: st.integers(2, 6).map(lambda places: Money(Decimal(units).scaleb(-places)))
)
RATIOS = st.lists(
    st.one_of(st.integers(0, 10**6), st.decimals(0, 1000, places=4)), min_size=1, max_size=12
).filter(any)


@given(AMOUNTS, RATIOS)
def test_allocated_parts_add_up_exactly(amount: Money, ratios: list[int | Decimal]) -> None:
    parts = amount.allocate(ratios)
    assert sum(parts) == amount
    assert len(parts) == len(ratios)
    assert all(not part for part, ratio in zip(parts, ratios, strict=True) if not ratio)


@given(AMOUNTS, RATIOS)
def test_no_allocated_part_is_a_unit_or_more_from_its_exact_share(
    amount: Money, ratios: list[int | Decimal]
) -> None:
    total = sum(map(Fraction, ratios))
    finest = Fraction(1, 10 ** max(2, -int(amount.amount.as_tuple().exponent)))
    for part, ratio in zip(amount.allocate(ratios), ratios, strict=True):
        assert abs(Fraction(part.amount) - Fraction(amount.amount) * Fraction(ratio) / total) < finest


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_addition_is_associative_and_subtraction_undoes_it(a: Money, b: Money, c: Money) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b - b == a
    assert a.__neg__().__neg__() == a


@given(AMOUNTS, st.integers(-1000, 1000), st.decimals(-1, 1, places=4))
def test_multiplication_distributes(amount: Money, number: int, ratio: Decimal) -> None:
    assert amount * number + amount * ratio == amount * (number + ratio)
    assert number * amount == amount * number


@given(AMOUNTS)
def test_a_refund_rounds_as_its_charge(amount: Money) -> None:
    assert (-amount).rounded() == -amount.rounded()
    assert abs(amount - amount.rounded()).amount <= Decimal("0.005")


@given(AMOUNTS)
def test_the_displayed_amount_is_read_back(amount: Money) -> None:
    assert Money.parse(amount.display()) == amount.rounded()
    assert Money.parse(amount.display(symbol=True)) == amount.rounded()
    assert Money(str(amount)) == amount
    assert pickle.loads(pickle.dumps(amount)) == amount  # noqa: S301  # our own bytes


@given(st.integers(-(10**17), 10**17))
def test_whole_li_travel_to_the_engine_and_back(li: int) -> None:
    assert Money.from_li(li).to_li() == li


def test_a_finer_amount_than_a_li_is_not_passed_to_the_engine() -> None:
    with pytest.raises(InvalidValue, match="whole number of") as caught:
        Money("0.0005").to_li()
    assert caught.value.code == "money.not_whole_li"


@pytest.mark.parametrize("value", [1.0, 0.0, True, None, b"1"])
def test_float_and_other_kinds_are_a_type_error(value: object) -> None:
    with pytest.raises(TypeError):
        Money(value)
    with pytest.raises(TypeError):
        Money(1) * value


def test_a_bare_number_is_not_added_to_money_or_compared_with_it() -> None:
    with pytest.raises(TypeError):
        Money(1) + 1
    with pytest.raises(TypeError):
        Money(1) < Decimal(2)  # noqa: B015
    assert Money(1) != 1
    assert sum([Money(1), Money("0.5")]) == Money("1.5")


@pytest.mark.parametrize(
    "value",
    ["NaN", "Infinity", "1e5", "1_000", "", " 1", Decimal("NaN"), Decimal("-Infinity"), 10**15, "9" * 41],
)
def test_what_is_no_finite_amount_in_range_is_refused(value: str | int | Decimal) -> None:
    with pytest.raises(InvalidValue, match="amount of money"):
        Money(value)


@pytest.mark.parametrize("factor", [Decimal("1E-30"), Decimal("1E+999999"), Decimal("NaN"), 10**400])
def test_a_result_that_could_not_be_exact_is_refused(factor: Decimal | int) -> None:
    with pytest.raises(InvalidValue, match="amount of money"):
        Money("1.01") * factor


def test_half_a_fen_rounds_away_from_zero() -> None:
    assert Money("0.005").rounded() == Money("0.01")
    assert Money("-0.005").rounded() == Money("-0.01")
    assert repr(Money("-0.001").rounded()) == "Money('0.00')"


def test_a_share_of_days_is_billed_to_the_fen() -> None:
    assert Money(300).share(18, 31) == Money("174.19")
    assert Money(-300).share(18, 31) == Money("-174.19")
    assert Money(100) / Money(300) == Fraction(1, 3)


def test_the_odd_fen_goes_to_the_largest_remainder_and_then_to_the_first() -> None:
    assert Money(100).allocate([1, 1, 1]) == [Money("33.34"), Money("33.33"), Money("33.33")]
    assert Money("0.05").allocate([3, 7]) == [Money("0.02"), Money("0.03")]
    assert Money("-0.05").allocate([3, 7]) == [Money("-0.02"), Money("-0.03")]


@pytest.mark.parametrize("ratios", [[], [0], [1, -1], [Decimal("-0.5"), 2]])
def test_ratios_without_a_positive_sum_are_refused(ratios: list[int | Decimal]) -> None:
    with pytest.raises(InvalidValue, match="Ratios"):
        Money(1).allocate(ratios)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("12.5万", "125000"),
        ("１２元", "12"),
        ("¥ 1，234", "1234"),
        ("￥-5", "-5"),
        ("-5.5 元", "-5.5"),
        ("(5.00)", "-5"),
        ("3亿元", "300000000"),
        ("2千万", "20000000"),
        ("RMB 100", "100"),
        ("100块", "100"),
        (".5", "0.5"),
        ("5.", "5"),
    ],
)
def test_what_people_type_is_understood(typed: str, amount: str) -> None:
    assert Money.parse(typed) == Money(amount)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1,2345",
        "1,23",
        "12,34,567",
        "1e5",
        "--5",
        "-(5)",
        "(5",
        "1.2.3",
        "٣",
        "五",
        "NaN",
        "1 万亿",
        "1" * 101,
    ],
)
def test_what_could_mean_several_amounts_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue, match="amount of money") as caught:
        Money.parse(typed)
    assert len(str(caught.value)) < 200


def test_large_amounts_are_shown_short() -> None:
    assert Money("1234.5").compact() == "1,234.50元"
    assert Money(125000).compact() == "12.5万元"
    assert Money(-125000000).compact() == "-1.25亿元"
    assert Money(1250000).compact(english=True) == "¥1.25M"
    assert Money(-500).compact(english=True) == "-¥500.00"
    assert Money(125000).in_wan() == Decimal("12.5")
