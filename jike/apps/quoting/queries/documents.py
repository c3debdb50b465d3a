"""The documents of an agreement: which are there, and which file shows it."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from jike.apps.quoting.models import Agreement
from jike.apps.quoting.rules import CHECKLIST, FILED, AgreementState, Document
from jike.foundation.files import attachments_of
from jike.foundation.models import Attachment

__all__ = ["Paper", "attached", "papers_of"]


class Paper(NamedTuple):
    """One document: whether nothing is signed without it, whether a file must show it, and whether it is there."""

    document: Document
    needed: bool
    demands_file: bool
    there: bool
    file: Attachment | None


def papers_of(agreement: Agreement) -> Sequence[Paper]:
    """Return the checklist; in a draft, what was ticked for a file that was removed since is no longer there.

    What was signed stays as it was signed.
    """
    files = {str(one.uid): one for one in attachments_of(agreement)}
    found, signed = [], agreement.state != AgreementState.DRAFT
    for document, needed in CHECKLIST.items():
        ticked, demanded = document.value in agreement.checklist, document in FILED
        file = files.get(agreement.evidence.get(document.value, ""))
        there = ticked and (file is not None or not demanded or signed)
        found.append(Paper(document, needed, demanded, there, file))
    return found


def attached(agreement: Agreement, uid: UUID) -> Attachment | None:
    """Return the file of this uid, if it hangs on the agreement."""
    return attachments_of(agreement).filter(uid=uid).first()
