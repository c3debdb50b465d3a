"""Who stands in for an approver sees what waits, is told of it and decides in the other's stead, never beyond."""

from http import HTTPStatus

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from jike.apps.organisation.models import Person, Unit
from jike.apps.quoting.actions import approve_quote, submit_quote
from jike.apps.quoting.models import Quote, QuoteApproval
from jike.apps.quoting.queries import inbox, path_of
from jike.foundation.errors import Refused
from jike.foundation.models import Notice
from jike.foundation.scope import Actor, visible
from jike.values.rights import Breadth
from tests.apps.quoting.making import World, a_quote, a_world, role, waiting
from tests.making import a_deputy, acting, someone_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world()


def a_colleague(world: World, *, of: str = "county", at: Unit | None = None) -> tuple[Person, Actor]:
    """Make an account manager of another county who stands in for the head named ``of``."""
    person, _actor = someone_with(role("account_manager"), at=at or world.units["city"])
    a_deputy(world.people[of], person)
    return person, acting(person)


def submitted(world: World, percent: str = "85") -> Quote:
    return submit_quote(a_quote(world, percent), actor=world.actors["manager"])


def test_a_deputy_finds_what_waits_is_told_and_agrees_in_the_heads_stead(world: World) -> None:
    person, deputy = a_colleague(world)
    quote = submitted(world)
    step = waiting(quote)
    assert list(inbox(deputy)) == [step]
    assert Notice.objects.filter(person=person.uid, topic="quoting.approval_in_stead").count() == 1
    approve_quote(step, actor=deputy, remark="代批")
    quote.refresh_from_db()
    answered = path_of(quote)[0]
    assert (quote.state, answered.approver, answered.on_behalf_of) == (
        "approved",
        person,
        world.people["county"],
    )
    told = Notice.objects.get(person=world.people["county"].uid, topic="quoting.answered_in_stead")
    assert person.name in told.text


def test_standing_in_opens_the_approval_but_not_the_heads_quotes_altogether(world: World) -> None:
    _person, deputy = a_colleague(world)
    quote = submitted(world)
    assert not visible(Quote, deputy).filter(pk=quote.pk).exists()
    assert not visible(QuoteApproval, deputy).filter(quote=quote).exists()


def test_a_deputy_answers_no_further_than_the_head_and_not_after_the_time(world: World) -> None:
    person, deputy = a_colleague(world)
    quote = submitted(world, "75")
    approve_quote(waiting(quote), actor=deputy)
    with pytest.raises(Refused):
        approve_quote(waiting(quote), actor=deputy)
    person.principals.all().delete()
    assert list(inbox(acting(person))) == []


def test_nobody_decides_upon_their_own_quote_in_anybodys_stead(world: World) -> None:
    manager = world.people["manager"]
    a_deputy(world.people["county"], manager)
    quote = submitted(world)
    actor = acting(manager)
    assert list(inbox(actor)) == []
    with pytest.raises(Refused):
        approve_quote(waiting(quote), actor=actor)


def test_who_agreed_for_the_county_does_not_agree_for_the_city_too(world: World) -> None:
    county = world.people["county"]
    a_deputy(world.people["city"], county)
    quote = submitted(world, "75")
    actor = acting(county)
    approve_quote(waiting(quote), actor=actor)
    assert list(inbox(actor)) == []
    with pytest.raises(Refused):
        approve_quote(waiting(quote), actor=actor)


def test_a_deputy_of_a_deputy_has_no_authority(world: World) -> None:
    middle, _actor = a_colleague(world)
    last, _last = someone_with(role("account_manager"), at=world.units["city"])
    a_deputy(middle, last)
    quote = submitted(world)
    assert list(inbox(acting(last))) == []
    with pytest.raises(Refused):
        approve_quote(waiting(quote), actor=acting(last))


def test_the_page_names_for_whom_and_shows_lines_that_the_deputy_could_not_open(world: World) -> None:
    person, _deputy = a_colleague(world)
    quote = submitted(world)
    browser = Client()
    browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    head = world.people["county"].name
    listed = browser.get(reverse("quoting:approvals")).content.decode()
    address = reverse("quoting:approval", args=[waiting(quote).uid])
    assert address in listed
    assert head in listed
    assert head in browser.get("/").content.decode()
    page = browser.get(address).content.decode()
    assert str(world.offering) in page
    assert 'value="approve"' in page
    assert reverse("resource:record", args=["customers", world.customer.uid]) not in page
    assert browser.post(address, {"answer": "approve"}).status_code == HTTPStatus.FOUND
    path = path_of(quote)[0]
    assert (path.state, path.on_behalf_of) == ("approved", world.people["county"])


def test_the_way_to_approvals_opens_to_whoever_stands_in_for_an_approver_and_to_no_other_deputy(
    world: World,
) -> None:
    address = reverse("quoting:approvals")

    def way_of(principal: Person | None) -> bool:
        person, _actor = someone_with({"tasks.task:view": Breadth.OWN}, at=world.units["city"])
        if principal is not None:
            a_deputy(principal, person)
        browser = Client()
        browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return f'href="{address}"' in browser.get("/").content.decode()

    assert [way_of(world.people[name]) for name in ("county", "manager")] == [True, False]
    assert not way_of(None)


def test_ones_own_quotes_in_approval_stand_with_whom_they_wait_for(world: World) -> None:
    quote = submitted(world)
    browser = Client()
    browser.force_login(world.people["manager"], backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = browser.get(reverse("quoting:approvals")).content.decode()
    assert reverse("resource:record", args=["quotes", quote.uid]) in page
    assert world.units["county"].name in page
