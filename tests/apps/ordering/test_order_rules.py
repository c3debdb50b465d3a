"""States, objections and steps of orders as tables: no forbidden move, no step before those it needs."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.catalogue.rules import Family
from jike.apps.ordering.rules import (
    NEXT,
    RENT,
    ItemAction,
    ItemState,
    Objection,
    OrderState,
    Step,
    TaskState,
    Wanted,
    latest_final_acceptance,
    may_follow,
    objections,
    order_state,
    plan_of,
    product_state_after,
    steps_of,
)
from jike.values.working_calendar import WorkingCalendar
from tests.apps.ordering.making import MORNING

CALENDAR = WorkingCalendar()
FAMILIES = st.sampled_from(list(Family))
ACTIONS = st.sampled_from(list(ItemAction))
FINE = {"served": True, "complete": True, "deep_in_arrears": False, "in_force": True}


@given(st.sampled_from(list(OrderState)), st.lists(st.sampled_from(list(OrderState)), max_size=12))
def test_a_completed_or_cancelled_order_stays_so_whatever_is_tried(state, tried):
    for then in tried:
        if may_follow(state, then):
            assert then in NEXT[state]
            assert state not in (OrderState.COMPLETED, OrderState.CANCELLED)
            state = then


@given(ACTIONS, FAMILIES)
def test_each_step_stands_after_all_those_it_needs_and_one_changes_the_rent(action, family):
    steps = steps_of(action, family)
    seen: set[Step] = set()
    for one in steps:
        assert seen.issuperset(one.after)
        assert one.step not in seen
        seen.add(one.step)
    assert len(seen & RENT) == 1


def test_a_circuit_is_surveyed_built_tested_and_accepted_before_its_rent_starts():
    steps = [one.step for one in steps_of(ItemAction.ADD, "circuit")]
    assert steps == [
        Step.SURVEY,
        Step.RESOURCE,
        Step.CONSTRUCTION,
        Step.CONFIGURATION,
        Step.TEST,
        Step.FIRST_ACCEPTANCE,
        Step.FINAL_ACCEPTANCE,
        Step.RENT_START,
    ]


def test_an_internet_line_is_promised_within_three_working_days():
    due = max(one.due_at for one in plan_of(ItemAction.ADD, "broadband", start=MORNING, calendar=CALENDAR))
    assert CALENDAR.working_time_between(MORNING, due).time == CALENDAR.working_day * 3


@given(ACTIONS, FAMILIES, st.integers(0, 400), st.integers(0, 23))
def test_steps_are_due_in_working_time_and_never_before_those_they_wait_for(action, family, day, hour):
    start = MORNING + dt.timedelta(days=day, hours=hour)
    due = {one.step: one for one in plan_of(action, family, start=start, calendar=CALENDAR)}
    for one in due.values():
        assert one.due_at > max((due[before].due_at for before in one.after), default=start)


def test_final_acceptance_follows_within_three_months():
    first = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
    assert latest_final_acceptance(first) == dt.datetime(2027, 2, 28, 2, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("changed", "objection"),
    [
        ({"served": False}, Objection.NOT_SERVED),
        ({"complete": False}, Objection.CUSTOMER_INCOMPLETE),
        ({"deep_in_arrears": True}, Objection.DEEP_IN_ARREARS),
        ({"in_force": False}, Objection.AGREEMENT_NOT_IN_FORCE),
    ],
)
def test_what_stands_against_the_customer_bars_what_is_new_only(changed, objection):
    new, ending = Wanted(ItemAction.ADD, 1), Wanted(ItemAction.TERMINATE, 1, product_state="active")
    assert objections([new], **{**FINE, **changed}) == [(objection, None)]
    assert objections([ending], **{**FINE, **changed}) == []


@pytest.mark.parametrize(
    ("wanted", "objection"),
    [
        (Wanted(ItemAction.ADD, 1, on_sale=False), Objection.OFFERING_NOT_ON_SALE),
        (Wanted(ItemAction.ADD, 3, left=2), Objection.ORDERED_ALREADY),
        (Wanted(ItemAction.SUSPEND, 1), Objection.PRODUCT_MISSING),
        (Wanted(ItemAction.SUSPEND, 1, product_state="terminated"), Objection.PRODUCT_STATE),
        (Wanted(ItemAction.RESUME, 1, product_state="active"), Objection.PRODUCT_STATE),
        (Wanted(ItemAction.MODIFY, 1, product_state="active", changes=False), Objection.NOTHING_CHANGES),
        (Wanted(ItemAction.MODIFY, 1, product_state="active", under_way=True), Objection.ORDER_UNDER_WAY),
        (Wanted(ItemAction.TERMINATE, 1, product_state="active", own=False), Objection.PRODUCT_OF_ANOTHER),
        (
            Wanted(ItemAction.MODIFY, 1, product_state="active", below_agreed=True),
            Objection.PRICE_BELOW_AGREED,
        ),
    ],
)
def test_each_thing_wrong_with_an_item_is_named(wanted, objection):
    assert objections([wanted], **FINE) == [(objection, 0)]


def test_an_order_that_asks_for_nothing_is_refused():
    assert objections([], **FINE) == [(Objection.NO_ITEMS, None)]


@given(ACTIONS)
def test_nothing_can_be_done_to_a_terminated_product(action):
    assert product_state_after(action, "terminated") is None


def test_an_order_is_held_while_a_step_has_failed_and_complete_when_its_items_are():
    running, done = [ItemState.RUNNING], [ItemState.COMPLETED, ItemState.CANCELLED]
    assert order_state(running, [TaskState.DONE, TaskState.FAILED]) is OrderState.HELD
    assert order_state(running, [TaskState.DONE, TaskState.READY]) is OrderState.RUNNING
    assert order_state(done, [TaskState.DONE]) is OrderState.COMPLETED
