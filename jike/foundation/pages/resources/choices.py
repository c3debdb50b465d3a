"""Choices for selects that search: rows of any kind the actor may see, regions, industries."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from jike.foundation.entering import entered
from jike.foundation.errors import NotFound
from jike.foundation.resource.attributes import title_field
from jike.foundation.scope import Actor, visible
from jike.foundation.scope.reading import model_of
from jike.foundation.search import narrow
from jike.values import industries, regions
from jike.values.text import clean_line

__all__ = ["offer"]

MOST = 20
CODES = {"code", "staff_no"}


@require_safe
def offer(request: HttpRequest, source: str) -> JsonResponse:
    """Return at most 20 choices for what was typed: ``[{"value": …, "text": …, "context": …}]``."""
    text = entered("q", clean_line, request.GET.get("q", "")[:100], limit=100)
    if source == "regions":
        found = [
            _choice(one.code, one.name, regions.full_name(one.code)) for one in regions.find(text, limit=MOST)
        ]
    elif source == "industries":
        found = _industries(text)
    else:
        found = _rows(source, text, request.actor)  # type: ignore[attr-defined]
    return JsonResponse({"choices": found})


def _rows(kind: str, text: str, actor: Actor) -> list[dict[str, Any]]:
    model: Any = model_of(kind)
    fields = {field.name for field in model._meta.fields}
    if not actor.holds(f"{kind}:view") or title_field(model) not in fields:
        raise NotFound
    rows = visible(model, actor)
    if text and model.SEARCH:
        rows = narrow(rows, text, actor)
    elif text:
        rows = rows.filter(_meant(title_field(model), fields, text))
    context = "unit__name" if "unit" in fields else title_field(model)
    found = rows.values_list("uid", title_field(model), context)[:MOST]
    return [_choice(str(uid), title, beside if beside != title else "") for uid, title, beside in found]


def _meant(title: str, fields: set[str], text: str) -> Q:
    """Return the condition for kinds outside the search index (people, units): part of the title, pinyin, a code."""
    condition = Q(**{f"{title}__icontains": text})
    for code in sorted(CODES & fields):
        condition |= Q(**{f"{code}__istartswith": text})
    letters = "".join(text.split()).casefold()
    if "spelling" in fields and letters.isascii():
        condition |= Q(spelling__contains=f" {letters}")
    return condition


def _industries(text: str) -> list[dict[str, Any]]:
    english = get_language() == "en"
    found = []
    for code, one in industries.divisions().items():
        name = one.english if english else one.name
        stored = f"{one.section}{code}"
        if not text or text.lower() in name.lower() or stored.lower().startswith(text.lower()):
            found.append(_choice(stored, name, stored))
    return found[: MOST * 5]


def _choice(value: str, text: str, context: str) -> dict[str, Any]:
    return {"value": value, "text": text, "context": context}
