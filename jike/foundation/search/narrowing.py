"""Narrowing a list to what was typed: a condition on the list's own rows, answered by the index."""

from typing import Any, TypeVar

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from jike.foundation.models.record import Record
from jike.foundation.models.search_entry import SearchEntry
from jike.foundation.scope import Actor
from jike.foundation.scope.reading import within
from jike.foundation.search.asking import asked
from jike.foundation.search.kinds import Kind, kind_of
from jike.foundation.search.terms import exactly, tsquery
from jike.foundation.search.tokens import sealed_lexeme

__all__ = ["bearing", "narrowed"]

Row = TypeVar("Row", bound=Record)


def narrowed(rows: QuerySet[Row], text: str, actor: Actor) -> QuerySet[Row]:
    """Return those of ``rows``, all of which ``actor`` may see, that ``text`` finds; none of a kind without SEARCH."""
    kind, question = kind_of(rows.model), asked(text)
    if kind is None or not question:
        return rows.none()
    entries = _entries(kind, tsquery(question.term, kind.mark))
    for run in question.literals:
        entries = entries.filter(names__contains=run)
    found = Q(pk__in=entries)
    for field, permission in kind.sealed.items():
        reach = actor.reach(permission)
        if reach:
            whole = tsquery(exactly(sealed_lexeme(field, question.typed)), kind.mark)
            found |= Q(pk__in=_entries(kind, whole)) & within(kind.model, reach)
    return rows.filter(found)


def bearing(rows: QuerySet[Row], field: str, value: str) -> QuerySet[Row]:
    """Return those of ``rows`` whose sealed ``field`` is exactly ``value``: for whoever was told the whole value.

    A caller's number names the caller; finding them by it reveals nothing but that it is theirs.
    """
    kind = kind_of(rows.model)
    if kind is None or not value:
        return rows.none()
    return rows.filter(pk__in=_entries(kind, tsquery(exactly(sealed_lexeme(field, value)), kind.mark)))


def _entries(kind: Kind, query: str) -> QuerySet[SearchEntry, Any]:
    matches = RawSQL("tokens @@ %s::tsquery", (query,), output_field=BooleanField())
    return SearchEntry.objects.filter(matches, kind=kind.name).values("record")
