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

from jike.apps.sales.pages.panels import OPPORTUNITY_PANELS
from jike.foundation.errors import NotFound
from jike.foundation.lines import Lines, Sheet
from jike.foundation.scope import Actor, Permission, declare_permission
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
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
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
    sheet: Sheet


def _sheet(actor: Actor) -> Sheet:
    """Return a grid of lines with figures, sums, an empty cell that means the catalogue's price, and a mistake."""
    lines = next(one for one in OPPORTUNITY_PANELS if isinstance(one, Lines))
    rows = (("互联网专线 1000M", "2", "8,160.00", "12,000"), ("物联网卡 30G 月包", "六百", "40.50", ""))
    names = ("offering", "quantity", "monthly_price", "one_off_price")
    sent = {f"{lines.name}.{name}": [row[place] for row in rows] for place, name in enumerate(names)}
    begun = {f"{lines.name}.uid": ["", ""], f"{lines.name}.version": ["0", "0"]}
    return Sheet(lines, None, actor, data=sent | begun)


def _showings(actor: Actor) -> Iterator[Showing]:
    for language, _name in settings.LANGUAGES:
        for theme in ("light", "dark"):
            prefix = f"{language[:2]}-{theme}"
            with translation.override(language):
                form = Sample({f"{prefix}-level": "city", f"{prefix}-way": "app"}, prefix=prefix)
                form.is_valid()
                sheet = _sheet(actor)
            yield Showing(prefix, theme, language, form, sheet)


@require_GET
def patterns(request: HttpRequest) -> HttpResponse:
    """Show the patterns on a developer's site, or to whoever holds the permission."""
    if not (settings.DEBUG or request.actor.holds(VIEW_PATTERNS)):  # type: ignore[attr-defined]
        raise NotFound
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context: dict[str, Any] = {"showings": list(_showings(actor)), "now": timezone.now(), "names": NAMES}
    return render(request, "patterns/patterns.html", context)
