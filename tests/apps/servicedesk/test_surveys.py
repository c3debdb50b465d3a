"""Surveys: answered once, by whoever holds the link; satisfaction is perceived less expected."""

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jike.apps.servicedesk.actions import (
    answer_survey,
    mail_surveys,
    send_survey,
    settle_ticket,
    withdraw_survey,
)
from jike.apps.servicedesk.models import Survey
from jike.apps.servicedesk.queries import (
    satisfaction_by_unit,
    satisfaction_of_customer,
    survey_behind,
    token_of,
)
from jike.apps.servicedesk.rules import ASPECTS, GRANTS, index_of, means_of
from jike.foundation.errors import Invalid, NotFound, RuleBroken
from tests.apps.customers.making import a_customer, a_key_person
from tests.apps.servicedesk.making import a_ticket, at
from tests.doing import attempted
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db
GOOD = {"network": (7, 9), "manager": (8, 8)}
DAY = dt.timedelta(days=1)
POINTS = st.integers(min_value=1, max_value=10)


@given(st.dictionaries(st.sampled_from([str(one) for one in ASPECTS]), st.tuples(POINTS, POINTS), min_size=1))
def test_means_lie_within_the_scale(answers):
    expectation, perception = means_of(answers)
    assert 1 <= expectation <= 10
    assert 1 <= perception <= 10
    assert 0 <= index_of(perception, Decimal(1)) <= 100


@pytest.mark.parametrize(
    "answers", [{}, {"weather": (1, 2)}, {"network": (0, 5)}, {"network": (5, 11)}, {"network": (5,)}]
)
def test_answers_off_the_scale_are_refused(answers):
    survey = send_survey(actor=SYSTEM, customer=a_customer())
    with pytest.raises(Invalid):
        answer_survey(survey, answers=answers)


def test_a_survey_is_answered_once():
    customer = a_customer()
    survey = send_survey(actor=SYSTEM, customer=customer, at=at("2026-11-02 10:00"))
    answer_survey(survey, answers=GOOD, reputation=True, preference=False, at=at("2026-11-03 10:00"))
    assert (survey.expectation, survey.perception, survey.satisfaction) == (Decimal("7.5"), Decimal("8.5"), 1)
    with pytest.raises(RuleBroken):
        answer_survey(survey, answers=GOOD, at=at("2026-11-03 10:05"))
    found = satisfaction_of_customer(customer, SYSTEM)
    assert found is not None
    assert (found.answered, found.reputation, found.preference) == (1, 1, 0)
    assert satisfaction_by_unit(SYSTEM, since=at("2026-11-01 00:00"))[0][1] == customer.unit.name


def test_whatever_is_tried_a_survey_is_answered_once_or_withdrawn_and_stays_so():
    unit = a_unit()
    survey = send_survey(actor=SYSTEM, customer=a_customer(unit=unit), at=at("2026-11-02 10:00"))
    actors = {one: someone_with(GRANTS[one], at=unit)[1] for one in ("county_head", "service_agent")}
    acts = {
        "answered": lambda one, day: answer_survey(one, answers=GOOD, at=at("2026-11-03 10:00") + day * DAY),
        "head": lambda one, day: withdraw_survey(one, actor=actors["county_head"]),
        "agent": lambda one, day: withdraw_survey(one, actor=actors["service_agent"]),
    }
    table = {"sent": ("answered", "withdrawn"), "answered": (), "withdrawn": ()}

    @settings(max_examples=10, phases=(Phase.explicit, Phase.generate))
    @given(steps=st.lists(st.tuples(st.sampled_from(sorted(acts)), st.integers(0, 60)), max_size=8))
    def tried(steps):
        with transaction.atomic():
            done = [attempted(survey, partial(acts[act], day=day), table=table) for act, day in steps]
            assert sum(done) <= 1
            assert not any(moved and act == "agent" for moved, (act, _day) in zip(done, steps, strict=True))
            transaction.set_rollback(True)

    tried()


def test_a_survey_ends_after_its_day_or_when_it_is_withdrawn():
    survey = send_survey(actor=SYSTEM, customer=a_customer(), at=at("2026-09-01 10:00"))
    with pytest.raises(RuleBroken):
        answer_survey(survey, answers=GOOD, at=at("2026-10-02 10:00"))
    withdraw_survey(survey, actor=SYSTEM)
    with pytest.raises(RuleBroken):
        withdraw_survey(survey, actor=SYSTEM)


