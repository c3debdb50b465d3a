"""What is kept by time: tried, chosen, removed by night and reported."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from jike.foundation.errors import Invalid, Refused
from jike.foundation.models import Draft, RetentionReport
from jike.foundation.privacy.retention import CHANGE, VIEW, keep_days, kept_days, remove_old, standings
from jike.values.rights import Breadth
from tests.doing import browser_of
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db


def a_draft(person, days):
    draft = Draft.objects.create(person=person.uid, form=f"customers.{days}", about=None, data={})
    Draft.objects.filter(pk=draft.pk).update(typed_at=timezone.now() - dt.timedelta(days=days))


@pytest.fixture
def keeper():
    """Somebody who may set for how long things are kept, with an old draft and a new one."""
    person, _actor = someone_with({VIEW: Breadth.ALL, CHANGE: Breadth.ALL}, at=a_unit())
    a_draft(person, 100)
    a_draft(person, 10)
    return person


def would_go(name, **given):
    return next(one.would_go for one in standings(now=timezone.now(), **given) if one.kept.name == name)


def test_the_night_removes_what_is_too_old_and_reports_it(keeper):
    assert would_go("drafts") == 1
    remove_old(now=timezone.now())
    assert Draft.objects.count() == 1
    assert RetentionReport.objects.get(name="drafts").removed == 1
    assert would_go("drafts") == 0


def test_trying_other_days_removes_nothing(keeper):
    assert would_go("drafts", trying={"drafts": 5}) == 2
    page = browser_of(keeper).post(
        reverse("foundation:retention"), {"name": "drafts", "days": "5", "act": "try"}
    )
    assert 'value="5"' in page.content.decode()
    assert (Draft.objects.count(), kept_days("drafts")) == (2, 90)


def test_days_are_chosen_within_their_limits(keeper):
    browser_of(keeper).post(reverse("foundation:retention"), {"name": "drafts", "days": "7", "act": "keep"})
    assert kept_days("drafts") == 7
    with pytest.raises(Invalid):
        keep_days("bin", 3, actor=SYSTEM)
    with pytest.raises(Refused):
        keep_days("drafts", 8, actor=someone_with({}, at=a_unit())[1])
