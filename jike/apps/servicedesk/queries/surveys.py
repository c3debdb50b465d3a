"""The signed links behind which surveys are answered without signing in, and the letter that brings them."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from jike.apps.servicedesk.models import Survey
from jike.apps.servicedesk.models.survey import TO_BE_MAILED
from jike.foundation.errors import NotFound

__all__ = ["Letter", "letter_of", "survey_behind", "to_be_mailed", "token_of"]

SALT = "servicedesk.survey"
RULE = "\n\n– – –\n\n"


class Letter(NamedTuple):
    """A mail to a customer as plain text."""

    subject: str
    body: str


def token_of(survey: Survey) -> str:
    """Return what stands in the survey's link; nobody can make one up for another survey."""
    return signing.Signer(salt=SALT).sign(survey.uid.hex)


def survey_behind(token: str) -> Survey:
    """Return the survey of a link; `NotFound` when the link was not made by us or the survey is gone."""
    try:
        uid = UUID(hex=signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound(_("This link is not complete. Open it from the message once more.")) from error
    survey = Survey.objects.filter(uid=uid, removed_at=None).select_related("customer", "ticket").first()
    if survey is None:
        raise NotFound(_("This survey no longer exists."))
    return survey


def to_be_mailed(on: dt.date) -> QuerySet[Survey]:
    """Return the surveys whose link waits for its mail and still works on that day."""
    rows = Survey.objects.filter(TO_BE_MAILED, valid_until__gte=on)
    return rows.select_related("customer", "ticket", "key_person").order_by("id")


def letter_of(survey: Survey) -> Letter:
    """Return the mail that brings the survey's link, in the site's language first and then in the others."""
    link = f"{settings.CONFIG.origin}{reverse('servicedesk:questionnaire', args=[token_of(survey)])}"
    codes = [code for code, _name in settings.LANGUAGES]
    letters = []
    for code in sorted(codes, key=lambda code: code != settings.LANGUAGE_CODE):
        with translation.override(code):
            letters.append(_letter(survey, link))
    return Letter(letters[0].subject, RULE.join(one.body for one in letters) + "\n")


def _letter(survey: Survey, link: str) -> Letter:
    person = survey.key_person.name if survey.key_person else survey.ticket.caller if survey.ticket else ""
    words = {
        "name": person or survey.customer.name,
        "subject": survey.ticket.title if survey.ticket else "",
        "day": survey.valid_until.isoformat(),
    }
    asked = (
        _("you turned to us about “%(subject)s”. Please tell us how it went.")
        if survey.ticket
        else _("please tell us how satisfied you are with us.")
    )
    sentences = (
        _("Hello %(name)s,"),
        asked,
        _("It takes a minute, and you need not sign in:"),
        link.replace("%", "%%"),
        _("The link can be answered once, until %(day)s. Thank you!"),
    )
    return Letter(_("How did we do?"), "\n\n".join(sentence % words for sentence in sentences))
