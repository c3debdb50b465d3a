"""Grade, service level and credit change by hand only with a superior's consent, and everybody sees what waits."""

import pytest
from django.urls import reverse

from jike.apps.customers.actions import (
    approve_proposal,
    change_customer,
    grade_customer,
    propose_changes,
    refuse_proposal,
    withdraw_proposal,
)
from jike.apps.customers.actions.records import change_customers
from jike.apps.customers.models import ChangeProposal, Customer
from jike.apps.customers.queries import proposals_for
from jike.apps.organisation.actions import disable_person
from jike.apps.organisation.models import Person, Unit
from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.models import Notice
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD, MANAGER, a_customer
from tests.doing import browser_of
from tests.making import SYSTEM, a_deputy, a_person, a_post, a_role, a_unit, acting

pytestmark = pytest.mark.django_db
DECIDES = {f"customers.changeproposal:{act}": Breadth.BELOW for act in ("view", "answer")}


class World:
    """A county below a city, each with a head, and an account manager with one customer."""

    def __init__(self) -> None:
        self.city = a_unit("广州分公司", level="city")
        self.county = a_unit("番禺分公司", under=self.city, level="county")
        self.head = self.someone("何主任", self.county, {**HEAD, **DECIDES})
        self.above = self.someone("贺总", self.city, {**HEAD, **DECIDES})
        self.manager = self.someone(
            "林经理", self.county, {**MANAGER, "customers.changeproposal:view": Breadth.OWN}
        )
        self.customer = a_customer("长隆旅游", unit=self.county, owner=self.manager)

    @staticmethod
    def someone(name: str, unit: Unit, grants: dict[str, Breadth]) -> Person:
        """Make a person with these rights."""
        person = a_person(unit, name=name)
        a_post(person, a_role(grants))
        return person

    def proposed(self, **wanted: str) -> ChangeProposal:
        """Propose, as the account manager."""
        actor = acting(self.manager)
        return propose_changes(
            self.customer, actor=actor, reason="收入翻倍", wanted=wanted or {"grade": "A2"}
        )[0]

    def grade(self) -> str:
        """Return the grade stored."""
        return Customer.objects.get(pk=self.customer.pk).grade


@pytest.fixture
def world() -> World:
    return World()


def told(person: Person) -> list[str]:
    """Return the topics of the notices of a person."""
    return list(Notice.objects.filter(person=person.uid).order_by("id").values_list("topic", flat=True))


def test_the_old_grade_counts_until_the_nearest_superior_agrees(world: World):
    proposal = world.proposed()
    assert world.grade() == "D"
    assert told(world.head) == ["customers.proposal_asked"]
    assert not told(world.above)
    assert list(proposals_for(acting(world.head))) == [proposal]
    approve_proposal(proposal, actor=acting(world.head), remark="同意")
    assert world.grade() == "A2"
    entry = history_of(world.customer, SYSTEM)[0]
    assert (entry.verb, entry.actor_name) == ("grade", "何主任")
    assert told(world.manager) == ["customers.proposal_answered"]
    assert not proposals_for(acting(world.head)).exists()


def test_a_refusal_says_why_and_changes_nothing(world: World):
    proposal = world.proposed(credit="AAA")
    with pytest.raises(Invalid):
        refuse_proposal(proposal, actor=acting(world.head), remark=" ")
    refuse_proposal(proposal, actor=acting(world.head), remark="账期太长")
    assert Customer.objects.get(pk=world.customer.pk).credit == ""
    with pytest.raises(RuleBroken):
        approve_proposal(proposal, actor=acting(world.head))


def test_nobody_decides_upon_their_own_or_without_authority(world: World):
    actor = acting(world.head)
    own = propose_changes(world.customer, actor=actor, reason="战略客户", wanted={"grade": "A1"})[0]
    assert told(world.above) == ["customers.proposal_asked"]
    for person in (world.head, world.manager):
        with pytest.raises(Refused):
            approve_proposal(own, actor=acting(person))
    approve_proposal(own, actor=acting(world.above))
    assert world.grade() == "A1"


