"""What the engine's reasons are called, and which of them speak against."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jike.engines.matching import LIKELY, Reason

__all__ = ["Told", "reasons_told", "tone_of"]

LABELS: dict[str, str | Promise] = {
    Reason.SAME_NAME: _("same name"),
    Reason.SAME_SOUND: _("sounds the same"),
    Reason.SHORTENED: _("shortened name"),
    Reason.NEAR_NAME: _("one character differs"),
    Reason.SAME_BRAND: _("same brand, other trade"),
    Reason.SHORT_NAME: _("same short name"),
    Reason.OTHER_NAME: _("different name"),
    Reason.OTHER_REGION: _("another region"),
    Reason.OTHER_BRANCH: _("another branch"),
    Reason.SAME_PERSON: _("same name"),
    Reason.SAME_CODE: _("same code"),
    Reason.OTHER_CODE: _("different code"),
    Reason.SAME_PHONE: _("same telephone"),
    Reason.SAME_ADDRESS: _("same address"),
    Reason.NEAR_ADDRESS: _("similar address"),
    Reason.SAME_DOMAIN: _("same web domain"),
    Reason.SAME_MAIL: _("same e-mail"),
}
AGAINST = frozenset(
    {
        Reason.SAME_BRAND,
        Reason.OTHER_NAME,
        Reason.OTHER_REGION,
        Reason.OTHER_BRANCH,
        Reason.OTHER_CODE,
    }
)


class Told(NamedTuple):
    """One reason in words."""

    label: str | Promise
    against: bool


def reasons_told(reasons: Iterable[str]) -> list[Told]:
    """Return the reasons in words, in their order; those that an older engine gave stay as they are."""
    return [Told(LABELS.get(reason, reason), reason in AGAINST) for reason in reasons]


def tone_of(score: int) -> str:
    """Return the tone in which a score is shown."""
    return "warn" if score >= LIKELY else ""
