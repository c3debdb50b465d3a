"""Agreements: made from quotes or by hand, signed, announced, renewed, ended."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jike.apps.quoting.actions import (
    accept_quote,
    add_agreement,
    agree_on_quote,
    announce_endings,
    change_agreement,
    end_agreements,
    mark_document,
    open_renewal,
    renew_agreement,
    send_quote,
    sign_agreement,
    store_agreement_lines,
    submit_quote,
    terminate_agreement,
)
from jike.apps.quoting.models import Agreement
from jike.apps.quoting.pages.panels import agreement_near
from jike.apps.quoting.queries import lines_of_agreement
from jike.apps.sales.models import Opportunity
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.lines import LineEntry, LinesInvalid, Taken
from jike.foundation.models import Notice
from tests.apps.quoting.making import World, a_quote, a_world, with_documents
from tests.making import SYSTEM

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2025, 1, 6)


@pytest.fixture
def world() -> World:
    return a_world()


def an_agreement(world: World, *, on: dt.date | None = None, starts_on: dt.date | None = None) -> Agreement:
    """Make the agreement on a quote that was accepted that day."""
    actor, day = world.actors["manager"], on or timezone.localdate()
    quote = submit_quote(a_quote(world, "95", quantity=2, on=day), actor=actor)
    send_quote(quote, actor=actor, on=day)
    accept_quote(quote, actor=actor, on=day)
    return agree_on_quote(quote, actor=actor, starts_on=starts_on or day, on=day)


def a_signed_one(world: World, *, on: dt.date) -> Agreement:
    """Make one in force since that day, for 24 months."""
    agreement = an_agreement(world, on=on) if on == timezone.localdate() else _backdated(world, on)
    return sign_agreement(with_documents(agreement), actor=world.actors["manager"], on=on)


def _backdated(world: World, on: dt.date) -> Agreement:
    agreement = add_agreement(
        actor=world.actors["manager"], customer=world.customer, name="专线协议", starts_on=on, on=on
    )
    return store_agreement_lines(agreement, by_hand(world, "950"), actor=world.actors["manager"])


def by_hand(world: World, price: str | None) -> Taken:
    """Return a grid of one line."""
    values = {"offering": world.offering, "quantity": 2, "price": None if price is None else Decimal(price)}
    return Taken([LineEntry(None, values)])


def test_an_agreement_takes_over_what_was_quoted(world: World) -> None:
    agreement = an_agreement(world)
    line = lines_of_agreement(agreement)[0]
    assert (line.quantity, line.price, line.one_off_price) == (2, 950, 500)
    assert (agreement.monthly_amount, agreement.one_off_amount) == (1900, 1000)
    assert agreement.ends_on > agreement.starts_on
    with pytest.raises(Invalid):
        agree_on_quote(agreement.quote, actor=world.actors["manager"])


def test_only_an_accepted_quote_becomes_an_agreement(world: World) -> None:
    with pytest.raises(RuleBroken):
        agree_on_quote(a_quote(world, "95"), actor=world.actors["manager"])


def test_nothing_is_signed_without_its_documents(world: World) -> None:
    agreement, actor = an_agreement(world), world.actors["manager"]
    with pytest.raises(RuleBroken):
        sign_agreement(agreement, actor=actor)
    signed = sign_agreement(with_documents(agreement), actor=actor, signatory="王敏")
    assert (signed.state, signed.signatory) == ("active", "王敏")
    with pytest.raises(RuleBroken):
        sign_agreement(signed, actor=actor)
    with pytest.raises(RuleBroken):
        mark_document(signed, actor=actor, document="contract", there=False)


def test_dates_that_contradict_are_refused(world: World) -> None:
    actor, today = world.actors["manager"], timezone.localdate()
    agreement = with_documents(an_agreement(world, starts_on=today))
    with pytest.raises(Invalid) as told:
        sign_agreement(agreement, actor=actor, on=today + dt.timedelta(days=2))
    assert set(told.value.fields) == {"on", "starts_on"}


def test_a_price_that_needs_approval_is_not_agreed_by_hand(world: World) -> None:
    actor = world.actors["manager"]
    agreement = add_agreement(actor=actor, customer=world.customer, name="专线协议")
    with pytest.raises(LinesInvalid):
        store_agreement_lines(agreement, by_hand(world, "890"), actor=actor)
    store_agreement_lines(agreement, by_hand(world, None), actor=actor)
    assert agreement.monthly_amount == 2000


def test_the_lines_of_a_quote_are_not_changed_in_its_agreement(world: World) -> None:
    agreement, actor = an_agreement(world), world.actors["manager"]
    with pytest.raises(RuleBroken):
        store_agreement_lines(agreement, by_hand(world, "1000"), actor=actor)
    with pytest.raises(RuleBroken):
        change_agreement(agreement, actor=actor, term_months=36)


def test_an_ending_is_announced_at_ninety_sixty_and_thirty_days_once_each(world: World) -> None:
    agreement = a_signed_one(world, on=LONG_AGO)
    days = [agreement.ends_on - dt.timedelta(days=left) for left in (91, 90, 90, 60, 31, 30, 1)]
    told = [announce_endings(on=day, actor=SYSTEM) for day in days]
    assert told == [0, 1, 0, 1, 0, 1, 0]
    assert Notice.objects.filter(person=world.people["manager"].uid, about_uid=agreement.uid).count() == 3


def test_endings_are_announced_in_as_many_statements_for_many_as_for_one(world: World) -> None:
    def announced(count: int) -> int:
        agreements = [a_signed_one(world, on=LONG_AGO) for _ in range(count)]
        with CaptureQueriesContext(connection) as asked:
            assert announce_endings(on=agreements[0].ends_on, actor=SYSTEM) == count
        told = Notice.objects.filter(about_uid__in=[one.uid for one in agreements])
        assert {one.about_uid for one in told} == {one.uid for one in agreements}
        return len(asked)

    assert announced(1) == announced(3)


def test_an_agreement_ends_after_its_last_day(world: World) -> None:
    agreement = a_signed_one(world, on=LONG_AGO)
    assert end_agreements(on=agreement.ends_on, actor=SYSTEM) == 0
    assert end_agreements(on=agreement.ends_on + dt.timedelta(days=1), actor=SYSTEM) == 1
    assert end_agreements(on=agreement.ends_on + dt.timedelta(days=1), actor=SYSTEM) == 0
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_on) == ("ended", agreement.ends_on)


def test_a_signed_renewal_makes_the_old_one_renewed(world: World) -> None:
    actor = world.actors["manager"]
    agreement = a_signed_one(world, on=LONG_AGO)
    renewal = renew_agreement(agreement, actor=actor, term_months=12)
    assert renewal.starts_on == max(agreement.ends_on + dt.timedelta(days=1), timezone.localdate())
    assert lines_of_agreement(renewal)[0].one_off_price == 0
    with pytest.raises(Invalid):
        renew_agreement(agreement, actor=actor)
    sign_agreement(with_documents(renewal), actor=actor)
    end_agreements(on=agreement.ends_on + dt.timedelta(days=1), actor=SYSTEM)
    agreement.refresh_from_db()
    assert agreement.state == "renewed"


def test_ending_early_has_its_price_and_is_for_heads(world: World) -> None:
    agreement = a_signed_one(world, on=LONG_AGO)
    day = agreement.starts_on + dt.timedelta(days=10)
    with pytest.raises(Refused):
        terminate_agreement(agreement, actor=world.actors["manager"], reason="搬迁", on=day)
    with pytest.raises(Invalid):
        terminate_agreement(agreement, actor=world.actors["county"], reason=" ", on=day)
    with pytest.raises(Invalid):
        after = agreement.ends_on + dt.timedelta(days=1)
        terminate_agreement(agreement, actor=world.actors["county"], reason="搬迁", on=after)
    ended = terminate_agreement(agreement, actor=world.actors["county"], reason="搬迁", on=day)
    assert ended.state == "terminated"
    assert ended.early_fee > 0
    with pytest.raises(RuleBroken):
        renew_agreement(ended, actor=world.actors["manager"])


def test_an_ending_opens_one_renewal_opportunity_however_often_it_is_told(world: World) -> None:
    agreement = a_signed_one(world, on=LONG_AGO)
    for days in (90, 60, 60):
        open_renewal(str(agreement.uid), days)
    deal = Opportunity.objects.get(deal_kind="renewal")
    assert (deal.customer, deal.owner) == (world.customer, world.people["manager"])
    assert deal.monthly_amount == agreement.monthly_amount


def test_a_customers_head_tells_of_an_agreement_that_ends_soon(world: World) -> None:
    actor = world.actors["manager"]
    agreement = a_signed_one(world, on=LONG_AGO)
    assert agreement_near(world.customer, actor, on=agreement.ends_on - dt.timedelta(days=91)) is None
    near = agreement_near(world.customer, actor, on=agreement.ends_on - dt.timedelta(days=30))
    assert near == {"agreement": agreement, "left": 30}
