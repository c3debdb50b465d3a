"""Interactions: recorded from the composer or the form, with who was there and what follows, on every timeline."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.actions import change_customer, move_customer
from jike.apps.customers.actions.interactions import (
    Following,
    Present,
    change_interaction,
    move_interaction,
    name_present,
    record_interaction,
)
from jike.apps.customers.models import PartyInteraction
from jike.apps.customers.rules.interaction_grants import INTERACTING
from jike.apps.customers.rules.interactions import Channel, Outcome, subject_of, was_spoken
from jike.apps.sales.models import Visit
from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import Source
from jike.foundation.errors import Invalid, NotFound, Refused
from jike.foundation.models import Comment
from tests.apps.customers.making import a_customer, a_key_person
from tests.apps.sales.making import SELLER, an_opportunity
from tests.doing import browser_of
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
MANAGER = {**SELLER, **INTERACTING["account_manager"]}
WORDS = "程部长认可整改方案。\n年内完成第二路由"


@pytest.fixture
def place():
    """A customer with its account manager, and a key person."""
    unit = a_unit()
    person, actor = someone_with(MANAGER, at=unit)
    customer = a_customer("岚屿港口集团有限公司", unit=unit, owner=person)
    return customer, person, actor


def say(person, record, slug="customers", **typed):
    address = reverse("resource:timeline", args=[slug, record.uid])
    return browser_of(person).post(address, {"way": "call", "body": WORDS, **typed}, **HTMX)


def test_a_call_noted_above_the_timeline_is_an_interaction_with_its_people_and_next_step(place):
    customer, person, _actor = place
    met = a_key_person(customer, "程远")
    answer = say(
        person,
        customer,
        people=[str(met.uid)],
        direction="in",
        outcome="interested",
        length_minutes="6",
        next_step="提交双路由方案",
        next_step_on="2031-03-04",
    )
    assert answer.status_code == 200
    row = PartyInteraction.objects.get()
    assert (row.customer, row.owner, row.channel, row.direction) == (customer, person, "call", "in")
    assert (row.subject, row.words, row.length_minutes) == ("程部长认可整改方案。", WORDS, 6)
    task = Task.objects.get()
    assert (row.task, task.title, task.source) == (task, "提交双路由方案", Source.INTERACTION)
    customer.refresh_from_db()
    met.refresh_from_db()
    assert (customer.next_step, customer.next_step_on) == ("提交双路由方案", dt.date(2031, 3, 4))
    assert met.spoken_on == timezone.localdate()
    page = answer.content.decode()
    assert "程远" in page
    assert "提交双路由方案 03-04" in page
    assert not Comment.objects.exists()


def test_nobody_counts_as_spoken_to_who_was_not_reached(place):
    customer, person, _actor = place
    met = a_key_person(customer)
    say(person, customer, people=[str(met.uid)], outcome="unreached")
    met.refresh_from_db()
    assert met.spoken_on is None


def test_a_note_stays_a_comment(place):
    customer, person, _actor = place
    say(person, customer, way="note")
    assert Comment.objects.get().body == WORDS
    assert not PartyInteraction.objects.exists()


def test_a_visit_noted_afterwards_is_done_at_once(place):
    customer, person, _actor = place
    answer = say(person, customer, way="visit", next_step="送方案", next_step_on="2031-03-04")
    visit = Visit.objects.get()
    assert (visit.state, visit.minutes, visit.next_step) == ("done", WORDS, "送方案")
    assert "送方案" in answer.content.decode()
    assert say(person, customer, way="visit").status_code >= 400
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"body": " "},
        {"way": "pigeon"},
        {"people": ["x"]},
        {"people": ["0192aaaa-0000-7000-8000-000000000000"]},
        {"colleagues": ["0192aaaa-0000-7000-8000-000000000000"]},
        {"happened_at": "2199-01-01T00:00"},
        {"happened_at": "soon"},
        {"length_minutes": "99999"},
        {"outcome": "great"},
        {"next_step": "x", "next_step_by": "nobody"},
    ],
)
def test_what_cannot_be_meant_is_refused_and_stores_nothing(place, typed):
    customer, person, _actor = place
    assert say(person, customer, **typed).status_code >= 400
    assert not PartyInteraction.objects.exists()
    assert not Task.objects.exists()


def test_people_of_another_customer_are_refused(place):
    customer, _person, actor = place
    other = a_key_person(a_customer(unit=customer.unit, owner=customer.owner))
    with pytest.raises(Invalid):
        record_interaction(actor=actor, customer=customer, words="x", present=Present([other.uid]))


def test_what_concerns_an_opportunity_stands_on_its_timeline_and_the_customers(place):
    customer, person, _actor = place
    deal = an_opportunity(customer, owner=person)
    assert say(person, deal, slug="opportunities").status_code == 200
    row = PartyInteraction.objects.get()
    assert (row.customer, row.about) == (customer, deal.key)
    browser = browser_of(person)
    for slug, record in (("opportunities", deal), ("customers", customer)):
        page = browser.get(reverse("resource:timeline", args=[slug, record.uid]), **HTMX)
        assert "年内完成第二路由" in page.content.decode()


def test_whoever_sees_the_customer_sees_what_was_said_and_nobody_else(place):
    customer, _person, actor = place
    row = record_interaction(actor=actor, customer=customer, words=WORDS)
    stranger, other = someone_with(MANAGER, at=a_unit())
    address = reverse("resource:record", args=["interactions", row.uid])
    assert browser_of(stranger).get(address).status_code == 404
    assert browser_of(customer.owner).get(address).status_code == 200
    with pytest.raises(Refused):
        record_interaction(actor=other, customer=customer, words="x")


def test_what_was_put_under_the_wrong_customer_moves_without_the_others_people(place):
    customer, person, actor = place
    met = a_key_person(customer)
    row = record_interaction(actor=actor, customer=customer, words="x", present=Present([met.uid]))
    right = a_customer(unit=customer.unit, owner=person)
    move_interaction(row, actor=actor, customer=right)
    assert (row.customer, row.people) == (right, [])
    elsewhere = a_customer()
    with pytest.raises((Refused, NotFound)):
        move_interaction(row, actor=actor, customer=elsewhere)


def test_afterwards_one_completes_who_was_there_and_what_came_of_it(place):
    customer, person, actor = place
    colleague, _ = someone_with(MANAGER, at=customer.unit)
    met = a_key_person(customer)
    row = record_interaction(actor=actor, customer=customer, words=WORDS)
    change_interaction(row, actor=actor, outcome="settled", needs="第二路由")
    name_present(row, actor=actor, present=Present([met.uid], [colleague.uid, person.uid]))
    assert (row.outcome, row.people, row.colleagues) == ("settled", [met.uid], [colleague.uid])
    browser = browser_of(person)
    page = browser.get(reverse("resource:record", args=["interactions", row.uid])).content.decode()
    assert all(word in page for word in (met.name, colleague.name, "第二路由"))
    dialog = reverse("customers:interaction_step", args=[row.uid])
    browser.post(dialog, {"next_step": "回访", "next_step_on": "2031-01-02"}, **HTMX)
    assert Task.objects.get().title == "回访"
    present = reverse("customers:interaction_present", args=[row.uid])
    assert met.name in browser.get(present, **HTMX).content.decode()
    browser.post(present, {"people": [], "colleagues": [str(colleague.uid)]}, **HTMX)
    row.refresh_from_db()
    assert (row.people, row.colleagues) == ([], [colleague.uid])


def test_the_list_the_calendar_and_the_form_show_and_take_interactions(place):
    customer, person, actor = place
    record_interaction(actor=actor, customer=customer, words=WORDS)
    browser = browser_of(person)
    for asked in ({}, {"layout": "calendar"}):
        assert (
            "程部长认可"
            in browser.get(reverse("resource:list", args=["interactions"]), asked).content.decode()
        )
    typed = {"customer": str(customer.uid), "channel": "meeting", "subject": "月度例会", "direction": "out"}
    typed["happened_at"] = "2026-01-05 09:30"
    browser.post(reverse("resource:add", args=["interactions"]), typed)
    row = PartyInteraction.objects.get(subject="月度例会")
    assert (row.channel, row.owner) == ("meeting", person)


def test_a_groups_timeline_tells_of_subsidiaries_too_unless_asked_for_its_own(place):
    top, person, actor = place
    below = a_customer("澜川物流有限公司", unit=top.unit, owner=person)
    move_customer(below, actor=SYSTEM, parent=top)
    record_interaction(actor=actor, customer=below, words="子公司的话")
    change_customer(below, actor=SYSTEM, needs="专线")
    address, browser = reverse("resource:timeline", args=["customers", top.uid]), browser_of(person)
    with_below = browser.get(address, **HTMX).content.decode()
    assert re.search("子公司的话", with_below)
    assert "澜川物流有限公司" in with_below
    alone = browser.get(address, {"alone": "1"}, **HTMX).content.decode()
    assert "子公司的话" not in alone
    assert "alone=" in alone


def test_a_next_step_named_for_somebody_becomes_their_task(place):
    customer, _person, actor = place
    colleague, _ = someone_with(
        {"customers.customer:view": MANAGER["customers.customer:view"].ALL}, at=customer.unit
    )
    record_interaction(
        actor=actor, customer=customer, words="x", following=Following("报价", dt.date(2031, 1, 1), colleague)
    )
    assert Task.objects.get().owner == colleague


@given(st.text(max_size=400))
def test_a_subject_is_one_short_line_of_what_was_said(words):
    subject = subject_of(words)
    assert len(subject) <= 60
    assert subject.rstrip("…") in words
    assert not subject or not subject.isspace()


@pytest.mark.parametrize(
    ("channel", "outcome", "direction", "spoken"),
    [
        (Channel.CALL, "", "out", True),
        (Channel.CALL, Outcome.UNREACHED, "out", False),
        (Channel.MAIL, "", "out", False),
        (Channel.MAIL, "", "in", True),
    ],
)
def test_one_is_spoken_to_when_one_answered(channel, outcome, direction, spoken):
    assert was_spoken(channel, outcome, direction=direction) is spoken
