"""The recycle bin: after 30 days records go for good with what hangs on them, and the stream says so."""

import datetime as dt

import pytest
from django.utils import timezone

from jike.apps.customers.actions import remove_customer, remove_key_person
from jike.apps.customers.models import Customer, KeyPerson
from jike.foundation.audit.purging import purging
from jike.foundation.conversation import comment_on
from jike.foundation.errors import Refused
from jike.foundation.models import Change, Comment
from jike.foundation.recycling import KEPT_DAYS, purge_removed
from tests.foundation.listed import SYSTEM, World, a_contact, a_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world(customers=2)


def test_what_was_removed_long_ago_goes_with_its_comments(world: World):
    row, other = world.customers
    comment_on(row, "再见", actor=world.heads)
    remove_customer(row, actor=SYSTEM)
    assert purge_removed(before=timezone.now()) == 1
    assert not Customer.objects.filter(pk=row.pk).exists()
    assert not Comment.objects.filter(about_uid=row.uid).exists()
    assert Customer.objects.filter(pk=other.pk).exists()
    told = Change.objects.filter(uid=row.uid).latest("id")
    assert (told.verb, told.actor_name) == ("purge", "recycle bin")


def test_the_nightly_job_leaves_what_was_removed_lately(world: World):
    row = world.customers[0]
    remove_customer(row, actor=SYSTEM)
    purge_removed(before=timezone.now() - dt.timedelta(days=KEPT_DAYS))
    assert Customer.objects.filter(pk=row.pk).exists()
    assert purge_removed(before=timezone.now() - dt.timedelta(days=KEPT_DAYS)) == 0


def test_what_others_still_refer_to_stays_and_what_refers_to_it_goes_first(world: World):
    row = world.customers[0]
    person = a_contact(row, "老王")
    remove_key_person(person, actor=SYSTEM)
    Customer.objects.filter(pk=row.pk).update(removed_at=timezone.now())
    assert purging(Customer, actor=SYSTEM, before=timezone.now()) == []
    assert purging(KeyPerson, actor=SYSTEM, before=timezone.now()) == [person.uid]
    assert purging(Customer, actor=SYSTEM, before=timezone.now()) == [row.uid]


def test_nobody_purges_by_hand(world: World):
    with pytest.raises(Refused):
        purging(Customer, actor=world.heads, before=timezone.now())
