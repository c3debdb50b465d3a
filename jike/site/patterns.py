"""`/ui/`, the developers' pattern page: every part of which pages are built, in both themes and languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from jike.foundation.errors import NotFound
from jike.foundation.scope import Permission, declare_permission
from jike.values.rights import Domain

__all__ = ["VIEW_PATTERNS", "patterns"]

VIEW_PATTERNS = declare_permission(
    Permission("site.pattern:view", _("Pattern page for developers"), _("View"), Domain.SYSTEM)
).name

NAMES = {
    "person": "林知夏",
    "colleague": "陈屿安",
    "customer": "岚屿港口集团有限公司",
    "formerly": "岚屿港口",
    "other": "榕序冷链物流有限公司",
    "unit": "广东省公司",
    "top": "集团公司总部",
}
"""Of nobody and of no firm; Chinese on English pages too, as names are."""


class Sample(forms.Form):
    """One field of each kind; sent empty, so that errors show as well."""

    name = forms.CharField(label=_("Name"), help_text=_("As on the business licence"))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 3}))
    level = forms.ChoiceField(label=_("Level"), choices=[("city", _("City")), ("county", _("County"))])
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}))
    way = forms.ChoiceField(
        label=_("How to be told"),
        choices=[("app", _("In the application")), ("mail", _("By mail"))],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label=_("Tell me when it is done"), required=False)


@dataclass(frozen=True)
class Showing:
    """One of the four renderings; ``prefix`` keeps its ids apart from the others'."""

    prefix: str
    theme: str
    language: str
    form: Sample


def _showings() -> Iterator[Showing]:
    for language, _name in settings.LANGUAGES:
        for theme in ("light", "dark"):
            prefix = f"{language[:2]}-{theme}"
            with translation.override(language):
                form = Sample({f"{prefix}-level": "city", f"{prefix}-way": "app"}, prefix=prefix)
                form.is_valid()
            yield Showing(prefix, theme, language, form)


@require_GET
def patterns(request: HttpRequest) -> HttpResponse:
    """Show the patterns on a developer's site, or to whoever holds the permission."""
    if not (settings.DEBUG or request.actor.holds(VIEW_PATTERNS)):  # type: ignore[attr-defined]
        raise NotFound
    context: dict[str, Any] = {"showings": list(_showings()), "now": timezone.now(), "names": NAMES}
    return render(request, "patterns/patterns.html", context)
