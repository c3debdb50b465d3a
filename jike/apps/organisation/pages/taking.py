"""How a page takes input: a form, an action, and what goes wrong told beside the field or above the form."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from jike.foundation.errors import Invalid, RuleBroken, Stale
from jike.foundation.models import Record

__all__ = ["Asking", "done", "take"]


@dataclass(frozen=True)
class Asking:
    """What a form page says besides its form: title, where it leads back to, the word on its button, an explanation."""

    title: str
    back: str
    submit: str = ""
    hint: str = ""
    trail: list[tuple[str, str]] = field(default_factory=list)
    """(address, label) of the pages above it."""


def take(
    request: HttpRequest,
    form: forms.Form,
    asking: Asking,
    *,
    do: Callable[[dict[str, Any]], str | HttpResponse],
    row: Record | None = None,
) -> HttpResponse:
    """Show the form; when it was sent and is in order, run ``do`` with its values and go back, saying what ``do`` says.

    A sentence that ``do`` raises stands beside its field. Where somebody saved ``row`` meanwhile, the page shows what
    differs and lets the reader decide. A page that ``do`` returns itself (a secret shown once) is shown as it is.
    """
    differences: list[tuple[str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            outcome = do(form.cleaned_data)
        except Invalid as problem:
            for name, sentences in problem.fields.items():
                form.add_error(name if name in form.fields else None, sentences)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        except Stale:
            differences = _differences(form, row)
        else:
            return outcome if isinstance(outcome, HttpResponse) else done(request, outcome, asking.back)
    wrong = form.is_bound and (bool(differences) or not form.is_valid())
    context = {"form": form, "asking": asking, "differences": differences}
    return render(request, "organisation/form.html", context, status=422 if wrong else 200)


def done(request: HttpRequest, sentence: str, onward: str) -> HttpResponse:
    """Say what was done on the page it leads to."""
    messages.success(request, sentence)
    return HttpResponseRedirect(onward)


def _differences(form: forms.Form, row: Record | None) -> list[tuple[str, str, str]]:
    """Return (label, stored now, as typed) of what differs, and let the form carry the stored version from here on."""
    if row is None:
        form.add_error(None, _("Somebody saved this record while you were editing it."))
        return []
    row.refresh_from_db()
    form.data = {**form.data.dict(), "version": str(row.version)}  # type: ignore[attr-defined]
    found = []
    for name, one in form.fields.items():
        stored, typed = getattr(row, name, None), form.cleaned_data.get(name)
        if name != "version" and stored != typed:
            found.append((str(one.label), str(stored or ""), str(typed or "")))
    return found or [("", "", "")]
