"""Months are loaded once, and the figures on customers follow from them by a plain rule."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.actions import Month, load_months, refresh_figures, replace_month
from jike.apps.customers.models import Customer, CustomerMonth
from jike.apps.customers.queries import customer_months, health_explained, health_since
from jike.apps.customers.rules import DEDUCTIONS, Reason, health, health_band
from jike.foundation.errors import Refused, RuleBroken
from jike.foundation.models import Change
from jike.values.period import add_months
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD, a_customer
from tests.making import SYSTEM, a_unit, someone_with

FIRST, LATER = dt.date(2025, 1, 1), dt.date(2026, 1, 1)
AMOUNTS = st.lists(st.integers(0, 10**6).map(Decimal), max_size=12)


def months(customer: Customer, revenue, *, arrears=0, lines=10, first=FIRST) -> list[Month]:
    return [
        Month(customer.pk, add_months(first, n), Decimal(amount), Decimal(arrears), lines)
        for n, amount in enumerate(revenue)
    ]


@given(AMOUNTS, st.lists(st.integers(0, 500), max_size=12), st.integers(0, 10**6).map(Decimal))
def test_health_lies_between_0_and_100_and_every_lost_point_has_a_reason(revenue, lines, arrears):
    found = health(revenue, lines, arrears)
    if found.score is None:
        assert found.reasons == ()
        return
    assert found.score == max(0, 100 - sum(DEDUCTIONS[reason] for reason in found.reasons))
    assert list(found.reasons) == sorted(found.reasons, key=lambda one: -DEDUCTIONS[one])


@pytest.mark.parametrize(
    ("revenue", "lines", "arrears", "reasons"),
    [
        ([100] * 12, [10] * 12, 0, ()),
        ([100] * 12, [10] * 12, 50, (Reason.ARREARS,)),
        ([100] * 12, [10] * 12, 201, (Reason.ARREARS_HEAVY,)),
        ([100] * 9 + [85] * 3, [10] * 12, 0, (Reason.REVENUE_FELL,)),
        ([100] * 9 + [50] * 3, [10] * 12, 0, (Reason.REVENUE_COLLAPSED,)),
        ([100] * 11 + [0], [10] * 12, 0, (Reason.NO_REVENUE,)),
        ([100] * 12, [10] * 9 + [8] * 3, 0, (Reason.LINES_FELL,)),
        ([100], [10], 0, ()),
    ],
)
def test_each_sign_of_trouble_is_named(revenue, lines, arrears, reasons):
    assert health([Decimal(one) for one in revenue], lines, Decimal(arrears)).reasons == reasons


def test_who_was_never_billed_has_no_health():
    assert health([], [], Decimal(0)).score is None
    assert [health_band(one) for one in (None, 100, 60, 59)] == ["none", "sound", "watch", "danger"]


@pytest.mark.django_db
def test_loaded_months_bring_the_figures_of_all_customers_up_to_date_in_one_batch():
    sound, shrinking, never = a_customer(), a_customer(), a_customer()
    rows = [*months(sound, range(100, 1400, 100)), *months(shrinking, [900] * 10 + [300] * 3, arrears=700)]
    assert load_months(rows, actor=SYSTEM) == 26
    for one in (sound, shrinking, never):
        one.refresh_from_db()
    assert (int(sound.monthly_revenue), sound.health, sound.lines, sound.version) == (1300, 100, 10, 1)
    assert [int(one) for one in sound.revenue_trend] == list(range(200, 1400, 100))
    assert shrinking.health_reasons == [Reason.ARREARS_HEAVY, Reason.REVENUE_COLLAPSED]
    assert len(health_explained(shrinking)) == 2
    assert (never.health, never.revenue_trend) == (None, [])
    verbs = Change.objects.filter(kind__startswith="customers.customer").exclude(verb="add").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["load", "refresh"]
    assert [one.revenue for one in customer_months(sound, months=2)] == [1200, 1300]


@pytest.mark.django_db
def test_refreshing_again_changes_nothing_and_a_month_without_a_row_is_a_month_without_revenue():
    early, late = a_customer(), a_customer()
    load_months(months(early, [100] * 3), actor=SYSTEM)
    assert refresh_figures(actor=SYSTEM) == 0
    load_months(months(late, [100] * 5), actor=SYSTEM)
    early.refresh_from_db()
    assert (int(early.monthly_revenue), early.lines) == (0, 0)
    assert early.health_reasons == [Reason.NO_REVENUE, Reason.LINES_FELL]


@pytest.mark.django_db
def test_a_batch_with_a_month_loaded_before_a_stranger_or_a_wrong_day_is_refused_whole():
    customer = a_customer()
    load_months(months(customer, [100]), actor=SYSTEM)
    for bad in (
        months(customer, [100], first=FIRST),
        [Month(10**9, FIRST, Decimal(1), Decimal(0), 1)],
        months(customer, [1], first=dt.date(2025, 6, 2)),
    ):
        with pytest.raises(RuleBroken):
            load_months([*months(customer, [1], first=dt.date(2026, 1, 1)), *bad], actor=SYSTEM)
    assert CustomerMonth.objects.count() == 1


@pytest.mark.django_db
def test_loading_months_needs_its_own_right():
    home = a_unit()
    _, head = someone_with(HEAD, at=home)
    customer = a_customer(unit=home)
    with pytest.raises(Refused):
        load_months(months(customer, [1]), actor=head)
    _, finance = someone_with({"customers.customer:load_figures": Breadth.BELOW}, at=home)
    assert load_months(months(customer, [1]), actor=finance) == 1


@pytest.mark.django_db
def test_who_has_no_month_any_more_keeps_no_old_figure():
    gone, stays = a_customer(), a_customer()
    load_months([*months(gone, [500]), *months(stays, [700])], actor=SYSTEM)
    replace_month(FIRST, months(stays, [800]), actor=SYSTEM)
    gone.refresh_from_db()
    stays.refresh_from_db()
    assert (int(gone.monthly_revenue), gone.health, gone.lines) == (0, None, 0)
    assert int(stays.monthly_revenue) == 800


def test_the_health_of_a_customer_is_set_beside_that_of_the_month_before():
    fallen, recovered, same, gone = (a_customer() for _ in range(4))
    load_months(months(fallen, [100] * 12 + [20]), actor=SYSTEM)
    load_months(
        months(recovered, [100] * 12, arrears=50) + months(recovered, [100], first=LATER), actor=SYSTEM
    )
    load_months(months(same, [100] * 13) + months(gone, [100] * 12), actor=SYSTEM)
    for one in (fallen, recovered, same, gone):
        one.refresh_from_db()
    assert health_since(fallen) == (-DEDUCTIONS[Reason.REVENUE_FELL], (Reason.REVENUE_FELL,), ())
    assert health_since(recovered) == (DEDUCTIONS[Reason.ARREARS], (), (Reason.ARREARS,))
    assert health_since(same) is None
    assert gone.health_reasons == [Reason.NO_REVENUE, Reason.LINES_FELL]
    assert health_since(gone) is None
