"""One index over every kind that declares `SEARCH`: kept by the write gates, asked by the palette and by lists.

`finding.find` answers the palette, `narrow` a list; `keeping.keep` is what the gates call, `rebuilding.index_all`
makes a kind's entries anew. Nothing is imported here, since the processes of a rebuild load `rows` alone.
"""

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jike.foundation.models.record import Record
    from jike.foundation.scope import Actor

__all__ = ["narrow"]

Row = TypeVar("Row", bound="Record")


def narrow(rows: "QuerySet[Row]", text: str, actor: "Actor") -> "QuerySet[Row]":
    """Return those of ``rows`` that ``text`` finds; ``rows`` hold only what ``actor`` may see."""
    from jike.foundation.search.narrowing import narrowed

    return narrowed(rows, text, actor)
