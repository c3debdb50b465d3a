"""Why one sees a record: in words, by post, breadth, unit, share and deputy; of others for who may explain it."""

import pytest
from django.urls import reverse

from jike.apps.customers.rules import GRANTS
from jike.foundation.pages.resources.why import EXPLAIN
from jike.foundation.scope import explain
from jike.foundation.sharing import share
from tests.apps.customers.making import a_customer
from tests.doing import browser_of
from tests.making import SYSTEM, a_deputy, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db
MANAGER, HEAD = GRANTS["account_manager"], GRANTS["county_head"]


@pytest.fixture
def place():
    """A unit with a head, an account manager and their customer."""
    unit = a_unit("天河区分公司")
    manager, actor = someone_with(MANAGER, at=unit)
    head, leading = someone_with({**HEAD, EXPLAIN: HEAD["customers.customer:view"]}, at=unit)
    customer = a_customer(unit=unit, owner=manager)
    return locals()


def why(place, reader, **query):
    address = reverse("resource:why", args=["customers", place["customer"].uid])
    return browser_of(reader).get(address, query)


def test_the_reasons_name_the_unit_of_the_post(place):
    told = " ".join(explain(place["leading"], "view", place["customer"]))
    assert "天河区分公司" in told


def test_owner_deputy_and_share_are_told_apart(place):
    other, theirs = someone_with(MANAGER, at=place["unit"])
    assert place["manager"].name in " ".join(explain(theirs, "view", place["customer"]))
    assert len(explain(theirs, "view", place["customer"])) == 2
    share(place["customer"], other.uid, actor=SYSTEM)
    assert len(explain(theirs, "view", place["customer"])) == 3
    a_deputy(place["manager"], other)
    assert (
        explain(acting(other), "view", place["customer"])[1] != explain(theirs, "view", place["customer"])[1]
    )


def test_everybody_reads_why_they_see_a_record(place):
    answer = why(place, place["manager"])
    assert answer.status_code == 200
    assert 'name="q"' not in answer.content.decode()


def test_a_head_reads_why_somebody_does_not_see_it(place):
    stranger, _actor = someone_with(MANAGER, at=a_unit())
    page = why(place, place["head"], person=str(stranger.uid)).content.decode()
    assert stranger.name in page
    assert place["manager"].name in page
    assert why(place, stranger).status_code == 404
    assert stranger.name not in why(place, place["manager"], person=str(stranger.uid)).content.decode()
