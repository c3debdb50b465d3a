"""The life of an opportunity: which stage follows which, what is asked for before, and what a win sets off."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from jike.apps.sales.actions import LineGiven, OpportunityWon, change_stage, set_lines
from jike.apps.sales.queries import next_stages, what_is_missing
from jike.apps.sales.rules import (
    CLOSED,
    NEEDS,
    NEXT,
    OPEN,
    PROBABILITY,
    LeadState,
    Stage,
    VisitState,
    is_protected,
    lead_may_follow,
    may_claim,
    may_convert,
    may_follow,
    missing_for,
    protection_after,
    total_amount,
    visit_may_follow,
    weighted_amount,
)
from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, Refused, RuleBroken, Stale
from jike.foundation.events import register_handlers
from jike.foundation.jobs import job
from jike.site.wiring import HANDLERS
from tests.apps.catalogue.making import an_offering
from tests.apps.customers.making import a_customer
from tests.apps.sales.making import GIVEN, SELLER, an_opportunity
from tests.making import SYSTEM, a_unit, someone_with

STAGES = st.sampled_from(list(Stage))
MONEY = st.decimals(min_value=0, max_value=10**9, places=2)
DAYS = st.dates(min_value=dt.date(2020, 1, 1), max_value=dt.date(2040, 1, 1))
database = pytest.mark.django_db


@job("test.note_win", label="Note a win")
def note_win(uid: str) -> None:
    """Stand for whatever a higher capability does with a win."""


@given(STAGES, st.lists(STAGES, max_size=12))
def test_whatever_is_tried_an_opportunity_moves_along_the_table_only(stage, tried):
    for then in tried:
        if may_follow(stage, then):
            assert then in NEXT[stage]
            stage = then
    assert stage in Stage


@given(STAGES)
def test_what_was_won_stays_won_and_everything_else_can_go_on(stage):
    assert bool(NEXT[stage]) == (stage is not Stage.WON)
    assert not may_follow(stage, stage)
    assert (Stage.WON in NEXT[stage]) == (stage is Stage.SIGNING)


@given(STAGES, st.dictionaries(st.sampled_from(sorted({n for v in NEEDS.values() for n in v})), st.just("x")))
def test_what_is_missing_is_what_is_needed_and_not_known(stage, known):
    missing = missing_for(stage, known)
    assert set(missing) <= set(NEEDS[stage])
    assert missing_for(stage, {**known, **dict.fromkeys(missing, "x")}) == ()


@given(MONEY, MONEY, st.integers(1, 120), st.integers(0, 100))
def test_amounts_are_exact_and_a_certain_deal_weighs_all_of_it(monthly, once, months, probability):
    total = total_amount(monthly, once, months=months)
    assert total == monthly * months + once
    assert weighted_amount(total, 100) == total
    assert Decimal(0) <= weighted_amount(total, probability) <= total


@given(DAYS, DAYS)
def test_advancing_renews_protection_that_holds_and_never_shortens_it(until, on):
    renewed = protection_after(until, on=on)
    assert renewed is not None
    assert renewed >= until
    assert is_protected(renewed, today=on) == is_protected(until, today=on)


@given(st.sampled_from(list(LeadState)), st.booleans())
def test_only_nobodys_open_leads_are_claimed_and_only_somebodys_qualified_ones_converted(state, owned):
    assert not (may_claim(state, owned=owned) and may_convert(state, owned=owned))
    assert may_convert(state, owned=owned) == (owned and state is LeadState.QUALIFIED)
    assert not lead_may_follow(LeadState.CONVERTED, state)


@given(st.lists(st.sampled_from(list(VisitState)), max_size=8))
def test_a_visit_ends_once(tried):
    state, ends = VisitState.PLANNED, 0
    for then in tried:
        if visit_may_follow(state, then):
            ends += then in (VisitState.DONE, VisitState.CANCELLED)
            state = then
    assert ends <= 1


@database
@pytest.mark.parametrize("now", list(Stage))
def test_an_opportunity_enters_the_stages_of_the_table_and_no_others(now):
    customer = a_customer()
    for then in Stage:
        deal = an_opportunity(customer, stage=now)
        if may_follow(now, then):
            change_stage(deal, actor=SYSTEM, stage=then, **GIVEN[then])
            assert (deal.stage, deal.probability) == (then, PROBABILITY[then])
            assert (deal.closed_on is not None) == (then in CLOSED)
        else:
            with pytest.raises(RuleBroken):
                change_stage(deal, actor=SYSTEM, stage=then, **GIVEN[then])
            deal.refresh_from_db()
            assert deal.stage == now


@database
def test_a_stage_asks_for_what_is_missing_and_takes_it_with_the_move():
    deal = an_opportunity()
    assert what_is_missing(deal, Stage.NEGOTIATION) == ("needs", "expected_on", "monthly_amount")
    with pytest.raises(Invalid) as refused:
        change_stage(deal, actor=SYSTEM, stage=Stage.NEGOTIATION)
    assert set(refused.value.fields) == {"needs", "expected_on", "monthly_amount"}
    change_stage(deal, actor=SYSTEM, stage=Stage.NEGOTIATION, **GIVEN[Stage.NEGOTIATION])
    assert deal.amount == 5000 * deal.term_months
    assert deal.weighted_amount == deal.amount * PROBABILITY[Stage.NEGOTIATION] / 100
    assert [one.stage for one in next_stages(deal)] == [Stage.SOLUTION, Stage.SIGNING, Stage.LOST]


@database
def test_a_one_off_amount_is_an_amount():
    deal = an_opportunity(one_off_amount=Decimal(80_000))
    change_stage(deal, actor=SYSTEM, stage=Stage.NEGOTIATION, needs="集成", expected_on=dt.date(2031, 1, 1))
    assert deal.stage == Stage.NEGOTIATION


@database
def test_a_win_is_published_with_its_day_and_recorded_as_one(request):
    request.addfinalizer(lambda: register_handlers(HANDLERS))
    register_handlers({OpportunityWon: (note_win,)})
    deal = an_opportunity(stage=Stage.SIGNING)
    day = timezone.localdate() - dt.timedelta(days=40)
    change_stage(deal, actor=SYSTEM, stage=Stage.WON, on=day)
    assert (deal.closed_on, deal.stage_since, deal.weighted_amount) == (day, day, deal.amount)
    told = ProcrastinateJob.objects.filter(task_name="test.note_win").values_list("args", flat=True)
    assert list(told) == [{"uid": str(deal.uid)}]
    assert history_of(deal, SYSTEM)[0].verb == "win"


@database
@pytest.mark.parametrize("reason", ["", "because", "\0"])
def test_a_loss_says_why(reason):
    deal = an_opportunity()
    with pytest.raises(Invalid) as refused:
        change_stage(deal, actor=SYSTEM, stage=Stage.LOST, lost_reason=reason)
    assert "lost_reason" in refused.value.fields


@database
def test_nothing_is_closed_in_the_future_and_unknown_stages_are_refused():
    deal = an_opportunity(stage=Stage.SIGNING)
    with pytest.raises(Invalid) as refused:
        change_stage(deal, actor=SYSTEM, stage=Stage.WON, on=timezone.localdate() + dt.timedelta(days=1))
    assert "closed_on" in refused.value.fields
    with pytest.raises(Invalid):
        change_stage(deal, actor=SYSTEM, stage="gone")


@database
def test_a_lost_opportunity_that_comes_back_forgets_why_it_was_lost():
    deal = an_opportunity(stage=Stage.LOST)
    change_stage(deal, actor=SYSTEM, stage=Stage.NEED)
    assert (deal.lost_reason, deal.closed_on) == ("", None)
    assert deal.stage in OPEN


@database
def test_colleagues_and_stale_screens_move_nothing():
    unit = a_unit()
    owner, actor = someone_with(SELLER, at=unit)
    _other, stranger = someone_with(SELLER, at=unit)
    deal = an_opportunity(a_customer(unit=unit, owner=owner), owner=owner)
    with pytest.raises(Refused):
        change_stage(deal, actor=stranger, stage=Stage.LOST, lost_reason="price")
    seen = deal.version
    change_stage(deal, actor=actor, stage=Stage.SOLUTION, **GIVEN[Stage.SOLUTION])
    with pytest.raises(Stale):
        change_stage(deal, actor=actor, stage=Stage.LOST, lost_reason="price", version=seen)


@pytest.mark.django_db
def test_amounts_that_follow_from_products_are_not_typed_in_when_a_stage_is_entered() -> None:
    deal = an_opportunity(needs="双路由", expected_on=dt.date(2031, 1, 1))
    set_lines(deal, actor=SYSTEM, lines=[LineGiven(an_offering(monthly="1000", floor="500"), 2)])
    with pytest.raises(Invalid):
        change_stage(deal, actor=SYSTEM, stage=Stage.NEGOTIATION, monthly_amount=Decimal(5))
    change_stage(deal, actor=SYSTEM, stage=Stage.NEGOTIATION)
    assert deal.monthly_amount == 2000


@pytest.mark.django_db
def test_an_amount_left_empty_counts_as_none() -> None:
    deal = an_opportunity(needs="双路由", expected_on=dt.date(2031, 1, 1), monthly_amount=Decimal(300))
    change_stage(deal, actor=SYSTEM, stage=Stage.NEGOTIATION, one_off_amount=None)
    assert (deal.monthly_amount, deal.one_off_amount) == (300, 0)
    with pytest.raises(Invalid):
        change_stage(deal, actor=SYSTEM, stage=Stage.SIGNING, monthly_amount=None, next_step="送审")


@pytest.mark.django_db
def test_what_keeps_a_customer_is_not_registered_against_colleagues() -> None:
    kept = an_opportunity(deal_kind="retention", family="circuit")
    assert kept.protected_until is None