def test_of_two_heads_of_equal_rank_the_first_to_answer_decides_and_each_decides_upon_the_others(
    world: World,
):
    peer = world.someone("另一主任", world.county, {**HEAD, **DECIDES})
    proposal = world.proposed()
    assert told(world.head) == told(peer) == ["customers.proposal_asked"]
    approve_proposal(proposal, actor=acting(peer))
    with pytest.raises(RuleBroken):
        refuse_proposal(proposal, actor=acting(world.head), remark="晚了一步")
    assert world.grade() == "A2"
    own = propose_changes(
        world.customer, actor=acting(world.head), reason="战略客户", wanted={"grade": "A1"}
    )[0]
    assert told(peer)[-1] == "customers.proposal_asked"
    assert not told(world.above)
    approve_proposal(own, actor=acting(peer))
    assert world.grade() == "A1"


def test_a_deputy_decides_in_the_heads_stead_but_not_upon_their_own(world: World):
    stand_in = world.someone("代主任", world.county, {})
    a_deputy(world.head, stand_in)
    a_deputy(world.head, world.manager)
    proposal = world.proposed()
    assert told(stand_in) == ["customers.proposal_in_stead"]
    with pytest.raises(Refused):
        approve_proposal(proposal, actor=acting(world.manager))
    page = browser_of(stand_in).get(reverse("customers:proposals"))
    assert "长隆旅游" in page.content.decode()
    approve_proposal(proposal, actor=acting(stand_in))
    proposal.refresh_from_db()
    assert (world.grade(), proposal.approver, proposal.on_behalf_of) == ("A2", stand_in, world.head)


def test_when_the_superior_has_left_the_next_one_up_is_asked_and_finds_what_waited(world: World):
    waiting = world.proposed()
    disable_person(world.head, actor=SYSTEM)
    assert list(proposals_for(acting(world.above))) == [waiting]
    world.proposed(service_level="gold")
    assert told(world.above) == ["customers.proposal_asked"]


def test_one_thing_is_proposed_once_at_a_time_and_may_be_withdrawn(world: World):
    first = world.proposed()
    with pytest.raises(Invalid):
        world.proposed(grade="B1")
    with pytest.raises(Refused):
        withdraw_proposal(first, actor=acting(world.head))
    withdraw_proposal(first, actor=acting(world.manager))
    assert world.proposed(grade="B1").after == "B1"
    with pytest.raises(RuleBroken):
        world.proposed(grade="D")
    with pytest.raises(Invalid):
        world.proposed(grade="Z9")


def test_what_a_head_sets_overtakes_what_waits(world: World):
    proposal = world.proposed()
    grade_customer(world.customer, actor=acting(world.head), grade="C", credit="A")
    proposal.refresh_from_db()
    assert (world.grade(), proposal.state) == ("C", "overtaken")


def test_credit_is_no_free_field(world: World):
    with pytest.raises(Invalid):
        change_customer(world.customer, actor=acting(world.manager), credit="AAA")
    outcome = change_customers({world.customer.pk: {"credit": "AAA"}}, actor=acting(world.manager))
    assert outcome.refused
    change_customer(world.customer, actor=acting(world.head), credit="AAA")
    assert Customer.objects.get(pk=world.customer.pk).credit == "AAA"


def test_the_pages_show_propose_and_decide(world: World):
    manager, head = browser_of(world.manager), browser_of(world.head)
    ask = reverse("customers:propose", args=[world.customer.uid])
    assert manager.post(ask, {"grade": "B1", "service_level": "standard", "reason": ""}).status_code == 422
    sent = {"grade": "B1", "service_level": "silver", "credit": "", "reason": "合同增长"}
    assert manager.post(ask, sent).status_code == 302
    one, two = ChangeProposal.objects.order_by("aspect")
    record = reverse("resource:record", args=["customers", world.customer.uid])
    assert "合同增长" in manager.get(record).content.decode()
    assert one.customer.name in head.get("/", {"view": "me"}).content.decode()
    decide = reverse("customers:answer_proposal", args=[one.uid])
    assert manager.get(decide).status_code == 404
    assert head.post(decide, {"answer": "approve", "remark": ""}).status_code == 302
    assert (
        head.post(reverse("customers:answer_proposal", args=[two.uid]), {"answer": "refuse"}).status_code
        == 422
    )
    assert world.grade() == "B1"


def test_who_sees_nothing_of_it_finds_no_page(world: World):
    stranger = browser_of(a_person(world.city))
    proposal = world.proposed()
    for address in ("proposals", "answer_proposal", "withdraw_proposal"):
        given = [] if address == "proposals" else [proposal.uid]
        assert stranger.get(reverse(f"customers:{address}", args=given)).status_code == 404
