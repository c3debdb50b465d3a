"""Quotes: their lines, who must approve them, what the customer answers."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from jike.apps.catalogue.actions import change_state
from jike.apps.quoting.actions import (
    accept_quote,
    approve_quote,
    change_quote,
    expire_quotes_on,
    recommend,
    refuse_quote,
    reject_quote,
    revise_quote,
    send_quote,
    store_quote_lines,
    submit_quote,
    withdraw_quote,
)
from jike.apps.quoting.models import Quote, QuoteLine
from jike.apps.quoting.queries import alternatives_of, inbox, lines_of, path_of, precedents
from jike.foundation.errors import Invalid, Refused, RuleBroken, Stale
from jike.foundation.lines import LineEntry, LinesInvalid, Taken
from jike.foundation.scope import sealed_fields
from tests.apps.quoting.making import World, a_quote, a_world, lines_for, waiting
from tests.making import SYSTEM

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
"""Ten o'clock in Shanghai."""


@pytest.fixture
def world() -> World:
    return a_world()


def test_a_quote_adds_up_its_lines(world: World) -> None:
    quote = a_quote(world, "90", "72.5", quantity=2)
    assert (quote.list_monthly, quote.monthly_amount, quote.one_off_amount) == (4000, 3250, 2000)
    assert (quote.discount, quote.lowest_discount) == (Decimal("81.25"), Decimal("72.5"))
    assert quote.level == "city"
    assert not quote.below_floor
    assert [line.price for line in lines_of(quote)] == [Decimal("900.00"), Decimal("725.00")]


def test_a_small_discount_needs_nobody_else(world: World) -> None:
    quote = submit_quote(a_quote(world, "90"), actor=world.actors["manager"])
    assert quote.state == "approved"
    assert path_of(quote) == []


def test_a_discount_climbs_step_by_step_to_whoever_may_grant_it(world: World) -> None:
    quote = submit_quote(a_quote(world, "72"), actor=world.actors["manager"], at=MONDAY)
    assert [(one.level, one.state) for one in path_of(quote)] == [("county", "asked"), ("city", "waiting")]
    assert waiting(quote).due_at == MONDAY + dt.timedelta(hours=5, minutes=30), "four hours but lunch"
    assert [one.quote for one in inbox(world.actors["county"])] == [quote]
    assert not inbox(world.actors["city"]).exists()
    approve_quote(waiting(quote), actor=world.actors["county"])
    assert [one.quote for one in inbox(world.actors["city"])] == [quote]
    approve_quote(waiting(quote), actor=world.actors["city"], remark="同意")
    quote.refresh_from_db()
    assert quote.state == "approved"


def test_a_price_below_the_floor_climbs_to_headquarters(world: World) -> None:
    quote = submit_quote(a_quote(world, "64"), actor=world.actors["manager"])
    assert quote.below_floor
    assert [one.level for one in path_of(quote)] == ["county", "city", "province", "headquarters"]


def test_more_than_five_million_a_year_climbs_to_headquarters(world: World) -> None:
    quote = submit_quote(a_quote(world, "100", quantity=420), actor=world.actors["manager"])
    assert path_of(quote)[-1].level == "headquarters"


def test_a_refusal_gives_the_quote_back_with_its_reason(world: World) -> None:
    quote = submit_quote(a_quote(world, "72"), actor=world.actors["manager"])
    with pytest.raises(Invalid):
        refuse_quote(waiting(quote), actor=world.actors["county"], remark=" ")
    refuse_quote(waiting(quote), actor=world.actors["county"], remark="折扣过低")
    quote.refresh_from_db()
    assert (quote.state, quote.reason) == ("refused", "折扣过低")
    assert [one.state for one in path_of(quote)] == ["refused", "void"]
    again = withdraw_quote(quote, actor=world.actors["manager"])
    submit_quote(again, actor=world.actors["manager"])
    assert [(one.round, one.state) for one in path_of(quote)] == [(2, "asked"), (2, "waiting")]


def test_nobody_approves_their_own_quote(world: World) -> None:
    head = world.actors["county"]
    quote = submit_quote(a_quote(world, "85", actor=head), actor=SYSTEM)
    assert not inbox(head).exists()
    with pytest.raises(Refused):
        approve_quote(waiting(quote), actor=head)
    approve_quote(waiting(quote), actor=world.actors["city"])
    quote.refresh_from_db()
    assert quote.state == "approved"


def test_what_a_head_submits_is_approved_one_level_higher(world: World) -> None:
    quote = submit_quote(a_quote(world, "85"), actor=world.actors["county"])
    assert [one.level for one in path_of(quote)] == ["city"]


def test_an_account_manager_answers_no_approval(world: World) -> None:
    quote = submit_quote(a_quote(world, "85"), actor=world.actors["manager"])
    with pytest.raises(Refused):
        approve_quote(waiting(quote), actor=world.actors["manager"])
    approve_quote(waiting(quote), actor=world.actors["county"])
    with pytest.raises(RuleBroken):
        approve_quote(path_of(quote)[0], actor=world.actors["county"])


def test_negative_and_surplus_discounts_are_refused_in_their_row(world: World) -> None:
    quote = a_quote(world, "90")
    grid = lines_for((world.offering, 1, "-5"), (world.offering, 1, "101"), (world.offering, 0, "90"))
    with pytest.raises(LinesInvalid) as told:
        store_quote_lines(quote, grid, actor=world.actors["manager"])
    assert {place: set(found) for place, found in told.value.rows.items()} == {
        0: {"discount"},
        1: {"discount"},
        2: {"quantity"},
    }
    assert len(lines_of(quote)) == 1


