"""Leads are doubles like customers: found while typing and by night, made one, taken back; demo data has some."""

import pytest
from django.utils import timezone

from jike.apps.sales.actions import change_lead_state
from jike.apps.sales.demo.doubles import make_lead_doubles
from jike.apps.sales.models import Lead
from jike.apps.sales.pages.resources import LEADS
from jike.apps.sales.rules import LeadState
from jike.foundation.conversation import comment_on
from jike.foundation.doubles import merge, sweep_kind, take_back
from jike.foundation.errors import Refused
from jike.foundation.matching import near_duplicates
from jike.foundation.models import Comment, DuplicatePair
from tests.apps.sales.making import LEADER, SELLER, a_lead
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db


def two_leads(unit=None):
    """Enter one company twice, as two people heard of it."""
    place = unit or a_unit()
    first = a_lead(name="广州云岫智能制造有限公司", unit=place, phone="02038761234")
    return first, a_lead(name="云岫智能制造（广州）公司", unit=place, contact_name="林岚")


def test_a_lead_like_another_is_told_while_it_is_typed():
    first, second = two_leads()
    near = near_duplicates(Lead, {"name": "广州云岫智能制造"}, actor=SYSTEM)
    assert {one.uid for one in near} == {first.uid, second.uid}


def test_leads_are_made_one_by_the_choice_of_fields_and_taken_back():
    unit = a_unit()
    (first, second), (_person, head) = two_leads(unit), someone_with(LEADER, at=unit)
    comment_on(second, "已电话联系", actor=head)
    made = merge(LEADS, first, [second], actor=head, values={"contact_name": second.contact_name})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.contact_name, first.removed_at, second.removed_at is None) == ("林岚", None, False)
    assert Comment.objects.get().about_uid == first.uid
    take_back(LEADS, made.merge, actor=head, now=timezone.now())
    first.refresh_from_db()
    assert (first.contact_name, Lead.objects.filter(removed_at=None).count()) == ("", 2)
    assert Comment.objects.get().about_uid == second.uid


def test_an_account_manager_does_not_merge_leads():
    unit = a_unit()
    first, second = two_leads(unit)
    with pytest.raises(Refused):
        merge(LEADS, first, [second], actor=someone_with(SELLER, at=unit)[1])


def test_the_night_and_the_demo_put_doubles_of_leads_in_the_queue():
    unit = a_unit()
    two_leads(unit)
    sweep_kind(Lead)
    assert DuplicatePair.objects.filter(kind="sales.lead").count() == 1
    owner = someone_with(SELLER, at=unit)[0]
    for name in ("广州霁川物流", "深圳鹭栖食品", "佛山岭峤机械"):
        change_lead_state(a_lead(name=name, owner=owner), actor=SYSTEM, state=LeadState.FOLLOWING)
    make_lead_doubles(lambda rows: None)
    made = Lead.objects.count()
    make_lead_doubles(lambda rows: None)
    assert (made, Lead.objects.count()) == (8, 8)
    assert DuplicatePair.objects.filter(kind="sales.lead").count() == 4
