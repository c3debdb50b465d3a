"""Files show the documents of a draft agreement: attached and ticked in one, or ticked for one that is there."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from jike.apps.quoting.models import Agreement
from jike.apps.quoting.models.labels import DOCUMENTS
from jike.apps.quoting.queries.documents import attached
from jike.apps.quoting.queries.moves import require_agreement_draft
from jike.apps.quoting.rules import FILED, Document
from jike.foundation.audit import changing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.files import attach
from jike.foundation.scope import Actor

__all__ = ["file_document", "mark_document"]


@transaction.atomic
def file_document(
    agreement: Agreement, *, actor: Actor, document: str, name: str, chunks: Iterable[bytes]
) -> Agreement:
    """Attach the file ``name`` to a draft and tick the document that it shows."""
    known = _document(document)
    with changing(agreement, actor=actor, verb="change"):
        require_agreement_draft(agreement)
        file = attach(agreement, name=name, chunks=chunks, actor=actor)
        _tick(agreement, known, there=True)
        agreement.evidence = {**agreement.evidence, known.value: str(file.uid)}
    return agreement


def mark_document(
    agreement: Agreement, *, actor: Actor, document: str, there: bool, file: UUID | None = None
) -> Agreement:
    """Tick a document of a draft, or take the tick back; what must be shown is ticked with one of the attached files.

    A file whose document is no longer ticked stays attached.
    """
    known = _document(document)
    with changing(agreement, actor=actor, verb="change"):
        require_agreement_draft(agreement)
        evidence = {name: uid for name, uid in agreement.evidence.items() if name != known.value}
        if there and known in FILED:
            evidence[known.value] = str(_shown_by(agreement, known, file))
        agreement.evidence = evidence
        _tick(agreement, known, there=there)
    return agreement


def _shown_by(agreement: Agreement, document: Document, file: UUID | None) -> UUID:
    kept = agreement.evidence.get(document.value)
    uid = file or (UUID(kept) if kept else None)
    if uid is None or attached(agreement, uid) is None:
        sentence = _("“%(name)s” is ticked with its file; attach that first.")
        raise RuleBroken(sentence % {"name": DOCUMENTS[document]})
    return uid


def _tick(agreement: Agreement, document: Document, *, there: bool) -> None:
    present = set(agreement.checklist) - {document.value} | ({document.value} if there else set())
    agreement.checklist = [one.value for one in Document if one.value in present]


def _document(name: str) -> Document:
    try:
        return Document(name)
    except ValueError as error:
        raise Invalid({"document": [_("There is no such document.")]}) from error
