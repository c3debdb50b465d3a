"""A list as a file: the rows, columns, filters and order that somebody sees, with that person's rights when it runs.

The order keeps the list's address, not its rows; the job reads it anew as the person may read now, from one snapshot,
and leaves one Change that says who took out what, and how many rows.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jike.foundation import background
from jike.foundation.audit import note
from jike.foundation.background import Attempt
from jike.foundation.customising import opened
from jike.foundation.directory import actor_of, people
from jike.foundation.errors import Refused, RuleBroken
from jike.foundation.exchange.cells import clean, column_of
from jike.foundation.exchange.revealing import note_revealed, require_few, revealing
from jike.foundation.exchange.watermark import Watermark
from jike.foundation.exchange.writing import About, FileType, writing
from jike.foundation.files import clean_file_name
from jike.foundation.jobs import Progress, job
from jike.foundation.models import BackgroundTask, Record, RecordKey
from jike.foundation.resource.bulk import Chosen, rows_chosen
from jike.foundation.resource.chips import chips_of
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.listing import Row, aliased, paths_of, row_of
from jike.foundation.resource.state import ListState, read_state, shown_columns
from jike.foundation.scope import Actor, require_permission

__all__ = ["VERB", "export_rows", "order_export"]

VERB = "export"
AT_ONCE = 2_000
"""Rows fetched at a time, and between two reports."""


def order_export(
    resource: Resource,
    state: ListState,
    file_type: FileType,
    *,
    actor: Actor,
    uids: Sequence[UUID] | None = None,
    reveal: bool = False,
    told: Mapping[str, str] | None = None,
) -> BackgroundTask:
    """Begin the export of the list as shown: of the rows ``uids``, or of every match without them.

    With ``reveal`` sealed fields stand in it as far as the actor may reveal them; a second person releases it then.
    ``told`` is kept with the order; its ``reason`` is read by whoever releases.

    Raises
    ------
    Refused
        The actor may not view such records, or is looking through another person's eyes.
    RuleBroken
        Too many of the person's tasks are unfinished.
    """
    require_permission(actor, f"{resource.kind}:view")
    shown = {
        name: value for name, value in state.parameters().items() if name not in ("view", "layout", "size")
    }
    order: dict[str, Any] = {
        "resource": resource.slug,
        "list": shown,
        "rows": None if uids is None else [str(uid) for uid in uids],
        "file_type": str(file_type),
        "day": timezone.localdate().isoformat(),
    }
    if reveal:
        require_permission(actor, f"{resource.kind}:reveal")
        order["reveal"] = True
    order |= told or {}
    title = " · ".join([_title(resource, state, actor), *([order["reason"]] if "reason" in order else [])])
    return background.begin(export_rows, title=title, order=order, actor=actor)


@job("exchange.export_rows", label=gettext_lazy("Export a list"))
def export_rows(task: str, *, progress: Progress) -> None:
    """Write the file that the task orders."""
    background.carry_out(task, _export, progress=progress)


def _title(resource: Resource, state: ListState, actor: Actor) -> str:
    """Return what the person calls it: the list, and what it was narrowed to."""
    chips = [
        f"{chip.field} {chip.operator} {chip.value}".strip() for chip in chips_of(resource, state, actor)
    ]
    return " · ".join(
        [capfirst(str(resource.plural)), *([f"“{state.query}”"] if state.query else []), *chips]
    )


def _export(attempt: Attempt) -> None:
    order, actor = attempt.task.order, actor_of(attempt.task.person)
    if actor is None:
        raise Refused(_("The person who ordered this may no longer sign in."))
    resource = opened(order["resource"])
    if resource is None:
        raise RuleBroken(_("This list no longer exists."))
    require_permission(actor, f"{resource.kind}:view")
    reveal = bool(order.get("reveal"))
    reader = revealing(resource, actor) if reveal else actor
    state, file_type = read_state(resource, order["list"], reader), FileType(order["file_type"])
    result = attempt.folder / f"result.{file_type}"
    attributes = shown_columns(resource, state, reader)
    columns = [column_of(attribute, first=not place) for place, attribute in enumerate(attributes)]
    now = timezone.localtime()
    unit = people([attempt.task.person])[attempt.task.person].unit
    mark = Watermark(clean(f"{actor.name} {unit}"), f"{now:%Y-%m-%d %H:%M}", str(attempt.task.uid)[-12:])
    about = About(
        capfirst(str(resource.plural)), actor.name, now, mark if file_type is FileType.XLSX else None
    )
    rows = _rows(resource, state, order, actor=actor)
    done, total, seen = 0, rows.count(), []
    require_few(total if reveal else 0)
    with writing(file_type, result, columns, about=about) as target:
        for row in _in_order(resource, state, rows, actor=reader):
            if reveal:
                seen.append((row.uid, row.version))
            target.row([column.plain(value) for column, value in zip(columns, row.values, strict=True)])
            done += 1
            if done % AT_ONCE == 0:
                attempt(done, total)
        attempt(done, max(done, total))
    facts = {"rows": done, "file_type": str(file_type), "columns": [one.name for one in attributes]}
    facts |= {"list": urlencode(order["list"]), "chosen": len(order["rows"] or ())}
    with transaction.atomic():
        plural = capfirst(str(resource.plural))
        name = clean_file_name(f"{plural} {now:%Y-%m-%d %H%M} {actor.name}.{file_type}")
        sentence = ngettext("%(count)s record", "%(count)s records", done) % {"count": f"{done:,}"}
        held = reveal or (bool(settings.EXPORT_RELEASE_ROWS) and done > settings.EXPORT_RELEASE_ROWS)
        note_revealed(resource, seen, attributes, actor=actor)
        attempt.finish(sentence, result=result, file_name=name, held=held)
        about_list = RecordKey(resource.kind, attempt.task.uid)
        note(about_list, actor=actor, verb=VERB, facts={name: (None, fact) for name, fact in facts.items()})


def _rows(resource: Resource, state: ListState, order: dict[str, Any], *, actor: Actor) -> QuerySet[Record]:
    """Return the rows meant; "today" in a filter is the day of the order."""
    uids = order["rows"]
    chosen = Chosen(everything=state) if uids is None else Chosen(uids=[UUID(text) for text in uids])
    return rows_chosen(resource, chosen, actor, today=dt.date.fromisoformat(order["day"]))


def _in_order(resource: Resource, state: ListState, rows: QuerySet[Record], *, actor: Actor) -> Iterator[Row]:
    """Read the rows in the list's order, some at a time, from a cursor of the server: one snapshot, little memory."""
    attributes, sort = shown_columns(resource, state, actor), resource.attributes[state.sort_field]
    column, number = F(sort.column), F("pk")
    nullable = sort.field.null or "__" in sort.name
    last = {"nulls_last": True} if nullable else {}
    order = (column.desc(**last), number.desc()) if state.descending else (column.asc(**last), number.asc())
    places = {f"_{place}": path for place, path in enumerate(paths_of(resource, attributes, sort))}
    for values in (
        aliased(rows, [sort]).order_by(*order).annotate(**places).values_list(*places).iterator(AT_ONCE)
    ):
        yield row_of(resource, attributes, values, actor=actor)