def test_a_customer_is_asked_about_a_ticket_once():
    ticket = a_ticket()
    settle_ticket(ticket, actor=SYSTEM, settlement="已处理", at=at("2026-11-18 10:00"))
    send_survey(actor=SYSTEM, customer=ticket.customer, ticket=ticket)
    with pytest.raises(Invalid):
        send_survey(actor=SYSTEM, customer=ticket.customer, ticket=ticket)


def test_the_link_is_answered_without_signing_in_and_only_once():
    survey = send_survey(actor=SYSTEM, customer=a_customer())
    client, link = Client(), f"/s/{token_of(survey)}/"
    assert client.get(link).status_code == 200
    sent = {"network_expected": "6", "network_perceived": "9", "reputation": "yes", "remark": "很好"}
    assert client.post(link, sent).status_code == 302
    again = client.post(link, {**sent, "network_perceived": "1"})
    assert again.status_code == 200
    survey.refresh_from_db()
    assert (survey.perception, survey.reputation, survey.preference) == (9, True, None)


def test_a_link_that_is_too_old_asks_for_nothing():
    survey = send_survey(actor=SYSTEM, customer=a_customer(), at=at("2026-01-05 10:00"))
    shown = Client().get(f"/s/{token_of(survey)}/")
    assert shown.context["closed"]
    assert b'name="remark"' not in shown.content


def test_an_empty_answer_and_a_made_up_link_change_nothing():
    survey = send_survey(actor=SYSTEM, customer=a_customer())
    client = Client()
    assert client.post(f"/s/{token_of(survey)}/", {}).status_code == 422
    assert client.get(f"/s/{token_of(survey)[:-2]}xx/").status_code == 404
    with pytest.raises(NotFound):
        survey_behind("no token at all")
    assert Survey.objects.get().state == "sent"
    assert survey.valid_until > dt.date(2026, 1, 1)


@pytest.fixture
def mail_server(settings: Any) -> None:
    """Let mail go to Django's list of letters; pytest-django empties it before each test."""
    settings.EMAIL_HOST = "mail.example"


def test_the_link_is_mailed_once_to_whoever_reported(mail_server: None):
    customer = a_customer()
    person = a_key_person(customer, "苏望舒", email="su@example.com")
    ticket = a_ticket(customer, key_person=person)
    settle_ticket(ticket, actor=SYSTEM, settlement="已处理", at=at("2026-11-18 10:00"))
    survey = send_survey(actor=SYSTEM, customer=customer, key_person=person, ticket=ticket)
    assert survey.mail_to == "su@example.com"
    for _ in range(2):
        mail_surveys()
    (letter,) = mail.outbox
    assert letter.to == ["su@example.com"]
    assert "苏望舒" in letter.body
    assert ticket.title in letter.body
    path = f"/s/{token_of(survey)}/"
    assert letter.body.count(path) == 2
    assert Client().get(path).status_code == 200
    survey.refresh_from_db()
    assert survey.mailed_at is not None


def test_an_address_may_be_named_and_without_one_or_too_late_nothing_is_mailed(mail_server: None):
    named = send_survey(actor=SYSTEM, customer=a_customer(), mail_to="li@example.com")
    send_survey(actor=SYSTEM, customer=a_customer())
    send_survey(actor=SYSTEM, customer=a_customer(), mail_to="old@example.com", at=at("2026-01-05 10:00"))
    withdrawn = send_survey(actor=SYSTEM, customer=a_customer(), mail_to="no@example.com")
    withdraw_survey(withdrawn, actor=SYSTEM)
    mail_surveys()
    assert [letter.to for letter in mail.outbox] == [[named.mail_to]]


def test_without_a_mail_server_the_letter_waits_and_a_failed_one_is_tried_again(settings: Any):
    survey = send_survey(actor=SYSTEM, customer=a_customer(), mail_to="li@example.com")
    settings.EMAIL_HOST = ""
    mail_surveys()
    settings.EMAIL_HOST, settings.EMAIL_BACKEND = "127.0.0.1", "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    with pytest.raises(OSError, match="refused"):
        mail_surveys()
    survey.refresh_from_db()
    assert (mail.outbox, survey.mailed_at) == ([], None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail_surveys()
    assert len(mail.outbox) == 1
