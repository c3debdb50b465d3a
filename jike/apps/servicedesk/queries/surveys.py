"""The signed links behind which surveys are answered without signing in."""

from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from jike.apps.servicedesk.models import Survey
from jike.foundation.errors import NotFound

__all__ = ["survey_behind", "token_of"]

SALT = "servicedesk.survey"


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
