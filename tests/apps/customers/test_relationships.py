"""Relationships beside the group tree: what is refused, and that both pages tell of them; the drawings of people."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.actions.relationships import add_relationship, change_relationship
from jike.apps.customers.models import Customer, CustomerRelationship
from jike.apps.customers.queries.relationships import relationships_of
from jike.apps.customers.rules import (
    RelationshipNature,
    RelationshipProblem,
    influence_layout,
    relationship_problem,
    side_of,
)
from jike.foundation.errors import Invalid, Refused
from jike.values.rights import Breadth
from tests.apps.customers.making import MANAGER, a_customer, a_key_person
from tests.doing import browser_of, together
from tests.making import SYSTEM, a_unit, someone_with

TODAY = dt.date(2026, 11, 24)
OWNS, SUPPLIES, PARTNERS = (
    RelationshipNature.OWNS,
    RelationshipNature.SUPPLIES,
    RelationshipNature.PARTNERS,
)
KEEPER = {
    **MANAGER,
    **dict.fromkeys(
        (
            *(f"customers.customerrelationship:{act}" for act in ("view", "add", "change")),
            *(f"customers.{kind}:view" for kind in ("consent", "memorialday", "careerentry")),
            *(f"customers.consent:{act}" for act in ("add", "withdraw")),
            "customers.keyperson:move",
            "customers.keyperson:see_personal",
        ),
        Breadth.OWN,
    ),
}


@pytest.mark.parametrize(
    ("nature", "told", "problem"),
    [
        (OWNS, {"itself": True, "share": Decimal(10)}, RelationshipProblem.ITSELF),
        (OWNS, {"share": None}, RelationshipProblem.SHARE_MISSING),
        (OWNS, {"share": Decimal("100.01")}, RelationshipProblem.SHARE_UNFIT),
        (SUPPLIES, {"share": Decimal(10)}, RelationshipProblem.SHARE_UNFIT),
        (SUPPLIES, {"since": TODAY, "until": dt.date(2026, 1, 1)}, RelationshipProblem.BACKWARDS),
        (OWNS, {"share": Decimal(100), "since": TODAY, "until": TODAY}, None),
    ],
)
def test_what_cannot_be_is_named(nature, told, problem):
    given_ = {"itself": False, "share": None, "since": None, "until": None, **told}
    assert relationship_problem(nature, **given_) is problem


def test_sides_tell_owners_from_owned_and_suppliers_from_supplied():
    assert [side_of(nature, outward=True) for nature in RelationshipNature] == [
        "below",
        "below",
        "right",
        "right",
    ]
    assert [side_of(nature, outward=False) for nature in RelationshipNature] == [
        "above",
        "above",
        "left",
        "right",
    ]


@given(st.lists(st.integers(0, 14), max_size=15), st.integers(1, 8))
def test_nobody_stands_on_anybody_elses_place_even_where_people_report_in_circles(bosses, widest):
    people = list(range(len(bosses)))
    superior = {one: boss for one, boss in enumerate(bosses) if boss < len(bosses)}
    places = influence_layout(people, superior, widest=widest)
    assert set(places) == set(people)
    assert len(set(places.values())) == len(people)
    by_level = sorted((place.level, place.across) for place in places.values())
    assert all(
        across + 2 <= other or level != below
        for (level, across), (below, other) in itertools.pairwise(by_level)
    )


def test_superiors_stand_above_the_middle_of_their_reports():
    places = influence_layout(["a", "b", "c"], {"b": "a", "c": "a"})
    assert (places["a"].across, places["a"].level) == (1, 0)
    assert [places[one] for one in "bc"] == [(0, 1), (2, 1)]


@pytest.mark.django_db
def test_a_relationship_is_told_once_and_from_both_sides():
    unit = a_unit()
    one, other = a_customer("甲", unit=unit), a_customer("乙", unit=unit)
    add_relationship(actor=SYSTEM, customer=one, other=other, nature="partners")
    for ends in ((one, other), (other, one)):
        with pytest.raises(Invalid):
            add_relationship(actor=SYSTEM, customer=ends[0], other=ends[1], nature="partners")
    supplies = add_relationship(
        actor=SYSTEM, customer=one, other=other, nature="supplies", until=dt.date(2026, 1, 1)
    )
    add_relationship(actor=SYSTEM, customer=other, other=one, nature="supplies")
    told = relationships_of(other, SYSTEM, today=TODAY)
    assert [(row.other, row.outward, row.standing) for row in told] == [
        (one, False, True),
        (one, True, True),
        (one, False, False),
    ]
    with pytest.raises(Invalid):
        change_relationship(supplies, actor=SYSTEM, other=one)
    with pytest.raises(Invalid):
        add_relationship(actor=SYSTEM, customer=one, other=one, nature="controls")


@pytest.mark.django_db
def test_nobody_is_owned_by_more_than_the_whole():
    owned, *owners = [a_customer() for _ in range(4)]
    for owner, share in zip(owners, (60, 40), strict=False):
        add_relationship(
            actor=SYSTEM, customer=owner, other=owned, nature="owns", share_percent=Decimal(share)
        )
    late = {"actor": SYSTEM, "customer": owners[2], "other": owned, "nature": "owns"}
    with pytest.raises(Invalid):
        add_relationship(**late, share_percent=Decimal("0.01"))
    first = CustomerRelationship.objects.get(customer=owners[0])
    change_relationship(first, actor=SYSTEM, until=dt.date(2026, 6, 30))
    add_relationship(**late, share_percent=Decimal(60), since=dt.date(2026, 7, 1))


def test_two_owners_entered_at_once_do_not_pass_the_whole(committed_db):
    owned, *owners = [a_customer() for _ in range(3)]

    def enter(owner: Customer):
        return lambda: add_relationship(
            actor=SYSTEM, customer=owner, other=owned, nature="owns", share_percent=Decimal(51)
        )

    answers = together(*map(enter, owners))
    assert sorted(isinstance(one, Invalid) for one in answers) == [False, True]


@pytest.mark.django_db
def test_relationships_to_customers_that_one_may_not_see_are_not_told():
    home = a_unit()
    manager, actor = someone_with(KEEPER, at=home)
    mine, foreign = a_customer(unit=home, owner=manager), a_customer()
    add_relationship(actor=SYSTEM, customer=foreign, other=mine, nature="supplies")
    assert relationships_of(mine, actor, today=TODAY) == []
    with pytest.raises(Refused):
        add_relationship(actor=actor, customer=mine, other=foreign, nature="partners")


@pytest.mark.django_db
def test_a_manager_draws_the_people_and_keeps_what_they_consented_to_in_a_browser():
    home = a_unit()
    manager, _actor = someone_with(KEEPER, at=home)
    mine, also_mine = (a_customer(name, unit=home, owner=manager) for name in ("甲公司", "乙公司"))
    boss = a_key_person(mine, "王敏", role="decider", attitude="opposed")
    a_key_person(mine, "李强", reports_to=boss)
    add_relationship(actor=SYSTEM, customer=mine, other=also_mine, nature="owns", share_percent=Decimal(51))
    browser = browser_of(manager)
    people = browser.get(f"/customers/{mine.uid}/tab/people/").content.decode()
    assert people.count('class="net-n"') == 2
    assert "at-opposed" in people
    assert "乙公司" in browser.get(f"/customers/{mine.uid}/tab/relationships/").content.decode()
    kept = {"topics": ["hobbies"], "given_on": "2026-01-05", "means": "signed"}
    assert browser.post(f"/key-persons/{boss.uid}/consent/", kept).status_code == 302
    assert browser.post(f"/key-persons/{boss.uid}/private/", {"hobbies": "书法"}).status_code == 302
    private = browser.get(f"/key-persons/{boss.uid}/tab/private/").content.decode()
    assert "书法" in private
    gone = {"withdrawn_on": "2026-02-01", "withdrawal": "来电"}
    assert (
        browser.post(f"/consents/{boss.consents.get().uid}/withdraw/", {**gone, "version": "1"}).status_code
        == 302
    )
    assert "书法" not in browser.get(f"/key-persons/{boss.uid}/tab/private/").content.decode()
    there = {"customer": str(also_mine.uid), "role": "influencer", "influence": "high", "on": "2026-03-01"}
    assert browser.post(f"/key-persons/{boss.uid}/move/", there).status_code == 302
    left = browser.get(f"/customers/{mine.uid}/tab/people/").content.decode()
    assert "王敏" in left
    assert left.count('class="net-n"') == 1
    listed = browser.get(
        "/customers/", {"where": '[["coverage_gaps","in",["sole_contact"]]]'}
    ).content.decode()
    assert "乙公司" in listed
    assert "sole_contact" in browser.get(reverse("foundation:home_card", args=["gaps"])).content.decode()
