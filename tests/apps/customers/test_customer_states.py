"""The life of a customer: which state follows which, and what is asked for before."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.actions import change_state
from jike.apps.customers.models import Customer
from jike.apps.customers.queries import next_states
from jike.apps.customers.rules import (
    NEEDS,
    NEXT,
    Ability,
    State,
    is_truly_potential,
    may_follow,
    missing_for,
)
from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, Refused, RuleBroken
from tests.apps.customers.making import HEAD, a_customer
from tests.making import SYSTEM, a_person, a_unit, someone_with

STATES = st.sampled_from(list(State))
PATHS = {
    State.POTENTIAL: (),
    State.ACTIVE: (State.ACTIVE,),
    State.SILENT: (State.ACTIVE, State.SILENT),
    State.LOST: (State.ACTIVE, State.LOST),
    State.ARCHIVED: (State.ARCHIVED,),
}
GIVEN = {
    State.POTENTIAL: {"needs": "两地专线", "ability": "able"},
    State.SILENT: {"reason": "停机"},
    State.LOST: {"reason": "转网", "since": dt.date(2026, 3, 1)},
    State.ARCHIVED: {"reason": "注销"},
}


def a_customer_that_is(state: State) -> Customer:
    customer = a_customer(owner=a_person(a_unit()), certificate_number=f"Z{state}")
    for step in PATHS[state]:
        change_state(customer, actor=SYSTEM, state=step, **GIVEN.get(step, {}))
    return customer


@given(STATES, st.lists(STATES, max_size=12))
def test_whatever_is_tried_a_customer_moves_along_the_table_only(state, tried):
    for then in tried:
        if may_follow(state, then):
            assert then in NEXT[state]
            state = then
    assert state in State


@given(STATES)
def test_every_state_can_be_left_and_none_follows_itself(state):
    assert NEXT[state]
    assert not may_follow(state, state)


@given(
    STATES,
    st.dictionaries(
        st.sampled_from(["needs", "ability", "owner_id", "state_reason"]), st.sampled_from(["", "x", "able"])
    ),
)
def test_what_is_missing_is_what_is_needed_and_not_known(state, known):
    missing = missing_for(state, known)
    assert set(missing) <= set(NEEDS[state])
    assert missing_for(state, {**known, **dict.fromkeys(missing, "able")}) == ()


@pytest.mark.parametrize(
    ("needs", "ability", "potential"),
    [
        ("专线", Ability.ABLE, True),
        ("", Ability.ABLE, False),
        ("专线", Ability.UNKNOWN, False),
        ("  ", Ability.ABLE, False),
    ],
)
def test_potential_means_need_and_ability_together(needs, ability, potential):
    assert is_truly_potential(needs, ability) is potential


@pytest.mark.django_db
@pytest.mark.parametrize("now", list(State))
@pytest.mark.parametrize("then", list(State))
def test_a_customer_enters_the_states_of_the_table_and_no_others(now, then):
    customer = a_customer_that_is(now)
    if then in NEXT[now]:
        change_state(customer, actor=SYSTEM, state=then, **GIVEN.get(then, {}))
        assert Customer.objects.get(pk=customer.pk).state == then
        assert history_of(customer, SYSTEM)[0].verb == "change_state"
    else:
        with pytest.raises(RuleBroken):
            change_state(customer, actor=SYSTEM, state=then, **GIVEN.get(then, {}))
        assert Customer.objects.get(pk=customer.pk).state == now


@pytest.mark.django_db
def test_a_customer_becomes_active_only_with_a_manager_and_a_certificate():
    customer = a_customer()
    with pytest.raises(Invalid) as caught:
        change_state(customer, actor=SYSTEM, state="active")
    assert set(caught.value.fields) == {"owner", "certificate_number"}
    owned = a_customer(owner=a_person(a_unit()))
    change_state(owned, actor=SYSTEM, state="active", certificate_number="Z-1")
    assert Customer.objects.values_list("state", "certificate_number").get(pk=owned.pk) == ("active", "Z-1")


@pytest.mark.django_db
def test_the_reason_of_an_earlier_state_does_not_answer_for_the_next():
    customer = a_customer_that_is(State.SILENT)
    with pytest.raises(Invalid) as caught:
        change_state(customer, actor=SYSTEM, state="lost", since=timezone.localdate())
    assert list(caught.value.fields) == ["state_reason"]


@pytest.mark.django_db
def test_a_state_cannot_begin_in_the_future_and_begins_today_unless_said():
    customer = a_customer_that_is(State.ACTIVE)
    assert customer.state_since == timezone.localdate()
    with pytest.raises(Invalid) as caught:
        change_state(
            customer,
            actor=SYSTEM,
            state="silent",
            reason="x",
            since=timezone.localdate() + dt.timedelta(days=1),
        )
    assert list(caught.value.fields) == ["state_since"]


@pytest.mark.django_db
def test_an_unknown_state_is_refused_and_unasked_values_are_a_mistake():
    customer = a_customer()
    with pytest.raises(Invalid):
        change_state(customer, actor=SYSTEM, state="gone")
    with pytest.raises(TypeError):
        change_state(customer, actor=SYSTEM, state="archived", reason="x", name="新名")


@pytest.mark.django_db
def test_the_next_states_say_what_each_asks_for():
    found = {one.state: one.asked for one in next_states(a_customer())}
    assert found == {State.ACTIVE: ("owner_id", "certificate_number"), State.ARCHIVED: ("state_reason",)}


@pytest.mark.django_db
def test_who_may_only_view_does_not_change_the_state():
    home = a_unit()
    _, actor = someone_with({"customers.customer:view": HEAD["customers.customer:view"]}, at=home)
    customer = a_customer(unit=home)
    with pytest.raises(Refused):
        change_state(customer, actor=actor, state="archived", reason="x")
