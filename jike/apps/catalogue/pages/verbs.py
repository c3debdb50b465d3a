"""Characteristics in a dialog, and the ready-made catalogue: what it holds, and the button that installs it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jike.apps.catalogue import actions, queries
from jike.apps.catalogue.models import ProductSpecification
from jike.apps.catalogue.rules import written
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.presenting import money
from jike.foundation.scope import fetch

__all__ = ["describe", "install", "ready_made"]


class CharacteristicsForm(forms.Form):
    """The characteristics, one a line."""

    lines = forms.CharField(
        label=gettext_lazy("Characteristics"),
        help_text=gettext_lazy("One a line: code | Chinese name | English name | unit | value, value"),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        max_length=4000,
    )


@page("GET", "POST", permission="catalogue.productspecification:change")
def describe(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for the characteristics and store them."""
    specification = fetch(ProductSpecification, uid, request.actor, action="change")

    def act(given: dict[str, Any]) -> str:
        actions.describe_specification(specification, actor=request.actor, lines=given["lines"])
        return _("The characteristics of “%(name)s” are set.") % {"name": specification}

    form = CharacteristicsForm(
        request.POST or None, initial={"lines": written(specification.known_characteristics)}
    )
    return ask(request, specification, form, title=_("Characteristics"), act=act)


@page("GET", permission="catalogue.productoffering:add")
def ready_made(request: PageRequest) -> HttpResponse:
    """List the ready-made offerings, and which of them are there."""
    found = [
        (one, money(one.monthly), money(one.floor), there) for one, there in queries.ready_made(request.actor)
    ]
    missing = sum(there is None for *_rest, there in found)
    return render(request, "catalogue/ready_made.html", {"offerings": found, "missing": missing})


@page("POST", permission="catalogue.productoffering:add")
def install(request: PageRequest) -> HttpResponse:
    """Install what is missing."""
    count = actions.install_ready_made(actor=request.actor)
    sentence = ngettext("%(count)s offering was added.", "%(count)s offerings were added.", count)
    messages.success(request, sentence % {"count": count})
    return redirect("resource:list", "offerings")
