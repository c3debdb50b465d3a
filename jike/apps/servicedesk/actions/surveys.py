"""Surveys are sent, answered once by whoever holds the link, or withdrawn."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.queries.group import standing_customer
from jike.apps.servicedesk.actions.mailing import mail_surveys
from jike.apps.servicedesk.models import Survey, Ticket
from jike.apps.servicedesk.rules import Occasion, SurveyState, may_answer, means_of, satisfaction_of
from jike.foundation.audit import changing, creating
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.jobs import defer
from jike.foundation.numbering import next_number
from jike.foundation.scope import Actor, require, system_actor

__all__ = ["answer_survey", "send_survey", "withdraw_survey"]

VALID_DAYS = 30
CUSTOMER = system_actor("servicedesk.survey_link")
"""Who answers is known by the link alone; the history names it."""


@transaction.atomic
def send_survey(
    *,
    actor: Actor,
    customer: Customer,
    key_person: KeyPerson | None = None,
    ticket: Ticket | None = None,
    occasion: str = "",
    mail_to: str = "",
    at: dt.datetime | None = None,
) -> Survey:
    """Make a survey whose link is mailed to ``mail_to``, else to the key person; about a ticket at most once.

    Without an address nothing is mailed, and whoever asks gives the link.
    """
    moment = at or timezone.now()
    require(actor, "view", customer)
    standing_customer(customer)
    strangers = [one for one in (key_person, ticket) if one is not None and one.customer_id != customer.pk]
    if strangers:
        raise RuleBroken(_("Person and ticket must belong to the customer who is asked."))
    survey = Survey(
        code=_next_code(moment),
        customer=customer,
        key_person=key_person,
        ticket=ticket,
        occasion=occasion or (Occasion.TICKET if ticket else Occasion.PERIODIC),
        sent_at=moment,
        valid_until=timezone.localdate(moment) + dt.timedelta(days=VALID_DAYS),
        mail_to=mail_to or (key_person.email if key_person is not None else ""),
    )
    creating(survey, actor=actor)
    if survey.mail_to:
        defer(mail_surveys, key="servicedesk.mail_surveys")
    return survey


@transaction.atomic
def answer_survey(
    survey: Survey,
    *,
    actor: Actor = CUSTOMER,
    answers: Mapping[str, Sequence[int]],
    reputation: bool | None = None,
    preference: bool | None = None,
    remark: str = "",
    at: dt.datetime | None = None,
) -> Survey:
    """Record what the customer answered; a survey that is answered, withdrawn or too old is refused."""
    moment = at or timezone.now()
    try:
        expectation, perception = means_of(answers)
    except ValueError as error:
        raise Invalid(
            {"": [_("Give points from 1 to 10 for what you expected and for what you got.")]}
        ) from error
    with changing(survey, actor=actor, verb="answer", permit="change"):
        _check_open(survey, moment)
        survey.state, survey.answered_at = SurveyState.ANSWERED.value, moment
        survey.answers = {aspect: list(points) for aspect, points in answers.items()}
        survey.expectation, survey.perception = expectation, perception
        survey.satisfaction = satisfaction_of(expectation, perception)
        survey.reputation, survey.preference, survey.remark = reputation, preference, remark
    return survey


@transaction.atomic
def withdraw_survey(survey: Survey, *, actor: Actor, version: int | None = None) -> Survey:
    """Let the link of a survey that was not answered end."""
    with changing(survey, actor=actor, verb="withdraw", version=version):
        if survey.state != SurveyState.SENT:
            raise RuleBroken(_("Only a survey that waits for its answer is withdrawn."))
        survey.state = SurveyState.WITHDRAWN.value
    return survey


def _check_open(survey: Survey, moment: dt.datetime) -> None:
    if survey.state == SurveyState.ANSWERED:
        raise RuleBroken(_("This survey was answered already. Thank you; each link counts once."))
    if not may_answer(SurveyState(survey.state), survey.valid_until, on=timezone.localdate(moment)):
        raise RuleBroken(_("This survey is closed."))


def _next_code(at: dt.datetime) -> str:
    return f"DC{timezone.localtime(at):%y%m}{next_number('servicedesk_survey_code'):06}"
