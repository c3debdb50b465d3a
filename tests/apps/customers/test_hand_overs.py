"""Customers change hands: proposed, answered, withdrawn; what goes over and what stays."""

import pytest
from django.utils import timezone

from jike.apps.customers.actions import (
    accept_hand_over,
    assign_deputy,
    assign_owner,
    lapse_hand_overs,
    propose_hand_over,
    refuse_hand_over,
    remove_customer,
    withdraw_hand_over,
)
from jike.apps.customers.models import Customer
from jike.apps.customers.queries import (
    hand_over_waiting_for,
    items_of,
    may_answer,
    may_withdraw,
    outcome_of,
    waiting_for_answer,
)
from jike.apps.customers.rules import GRANTS
from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.models import Notice
from jike.foundation.scope import visible
from tests.apps.customers.making import a_customer
from tests.making import SYSTEM, a_deputy, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db
MANAGER, HEAD = GRANTS["account_manager"], GRANTS["county_head"]


@pytest.fixture
def team():
    """A unit with two account managers and a head; the first manager's two customers."""
    unit = a_unit()
    giver, giving = someone_with(MANAGER, at=unit)
    taker, taking = someone_with(MANAGER, at=unit)
    head, leading = someone_with(HEAD, at=unit)
    customers = [a_customer(unit=unit, owner=giver) for _ in range(2)]
    return locals()


def owners(team):
    now = Customer.objects.in_bulk([one.pk for one in team["customers"]])
    return [now[one.pk].owner for one in team["customers"]]


def proposed(team, by="giving"):
    ids = [one.pk for one in team["customers"]]
    return propose_hand_over(ids, actor=team[by], taker=team["taker"], reason="片区调整").hand_over


def test_nothing_changes_until_the_new_manager_accepts(team):
    hand_over = proposed(team)
    assert owners(team) == [team["giver"]] * 2
    assert list(waiting_for_answer(team["taking"])) == [hand_over]
    assert hand_over_waiting_for(team["customers"][0]) == hand_over
    accept_hand_over(hand_over, actor=team["taking"])
    assert owners(team) == [team["taker"]] * 2
    assert hand_over_waiting_for(team["customers"][0]) is None
    customer = Customer.objects.get(pk=team["customers"][0].pk)
    assert customer.owner_since == timezone.localdate()
    latest = history_of(customer, SYSTEM)[0]
    assert (latest.verb, latest.actor) == ("hand_over", team["taker"].uid)


def test_both_sides_are_told(team):
    hand_over = proposed(team)
    assert Notice.objects.filter(person=team["taker"].uid, topic="customers.hand_over_asked").count() == 1
    accept_hand_over(hand_over, actor=team["taking"], remark="好")
    assert Notice.objects.filter(person=team["giver"].uid, topic="customers.hand_over_decided").count() == 1


def test_who_proposed_sees_the_hand_over_and_may_withdraw_it_but_not_answer_it(team):
    hand_over = proposed(team)
    assert visible(type(hand_over), acting(team["giver"])).get() == hand_over
    assert (may_answer(hand_over, team["giving"]), may_withdraw(hand_over, team["giving"])) == (False, True)
    assert (may_answer(hand_over, team["taking"]), may_withdraw(hand_over, team["taking"])) == (True, False)
    with pytest.raises(Refused):
        accept_hand_over(hand_over, actor=team["giving"])
    with pytest.raises(Refused):
        withdraw_hand_over(hand_over, actor=team["taking"])
    withdraw_hand_over(hand_over, actor=team["giving"])
    with pytest.raises(RuleBroken):
        accept_hand_over(hand_over, actor=team["taking"])
    assert owners(team) == [team["giver"]] * 2


def test_a_head_hands_over_what_lies_in_their_units_and_may_withdraw_others_proposals(team):
    withdraw_hand_over(proposed(team), actor=team["leading"])
    hand_over = proposed(team, by="leading")
    assert (hand_over.giver, hand_over.proposer) == (team["giver"], team["head"])
    accept_hand_over(hand_over, actor=team["taking"])
    assert owners(team) == [team["taker"]] * 2


