"""Charges by days, settlement from the oldest on, and what long and deep arrears are: no fen appears or vanishes."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.inventory.rules import (
    NEXT,
    BillState,
    Charged,
    ProductState,
    age_band,
    bill_state,
    charge,
    days_within,
    due_day,
    is_deeply_in_arrears,
    may_follow,
    monthly_amount,
    settle,
)
from jike.values.money import Money

MONTH = dt.date(2026, 3, 1)
AMOUNTS = st.lists(st.integers(0, 10**8).map(lambda fen: Decimal(fen).scaleb(-2)), max_size=30)
STATES = st.sampled_from(list(ProductState))


@given(STATES, st.lists(STATES, max_size=10))
def test_a_terminated_product_stays_so_whatever_is_tried(state, tried):
    path = [state]
    for then in tried:
        if may_follow(path[-1], then):
            path.append(then)
    if ProductState.TERMINATED in path:
        assert path.index(ProductState.TERMINATED) == len(path) - 1
    assert all(then in NEXT[now] for now, then in pairwise(path))


def test_a_whole_month_costs_the_agreed_amount_and_a_part_its_days():
    price = Decimal("3100.00")
    assert charge(MONTH, [Charged(dt.date(2025, 1, 1), None, price)]) == (price, 31)
    assert charge(MONTH, [Charged(dt.date(2026, 3, 31), None, price)]) == (Decimal("100.00"), 1)
    assert charge(MONTH, [Charged(dt.date(2025, 1, 1), dt.date(2026, 3, 1), price)]) == (Decimal("0.00"), 0)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 31), max_size=6))
def test_a_month_cut_in_pieces_costs_what_it_costs_whole(fen, cuts):
    price = Decimal(fen).scaleb(-2)
    edges = sorted({0, 31, *cuts})
    pieces = [
        Charged(MONTH + dt.timedelta(days=first), MONTH + dt.timedelta(days=last), price)
        for first, last in pairwise(edges)
    ]
    assert charge(MONTH, pieces) == (price, 31)


@given(st.integers(0, 10**9), st.integers(0, 30), st.integers(1, 31))
def test_a_charge_is_the_share_of_days_rounded_half_up(fen, start, days):
    price = Decimal(fen).scaleb(-2)
    period = Charged(
        MONTH + dt.timedelta(days=start), MONTH + dt.timedelta(days=min(31, start + days)), price
    )
    ran = days_within(MONTH, period.starts_on, period.ends_on)
    assert charge(MONTH, [period])[0] == Money(price).share(ran, 31).amount


def test_the_monthly_amount_is_quantity_times_price():
    assert monthly_amount(3, Decimal("99.90")) == Decimal("299.70")


@given(AMOUNTS, st.integers(0, 10**10).map(lambda fen: Decimal(fen).scaleb(-2)))
def test_settling_loses_no_money_and_pays_the_oldest_first(amounts, received):
    paid, credit = settle(amounts, received)
    assert sum(paid, Decimal(0)) + credit == received
    assert all(0 <= part <= amount for part, amount in zip(paid, amounts, strict=True))
    states = [bill_state(amount, part) for amount, part in zip(amounts, paid, strict=True) if amount]
    order = [BillState.PAID, BillState.PART, BillState.OPEN]
    assert [order.index(state) for state in states] == sorted(order.index(state) for state in states)
    assert states.count(BillState.PART) <= 1
    assert not (credit and any(state is not BillState.PAID for state in states))


@pytest.mark.parametrize(
    ("days", "band"), [(-3, None), (0, None), (1, 0), (30, 0), (31, 1), (90, 2), (91, 3)]
)
def test_the_age_of_arrears_counts_from_the_day_after_the_bill_was_due(days, band):
    due = due_day(MONTH)
    assert due == dt.date(2026, 4, 25)
    assert age_band(due, due + dt.timedelta(days=days)) == band


@pytest.mark.parametrize(
    ("owed", "days", "deep"), [(2001, 91, True), (2000, 400, False), (9000, 90, False), (0, 0, False)]
)
def test_only_arrears_both_long_and_deep_bar_new_orders(owed, days, deep):
    assert is_deeply_in_arrears(Decimal(owed), oldest_days=days, monthly=Decimal(1000)) is deep
