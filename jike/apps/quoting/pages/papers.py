"""The checklist of a draft agreement: a document is ticked with its file, or its tick is taken back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from jike.apps.quoting import actions
from jike.apps.quoting.models import Agreement
from jike.foundation.errors import Invalid, NotFound, RuleBroken, TooLarge, Unavailable
from jike.foundation.files import received_file
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.scope import fetch

__all__ = ["file", "mark"]

CHANGE = "quoting.agreement:change"


@page("POST", permission=CHANGE)
def mark(request: PageRequest, uid: UUID, document: str) -> HttpResponse:
    """Tick a document, with one of the attached files where it must be shown, or take the tick back."""
    agreement = fetch(Agreement, uid, request.actor, action="change")
    there, chosen = request.POST.get("there") == "1", _uid(request.POST.get("file", ""))
    try:
        actions.mark_document(agreement, actor=request.actor, document=document, there=there, file=chosen)
    except RuleBroken as error:
        messages.error(request, str(error))
    return redirect("resource:record", "agreements", uid)


@page("POST", permission=CHANGE)
def file(request: PageRequest, uid: UUID, document: str) -> HttpResponse:
    """Take the file that shows a document."""
    agreement = fetch(Agreement, uid, request.actor, action="change")
    try:
        upload = received_file(request)
        actions.file_document(
            agreement,
            actor=request.actor,
            document=document,
            name=upload.name or "",
            chunks=upload.chunks(),
        )
    except Invalid as error:
        messages.error(request, " ".join(one for some in error.fields.values() for one in some))
    except (RuleBroken, TooLarge, Unavailable) as error:
        messages.error(request, str(error))
    return redirect("resource:record", "agreements", uid)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error
