"""A small dialog that asks what a verb needs and does it: the way in for a capability's own acts upon a record."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jike.foundation.entering import whole_number
from jike.foundation.errors import Invalid, Refused, RuleBroken, Stale
from jike.foundation.models.record import Record
from jike.foundation.pages.entry import after

__all__ = ["ask", "done"]


def ask(
    request: HttpRequest,
    row: Record,
    form: forms.Form,
    *,
    title: str | Promise,
    act: Callable[[dict[str, Any]], str],
    text: str | Promise = "",
    undo: str = "",
) -> HttpResponse:
    """Show ``form`` below ``text``; when it is sent and valid call ``act`` with what it holds.

    The act returns what was done in words. What it refuses is said in the dialog, beside the field it concerns or
    above all fields; so is that somebody saved the record since the dialog was opened, and then the act waits for a
    second look.
    """
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                with transaction.atomic():
                    _as_seen(request, row)
                    sentence = act(form.cleaned_data)
                return done(request, row, sentence, undo=undo)
            except Invalid as error:
                for name, sentences in error.fields.items():
                    form.add_error(name if name in form.fields else None, list(sentences))
            except (RuleBroken, Refused, Stale) as error:
                form.add_error(None, str(error))
        status = 422
    context = {"title": title, "text": text, "form": form, "row": row, "address": request.get_full_path()}
    template = "resource/_dialog.html" if request.htmx else "resource/dialog.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _as_seen(request: HttpRequest, row: Record) -> None:
    """Lock the row; raise `Stale` when it is newer than the dialog, whose next sending will know."""
    seen = whole_number(request.POST.get("version", ""))
    stored = type(row)._default_manager.select_for_update(of=("self",), no_key=True).filter(pk=row.pk)
    row.version = stored.values_list("version", flat=True).first() or row.version
    if seen is not None and seen != row.version:
        raise Stale(
            _("Somebody saved this record while you were editing it. Look at it again, then save."),
            expected=seen,
            current=row.version,
        )


def done(request: HttpRequest, row: Record, sentence: str, *, undo: str = "") -> HttpResponse:
    """Say what was done: on a record's page, this or another one's, after showing it anew; elsewhere beside it.

    ``undo`` is the address to which a button beside the words posts, to take the act back.
    """
    if not request.htmx or _on_a_record(request):  # type: ignore[attr-defined]
        messages.success(request, sentence, extra_tags=undo)
        return HttpResponse(headers={"HX-Refresh": "true"}) if request.htmx else after(row)  # type: ignore[attr-defined]
    told = {"toast": {"text": sentence, "undo": undo}, "list-changed": {}, "record-changed": {}}
    return HttpResponse(headers={"HX-Trigger": json.dumps(told)})


def _on_a_record(request: HttpRequest) -> bool:
    """Whether the page that asks shows one record, whose panels may tell of the row that changed."""
    here = urlsplit(request.htmx.current_url_abs_path or "").path  # type: ignore[attr-defined]
    try:
        return "uid" in resolve(here).kwargs
    except Resolver404:
        return False
