"""The links of surveys are mailed to whoever is asked; a mail that failed is tried again, one that went out is not."""

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.servicedesk.models import Survey
from jike.apps.servicedesk.queries.surveys import letter_of, to_be_mailed
from jike.foundation.audit import changing
from jike.foundation.jobs import job
from jike.foundation.notify import mail_is_configured
from jike.foundation.scope import system_actor

__all__ = ["mail_surveys"]

ACTOR = system_actor("servicedesk.mail_surveys")


@job("servicedesk.mail_surveys", label=_("Mail surveys to customers"), cron="*/10 * * * *")
def mail_surveys() -> None:
    """Mail every link that waits; without a mail server they wait on, and the survey's page shows the letter."""
    if not mail_is_configured():
        return
    for survey in to_be_mailed(timezone.localdate()):
        _mail(survey)


@transaction.atomic
def _mail(survey: Survey) -> None:
    """Mark the survey as mailed in the transaction that waits for the mail server."""
    locked = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if locked.mailed_at is not None or locked.removed_at is not None:
        return
    with changing(survey, actor=ACTOR, verb="mail", permit="change"):
        survey.mailed_at = timezone.now()
    letter = letter_of(survey)
    EmailMessage(letter.subject, letter.body, to=[survey.mail_to]).send()