def test_a_retired_offering_is_not_quoted_any_more(world: World) -> None:
    quote = a_quote(world, "90")
    change_state(world.offering, actor=SYSTEM, state="retired")
    with pytest.raises(LinesInvalid):
        store_quote_lines(quote, lines_for((world.offering, 1, "90")), actor=world.actors["manager"])
    with pytest.raises(RuleBroken, match="retired|停售"):
        submit_quote(quote, actor=world.actors["manager"])


def test_an_empty_quote_is_not_submitted(world: World) -> None:
    with pytest.raises(RuleBroken):
        submit_quote(a_quote(world), actor=world.actors["manager"])


def test_a_submitted_quote_no_longer_changes(world: World) -> None:
    quote = submit_quote(a_quote(world, "72"), actor=world.actors["manager"])
    with pytest.raises(RuleBroken):
        change_quote(quote, actor=world.actors["manager"], name="新名称")
    with pytest.raises(RuleBroken):
        store_quote_lines(quote, Taken(), actor=world.actors["manager"])


def test_of_two_people_moving_one_quote_the_second_is_told(world: World) -> None:
    quote = a_quote(world, "95")
    mine, yours = Quote.objects.get(pk=quote.pk), Quote.objects.get(pk=quote.pk)
    submit_quote(mine, actor=world.actors["manager"], version=quote.version)
    with pytest.raises(Stale):
        submit_quote(yours, actor=world.actors["county"], version=quote.version)
    send_quote(mine, actor=world.actors["manager"])
    accept_quote(mine, actor=world.actors["manager"])
    with pytest.raises(RuleBroken):
        reject_quote(yours, actor=world.actors["county"], reason="价格")


def test_a_quote_is_accepted_only_within_its_validity(world: World) -> None:
    today = timezone.localdate()
    quote = a_quote(world, "95", valid_until=today)
    submit_quote(quote, actor=world.actors["manager"])
    send_quote(quote, actor=world.actors["manager"])
    with pytest.raises(RuleBroken):
        accept_quote(quote, actor=world.actors["manager"], on=today + dt.timedelta(days=1))
    assert accept_quote(quote, actor=world.actors["manager"], on=today).state == "accepted"


def test_an_unanswered_quote_expires_once(world: World) -> None:
    today = timezone.localdate()
    quote = submit_quote(a_quote(world, "95", valid_until=today), actor=world.actors["manager"])
    assert expire_quotes_on(on=today, actor=SYSTEM) == 0
    assert expire_quotes_on(on=today + dt.timedelta(days=1), actor=SYSTEM) == 1
    assert expire_quotes_on(on=today + dt.timedelta(days=1), actor=SYSTEM) == 0
    quote.refresh_from_db()
    assert quote.state == "expired"


def test_a_revision_takes_the_lines_along_and_replaces_its_quote(world: World) -> None:
    quote = submit_quote(a_quote(world, "95"), actor=world.actors["manager"])
    revision = revise_quote(quote, actor=world.actors["manager"])
    quote.refresh_from_db()
    assert (quote.state, revision.state, revision.revision) == ("replaced", "draft", 2)
    assert revision.code == quote.code
    assert [line.price for line in lines_of(revision)] == [Decimal("950.00")]
    with pytest.raises(RuleBroken):
        revise_quote(quote, actor=world.actors["manager"])


def test_alternatives_stand_beside_each_other_until_one_is_recommended(world: World) -> None:
    quote, actor = a_quote(world, "95"), world.actors["manager"]
    store_quote_lines(quote, lines_for((world.offering, 3, "80")), actor=actor, alternative="B")
    assert quote.monthly_amount == 950
    recommend(quote, actor=actor, alternative="B")
    assert (quote.monthly_amount, quote.level) == (2400, "county")
    assert [name for name, _totals in alternatives_of(quote)] == ["A", "B"]
    with pytest.raises(RuleBroken):
        recommend(quote, actor=actor, alternative="C")


def test_a_stored_line_keeps_the_list_price_of_its_day(world: World) -> None:
    quote, actor = a_quote(world, "90"), world.actors["manager"]
    world.offering.monthly_price = Decimal(2000)
    line = lines_of(quote)[0]
    again = LineEntry(
        line.uid, {"offering": world.offering, "quantity": 2, "discount": Decimal(80)}, line.version
    )
    store_quote_lines(quote, Taken([again]), actor=actor)
    assert QuoteLine.objects.get(uid=line.uid).price == 800


def test_the_margin_is_sealed_for_account_managers(world: World) -> None:
    quote = a_quote(world, "90")
    assert "margin" in sealed_fields(world.actors["manager"], quote)
    assert "margin" not in sealed_fields(world.actors["city"], quote)
    assert {"cost", "margin"} <= set(sealed_fields(world.actors["county"], lines_of(quote)[0]))


def test_precedents_are_answered_quotes_of_the_same_family(world: World) -> None:
    manager, today = world.actors["manager"], timezone.localdate()
    earlier = submit_quote(a_quote(world, "95"), actor=manager)
    send_quote(earlier, actor=manager)
    accept_quote(earlier, actor=manager)
    quote = a_quote(world, "72")
    assert [(one.quote, one.accepted) for one in precedents(quote, world.actors["city"], on=today)] == [
        (earlier, True)
    ]
    assert precedents(earlier, world.actors["city"], on=today) == []
