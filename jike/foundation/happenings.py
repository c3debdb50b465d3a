"""What happened to a record, as any capability tells it: entries of its timeline, and the sources they come from.

A capability hands a `Source` to the Resource of a lower one (`Contribution.timeline`); the timeline merges all sources
by time. Sources read set-wise and page beside a `Mark`, so that a long life costs what a short one does.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from jike.foundation.models.record import Record

__all__ = ["Happening", "Mark", "Source", "latest", "names_below", "with_rows"]

Row = TypeVar("Row", bound=Model)


class Mark(NamedTuple):
    """The place of an entry within its source: its moment, and its id among those of one moment."""

    moment: dt.datetime
    id: int


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One entry: "林知夏 **visited** 程远, done, 09:24" with a line or two beneath.

    Attributes
    ----------
    moment, id
        When, in business time, and the row's number; together the entry's place within its source.
    who, act
        Person or kind (bold), and what they did in a word or two.
    title, link
        The object, and the address it leads to (empty: plain words).
    status, tone
        A tag, and its tone: ok, warn, bad or nothing.
    words
        What is to be known of it, in plain text; lines are kept.
    next_step
        What follows, who and when in one line.
    changes
        Fields that changed, each with ``label``, ``old`` and ``new``.
    icon
        Instead of the source's own.
    of
        The lower record that it happened to, where it was not the one whose timeline this is.
    """

    moment: dt.datetime
    id: int
    who: str = ""
    act: str | Promise = ""
    title: str = ""
    link: str = ""
    status: str | Promise = ""
    tone: str = ""
    words: str = ""
    next_step: str = ""
    changes: Sequence[Any] = ()
    icon: str = ""
    of: str = ""


@dataclass(frozen=True)
class Source:
    """Where entries of one kind come from.

    Attributes
    ----------
    name, label
        The kind, in addresses (letters only) and among the filters above the timeline.
    icon
        Of icons.txt.
    read
        ``read(row, actor, before=mark or None, limit=n)`` returns at most ``n`` entries that ``actor`` may see, latest
        first, those before the mark; `latest` does it for a queryset.
    several
        ``read`` takes a sequence of rows instead: the record and then those below it, whose timelines it is as well.
    rows
        The model told of and its foreign key to the record (or ``about_uid``), so that nothing is asked of a source
        without any: most records have had few of the things that can happen to one.
    """

    name: str
    label: str | Promise
    icon: str
    read: Callable[..., Sequence[Happening]]
    several: bool = False
    rows: tuple[type[Model], str] | None = None


def with_rows(sources: Sequence[Source], about: Sequence[Record]) -> list[Source]:
    """Return the sources that may have something to tell of these rows, by one query over all that say where to look.

    It only spares questions: what of those rows somebody may see, `Source.read` decides.
    """
    known = [(one, *one.rows) for one in sources if one.rows]
    if not known:
        return list(sources)
    exist = ", ".join(
        f'EXISTS (SELECT FROM "{model._meta.db_table}" WHERE "{_column(model, path)}" = ANY (%s::{_ids(path)}[]))'
        for _source, model, path in known
    )
    ids, uids = [row.pk for row in about], [row.uid for row in about]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {exist}", [uids if _ids(path) == "uuid" else ids for _, _, path in known])
        filled: tuple[bool, ...] = cursor.fetchone() or ()
    silent = {one.name for (one, *_where), any_ in zip(known, filled, strict=True) if not any_}
    return [one for one in sources if one.name not in silent]


def _ids(path: str) -> str:
    return "uuid" if path.endswith("uid") else "bigint"


def _column(model: type[Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.column)


def latest(rows: QuerySet[Row], moment: str, *, before: Mark | None, limit: int) -> list[Row]:
    """Return at most ``limit`` rows, latest first by (``moment``, id), those before the mark."""
    if before is not None:
        at = {f"{moment}__lte": before.moment}
        rows = rows.filter(Q(**at) & (Q(**{f"{moment}__lt": before.moment}) | Q(pk__lt=before.id)))
    return list(rows.filter(**{f"{moment}__isnull": False}).order_by(f"-{moment}", "-pk")[:limit])


def names_below(rows: Sequence[Model]) -> Mapping[int, str]:
    """Return what the rows after the first are called, by id: what `Happening.of` says of theirs."""
    return {row.pk: str(row) for row in rows[1:]}
