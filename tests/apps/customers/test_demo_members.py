"""Demo customers have member lines, the same ones however often the step runs."""

import pytest

from jike.apps.customers.actions import change_state
from jike.apps.customers.demo.members import make_members
from jike.apps.customers.models import Member, MemberBatch
from jike.apps.customers.rules import State, judged_number
from tests.apps.customers.making import a_customer
from tests.making import SYSTEM, a_person, a_unit

pytestmark = pytest.mark.django_db


def test_active_demo_customers_have_members_of_whom_some_left():
    unit = a_unit()
    owner = a_person(unit)
    active = [
        a_customer(f"广州颂畅{number}有限公司", unit=unit, owner=owner, certificate_number=f"Z{number}")
        for number in range(3)
    ]
    for one in active:
        change_state(one, actor=SYSTEM, state=State.ACTIVE)
    a_customer("广州雍湾有限公司", unit=unit)
    for _again in range(2):
        make_members(lambda rows: None)
    members = Member.objects.all()
    assert {one.customer_id for one in members} == {one.pk for one in active}
    assert members.filter(left_on=None).count() + members.exclude(left_on=None).count() == 4 + 33 + 15
    assert members.exclude(left_on=None).count() == 3
    assert all(judged_number(one.number) == (one.number, "") for one in members)
    assert all(batch.counts["refused"] == 0 for batch in MemberBatch.objects.all())
