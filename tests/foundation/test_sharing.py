"""Sharing a record: what collaborators see and change, who may make them, and how it ends."""

import pytest

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.organisation.models import Unit
from jike.foundation.audit import changing, history_of
from jike.foundation.errors import NotFound, Refused, RuleBroken
from jike.foundation.models import Change, Share
from jike.foundation.scope import SEALED, fetch, read_field, visible
from jike.foundation.sharing import share, shares_of, unshare
from jike.values.identifiers import uid7
from jike.values.rights import Breadth
from tests.apps.customers.making import a_customer, a_key_person
from tests.making import SYSTEM, a_person, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db
OWN = {"customers.customer:view": Breadth.OWN, "customers.customer:change": Breadth.OWN}


@pytest.fixture
def customer():
    owner, _actor = someone_with(OWN, at=a_unit())
    return a_customer(unit=owner.unit, owner=owner)


@pytest.fixture
def colleague():
    return someone_with(OWN, at=a_unit())[0]


def rename(customer, actor, name):
    with changing(customer, actor=actor):
        customer.name = name


def test_a_collaborator_sees_the_record_and_changes_nothing(customer, colleague):
    assert not visible(Customer, acting(colleague)).exists()
    share(customer, colleague.uid, actor=acting(customer.owner))
    assert fetch(Customer, customer.uid, acting(colleague)) == customer
    with pytest.raises(Refused):
        rename(customer, acting(colleague), "改名公司")


def test_a_collaborator_who_may_change_it_does(customer, colleague):
    share(customer, colleague.uid, may_change=True, actor=acting(customer.owner))
    rename(customer, acting(colleague), "改名公司")
    assert Customer.objects.get(pk=customer.pk).name == "改名公司"


def test_a_shared_record_keeps_its_sealed_fields_from_collaborators(customer):
    rights = {
        **OWN,
        **dict.fromkeys(("customers.keyperson:view", "customers.keyperson:see_personal"), Breadth.OWN),
    }
    colleague, _ = someone_with(rights, at=a_unit())
    person = a_key_person(customer, phone="13812345678")
    share(customer, colleague.uid, may_change=True, actor=SYSTEM)
    actor = acting(colleague)
    shared = fetch(KeyPerson, person.uid, actor)
    assert read_field(actor, shared, "phone") is SEALED
    mine = a_key_person(a_customer(unit=colleague.unit, owner=colleague), phone="13812345678")
    assert read_field(actor, mine, "phone") == mine.phone


def test_sharing_again_changes_what_the_collaborator_may_do(customer, colleague):
    for may_change in (True, False):
        share(customer, colleague.uid, may_change=may_change, actor=SYSTEM)
    assert [(one.person, one.may_change) for one in shares_of(customer)] == [(colleague.uid, False)]
    with pytest.raises(Refused):
        rename(customer, acting(colleague), "改名公司")


def test_an_ended_collaboration_shows_nothing_more_and_can_begin_again(customer, colleague):
    share(customer, colleague.uid, actor=SYSTEM)
    unshare(customer, colleague.uid, actor=acting(customer.owner))
    with pytest.raises(NotFound):
        fetch(Customer, customer.uid, acting(colleague))
    with pytest.raises(NotFound):
        unshare(customer, colleague.uid, actor=SYSTEM)
    share(customer, colleague.uid, actor=SYSTEM)
    assert fetch(Customer, customer.uid, acting(colleague)) == customer


def test_only_who_may_change_a_record_shares_it(customer, colleague):
    share(customer, colleague.uid, actor=SYSTEM)
    third = a_person(a_unit())
    for attempt in (share, unshare):
        with pytest.raises((Refused, NotFound)):
            attempt(customer, third.uid, actor=acting(colleague))
    with pytest.raises(Refused):
        unshare(customer, colleague.uid, actor=acting(colleague))
    assert shares_of(customer).count() == 1


def test_only_people_who_can_sign_in_collaborate(customer):
    gone = a_person(a_unit(), is_active=False)
    for person in (gone.uid, uid7()):
        with pytest.raises(RuleBroken):
            share(customer, person, actor=SYSTEM)
    assert not Share.objects.exists()


def test_what_belongs_to_nobody_cannot_be_shared(colleague):
    unit = a_unit()
    assert "own" not in Unit.SCOPE
    with pytest.raises(RuleBroken):
        share(unit, colleague.uid, actor=SYSTEM)


def test_each_step_of_a_collaboration_is_recorded(customer, colleague):
    row = share(customer, colleague.uid, actor=SYSTEM)
    share(customer, colleague.uid, may_change=True, actor=SYSTEM)
    unshare(customer, colleague.uid, actor=SYSTEM)
    recorded = Change.objects.filter(uid=row.uid).order_by("id").values_list("verb", flat=True)
    assert list(recorded) == ["share", "share", "unshare"]
    assert history_of(Share.objects.get(pk=row.pk), SYSTEM)[1].values["may_change"] == (False, True)
