"""What others see masked of a key person: listed beside the timeline, and shown one at a time to who says why."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from jike.apps.customers import actions
from jike.apps.customers.models import KeyPerson
from jike.apps.customers.queries import may_reveal, personal_fields
from jike.apps.customers.rules import CONSENTED, PERSONAL, REASON_LENGTH
from jike.foundation.errors import NotFound
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource import Panel
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.fields import TextField
from jike.foundation.scope import Actor, fetch
from jike.foundation.scope.reading import refusal

__all__ = ["MASKED", "reveal"]

RIGHT = "customers.keyperson:reveal"


class ReasonForm(forms.Form):
    """Why somebody needs to see what is masked."""

    reason = TextField(limit=REASON_LENGTH, label=_("What you need it for"))


def masked_fields(person: KeyPerson, actor: Actor) -> Mapping[str, Any] | None:
    """Return label, mask and name of what is kept and masked; nothing for who sees it whole or may not reveal it."""
    kept = [
        (attribute_of(KeyPerson, one.name).label, one)
        for one in personal_fields(person, actor)
        if one.masked and one.text and one.name not in CONSENTED
    ]
    return {"fields": kept} if kept and may_reveal(actor, person) else None


MASKED = Panel("masked", _("Personal data"), "customers/_masked.html", masked_fields, "rail")


@page("GET", "POST", permission=RIGHT)
def reveal(request: PageRequest, uid: UUID, field: str) -> HttpResponse:
    """Ask what for, then show one personal field whole; the history says who saw it and why."""
    person = fetch(KeyPerson, uid, request.actor, related=("customer",))
    if field not in PERSONAL:
        raise NotFound
    if not may_reveal(request.actor, person):
        raise refusal(RIGHT)
    context = {"person": person, "field": field, "label": attribute_of(KeyPerson, field).label}
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "customers/_reveal.html", {**context, "form": form}, status=status)
    reason = form.cleaned_data["reason"]
    text = actions.reveal_field(person, actor=request.actor, field=field, reason=reason)
    return render(request, "customers/_revealed.html", {**context, "text": text})
