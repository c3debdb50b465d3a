"""Files of members: kept when they are sent, then taken in by a job that tells how far it is and what it refused."""

import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.actions.members import PERMISSION, Line, store_members
from jike.apps.customers.models import MemberBatch, labels
from jike.apps.customers.rules import HEADINGS, Refusal, judged_number
from jike.foundation import background
from jike.foundation.audit.gate import may_write
from jike.foundation.background import Attempt
from jike.foundation.directory import actor_of
from jike.foundation.errors import Invalid, JikeError, NotFound, Refused
from jike.foundation.exchange.cells import Column, Kind
from jike.foundation.exchange.mapping import plain_title
from jike.foundation.exchange.tables import Cell, read_table
from jike.foundation.exchange.writing import About, FileType, writing
from jike.foundation.files import clean_file_name
from jike.foundation.jobs import Progress, job
from jike.foundation.scope import Actor, ActorKind, require_permission
from jike.values.dates import parse_day
from jike.values.errors import InvalidValue

__all__ = ["begin_members", "lines_of", "receive_members", "stored_lines", "take_members"]

LENGTHS = {"short_number": 10, "department": 60, "bundle": 60}


def receive_members(
    kind: str, name: str, content: "IO[bytes] | File[bytes]", *, actor: Actor, day: dt.date
) -> MemberBatch:
    """Keep a file of lines that join or leave on ``day``.

    Raises
    ------
    RuleBroken
        It is no table, or no column of it is called as the number is; nothing is kept then.
    """
    may_write(actor)
    require_permission(actor, PERMISSION)
    if actor.kind is not ActorKind.PERSON or actor.uid is None:
        raise NotFound
    if kind not in MemberBatch.Kind.values:
        raise Invalid({"kind": [_("Choose one of those offered.")]})
    batch = MemberBatch(person=actor.uid, kind=kind, file_name=clean_file_name(name), day=day)
    path = _path(batch)
    try:
        with path.open("xb") as target:
            shutil.copyfileobj(content, target)
        next(lines_of(path, batch), None)
    except (JikeError, OSError):
        path.unlink(missing_ok=True)
        raise
    batch.save()
    return batch


def begin_members(batch: MemberBatch, *, actor: Actor) -> None:
    """Begin to take the file in."""
    title = f"{batch.get_kind_display()} · {batch.file_name}"
    with transaction.atomic():
        task = background.begin(take_members, title=title, order={"batch": str(batch.uid)}, actor=actor)
        batch.task = task.uid
        batch.save(update_fields=["task"])


@job("customers.take_members", label=gettext_lazy("Take in a file of members"))
def take_members(task: str, *, progress: Progress) -> None:
    """Store the lines of the file that the task names."""
    background.carry_out(task, _take, progress=progress)


def lines_of(path: Path, batch: MemberBatch) -> Iterator[Line]:
    """Yield the lines of a file with their numbers judged.

    Raises
    ------
    RuleBroken
        It is no table, or lacks a column that it needs.
    """
    rows = iter(read_table(path, batch.file_name).rows)
    places = _places(next(rows, ()), needs_code=batch.kind == MemberBatch.Kind.JOIN)
    days: dict[Cell, tuple[dt.date | None, bool]] = {None: (None, True)}
    for line, row in enumerate(rows, start=2):
        cells = [row[place] if place is not None and place < len(row) else None for place in places]
        code, number, *texts, end = cells
        if number is None and code is None:
            continue
        plain, wrong = judged_number("" if number is None else str(number))
        words = ["" if cell is None else str(cell) for cell in texts]
        if not wrong and any(len(word) > most for word, most in zip(words, LENGTHS.values(), strict=True)):
            wrong = Refusal.LONG
        if end not in days:
            days[end] = _day(end)
        ends, readable = days[end]
        short, department, bundle = (word[:most] for word, most in zip(words, LENGTHS.values(), strict=True))
        found = wrong or ("" if readable else Refusal.DAY)
        yield Line(line, "" if code is None else str(code), plain, short, department, bundle, ends, found)


def _places(titles: Sequence[Cell], *, needs_code: bool) -> list[int | None]:
    """Return where each column of `HEADINGS` stands; None where the file has none."""
    plain = [plain_title(title) for title in titles]
    found = {
        name: next((place for place, title in enumerate(plain) if title in names), None)
        for name, names in HEADINGS.items()
    }
    missing = [
        name for name in ("code", "number") if found[name] is None and (needs_code or name == "number")
    ]
    if missing:
        named = _(", ").join(HEADINGS[name][0] for name in missing)
        raise Invalid(
            {"file": [_("The first row must name these columns: %(columns)s.") % {"columns": named}]}
        )
    return list(found.values())


def _day(cell: Cell) -> tuple[dt.date | None, bool]:
    if isinstance(cell, dt.datetime):
        return cell.date(), True
    if isinstance(cell, dt.date):
        return cell, True
    try:
        return parse_day(str(cell), timezone.localdate()), True
    except InvalidValue:
        return None, False


def _take(attempt: Attempt) -> None:
    batch = MemberBatch.objects.filter(uid=attempt.task.order["batch"]).first()
    actor = actor_of(attempt.task.person)
    if batch is None or actor is None:
        raise Refused(_("The person who ordered this may no longer sign in."))
    result = attempt.folder / "result.xlsx"
    columns = [Column(title, Kind.TEXT, 18, str) for title in (_("Line"), _("Number"), _("Problem"))]
    about = About(_("Members"), actor.name, timezone.localtime())
    if batch.stored_at is None:
        with writing(FileType.XLSX, result, columns, about=about) as book:
            reasons = {value: str(label) for value, label in labels.REFUSALS.items()}
            store_members(
                batch,
                lines_of(_path(batch), batch),
                actor=actor,
                refuse=lambda line, number, why: book.row([str(line), number, reasons[Refusal(why)]]),
            )
    words = {name: f"{value:,}" for name, value in batch.counts.items()}
    sentence = _("%(read)s read, %(done)s done, %(refused)s refused") % words
    with transaction.atomic():
        if batch.counts["refused"] and result.is_file():
            name = _("%(file)s to correct") % {"file": Path(batch.file_name).stem}
            attempt.finish(sentence, result=result, file_name=clean_file_name(f"{name}.xlsx"))
        else:
            attempt.finish(sentence)


def _path(batch: MemberBatch) -> Path:
    folder = Path(settings.ATTACHMENTS_FOLDER) / "members"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{batch.uid}{Path(batch.file_name).suffix.lower()}"


def stored_lines(batch: MemberBatch) -> Iterator[Line]:
    """Yield the lines of a file that was received."""
    return lines_of(_path(batch), batch)
