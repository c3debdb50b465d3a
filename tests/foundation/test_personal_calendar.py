"""One's own calendar at a secret address: what it holds, for whom, and until when."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from jike.apps.customers.actions.interactions import record_interaction
from jike.apps.organisation.actions import disable_person
from jike.apps.tasks.actions import add_task
from jike.foundation.errors import NotFound
from jike.foundation.personal_calendar import close_feed, open_feed, token_of, whose
from tests.apps.customers.making import a_customer, a_key_person
from tests.apps.customers.test_interactions import MANAGER
from tests.apps.sales.making import a_visit
from tests.doing import browser_of
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db
PERSONAL = {"customers.keyperson:see_personal": MANAGER["customers.customer:view"]}


@pytest.fixture
def place():
    person, actor = someone_with({**MANAGER, **PERSONAL}, at=a_unit())
    open_feed(actor)
    return a_customer(unit=person.unit, owner=person), person, actor


def read(actor) -> Calendar:
    answer = Client().get(reverse("foundation:calendar_feed", args=[token_of(actor)]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def test_it_holds_ones_own_visits_tasks_interactions_and_birthdays_to_care_for(place):
    customer, _person, actor = place
    today = timezone.localdate()
    visit = a_visit(customer, days=1, purpose="走访；方案, 报价\n第二行"[:10])
    add_task(actor=actor, title="提交方案", due_at=timezone.now() + dt.timedelta(days=2))
    record_interaction(actor=actor, customer=customer, words="谈妥", length_minutes=6)
    a_key_person(customer, "程远", birthday=(today + dt.timedelta(days=5)).replace(year=1980))
    events = {str(one["summary"]): one for one in read(actor).walk("VEVENT")}
    assert len(events) == 4
    visited = events[f"{customer.name} · {visit.purpose}"]
    assert visited.decoded("dtstart") == visit.planned_at
    assert visited["url"].endswith(f"/visits/{visit.uid}/")
    assert "提交方案" in events
    talked = next(one for title, one in events.items() if "谈妥" in title)
    assert talked.decoded("dtend") - talked.decoded("dtstart") == dt.timedelta(minutes=6)
    birthday = next(one for title, one in events.items() if "程远" in title)
    assert birthday.decoded("dtstart") == today + dt.timedelta(days=5)
    assert birthday.walk("VALARM")[0].decoded("trigger") == dt.timedelta(days=-3)


def test_it_holds_nothing_of_colleagues(place):
    customer, _person, actor = place
    colleague, _other = someone_with(MANAGER, at=customer.unit)
    a_visit(customer, days=1, owner=colleague)
    assert not read(actor).walk("VEVENT")


def test_a_revoked_renewed_or_forged_address_leads_nowhere(place):
    _customer, person, actor = place
    first = token_of(actor)
    browser = browser_of(person)
    assert first in browser.get(reverse("me")).content.decode()
    browser.post(reverse("foundation:calendar_renew"))
    second = token_of(actor)
    assert second != first
    browser.post(reverse("foundation:calendar_close"))
    assert token_of(actor) == ""
    for token in (first, second, "0" * 72, "x", second[:32] + "0" * 40):
        assert Client().get(reverse("foundation:calendar_feed", args=[token])).status_code == 404


def test_it_ends_with_the_rights_of_its_person(place):
    _customer, person, actor = place
    token = token_of(actor)
    assert whose(token)[0].uid == person.uid
    disable_person(person, actor=SYSTEM)
    with pytest.raises(NotFound):
        whose(token)
    close_feed(actor)