def test_a_refusal_says_why_and_lets_the_customers_be_proposed_again(team):
    hand_over = proposed(team)
    with pytest.raises(Invalid):
        refuse_hand_over(hand_over, actor=team["taking"], remark=" ")
    refuse_hand_over(hand_over, actor=team["taking"], remark="距离太远")
    assert owners(team) == [team["giver"]] * 2
    assert proposed(team).state == "waiting"


def test_a_customer_waits_in_one_hand_over_only(team):
    proposed(team)
    with pytest.raises(RuleBroken):
        proposed(team)


def test_what_is_not_ones_own_is_passed_over(team):
    other, _acting = someone_with(MANAGER, at=a_unit())
    foreign = a_customer(owner=other, unit=other.unit)
    ids = [team["customers"][0].pk, foreign.pk]
    found = propose_hand_over(ids, actor=team["giving"], taker=team["taker"])
    assert (found.hand_over.number, found.passed_over) == (1, 1)


def test_what_was_assigned_or_removed_meanwhile_stays_as_it_is(team):
    first, second = team["customers"]
    third = a_customer(unit=team["unit"], owner=team["giver"])
    team["customers"].append(third)
    hand_over = proposed(team)
    assign_owner(first, actor=team["leading"], owner=team["head"])
    remove_customer(second, actor=team["leading"])
    accept_hand_over(hand_over, actor=team["taking"])
    kept = {one.customer_id: one.kept for one in items_of(hand_over)}
    assert kept == {first.pk: "elsewhere", second.pk: "gone", third.pk: ""}
    assert owners(team) == [team["head"], team["giver"], team["taker"]]
    assert outcome_of(hand_over) == (1, {"elsewhere": 1, "gone": 1})


def test_a_deputy_who_becomes_the_manager_is_deputy_no_more(team):
    customer = team["customers"][0]
    assign_deputy(customer, actor=team["leading"], deputy=team["taker"])
    accept_hand_over(proposed(team), actor=team["taking"])
    customer.refresh_from_db()
    assert (customer.owner, customer.deputy) == (team["taker"], None)


def test_whoever_stands_in_for_the_taker_answers_for_them(team):
    substitute, _acting = someone_with(MANAGER, at=team["unit"])
    a_deputy(team["taker"], substitute)
    accept_hand_over(proposed(team), actor=acting(substitute))
    assert owners(team) == [team["taker"]] * 2


def test_nobody_answers_their_own_proposal_in_the_takers_stead(team):
    a_deputy(team["taker"], team["giver"])
    hand_over = proposed(team)
    assert not may_answer(hand_over, acting(team["giver"]))
    with pytest.raises(Refused):
        accept_hand_over(hand_over, actor=acting(team["giver"]))


def test_an_acceptor_who_left_takes_nothing_over_and_the_proposal_lapses(team):
    substitute, _acting = someone_with(MANAGER, at=team["unit"])
    a_deputy(team["taker"], substitute)
    hand_over = proposed(team)
    type(team["taker"]).objects.filter(pk=team["taker"].pk).update(is_active=False)
    hand_over.refresh_from_db()
    with pytest.raises(RuleBroken, match="sign in|登录"):
        accept_hand_over(hand_over, actor=acting(substitute))
    lapse_hand_overs()
    hand_over.refresh_from_db()
    assert hand_over.state == "lapsed"
    assert owners(team) == [team["giver"]] * 2
    assert Notice.objects.filter(person=team["giver"].uid, topic="customers.hand_over_decided").count() == 1


def test_customers_are_not_proposed_to_somebody_who_takes_none(team):
    clerk, _acting = someone_with(
        {"organisation.unit:view": MANAGER["customers.customer:claim"]}, at=team["unit"]
    )
    with pytest.raises(RuleBroken):
        propose_hand_over([team["customers"][0].pk], actor=team["giving"], taker=clerk)
