"""What a file of members says, line by line; and where the file is kept."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import MemberBatch
from jike.apps.customers.rules import HEADINGS, Line, Refusal, judged_number
from jike.foundation.errors import Invalid
from jike.foundation.exchange.mapping import plain_title
from jike.foundation.exchange.tables import Cell, read_table
from jike.values.dates import parse_day
from jike.values.errors import InvalidValue

__all__ = ["file_of", "member_lines"]

LENGTHS = {"short_number": 10, "department": 60, "bundle": 60}


def file_of(batch: MemberBatch) -> Path:
    """Return where the file lies."""
    folder = Path(settings.ATTACHMENTS_FOLDER) / "members"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{batch.uid}{Path(batch.file_name).suffix.lower()}"


def member_lines(batch: MemberBatch) -> Iterator[Line]:
    """Yield the lines of a file with their numbers judged.

    Raises
    ------
    RuleBroken
        It is no table, or lacks a column that it needs.
    """
    rows = iter(read_table(file_of(batch), batch.file_name).rows)
    places = _places(next(rows, ()), needs_code=batch.kind == MemberBatch.Kind.JOIN)
    days: dict[Cell, tuple[dt.date | None, bool]] = {None: (None, True)}
    for line, row in enumerate(rows, start=2):
        cells = [row[place] if place is not None and place < len(row) else None for place in places]
        code, number, *texts, start, end = cells
        if number is None and code is None:
            continue
        plain, wrong = judged_number("" if number is None else str(number))
        words = ["" if cell is None else str(cell) for cell in texts]
        if not wrong and any(len(word) > most for word, most in zip(words, LENGTHS.values(), strict=True)):
            wrong = Refusal.LONG
        for cell in (start, end):
            if cell not in days:
                days[cell] = _day(cell)
        (begins, first), (ends, last) = days[start], days[end]
        readable = first and last and (begins is None or ends is None or begins <= ends)
        short, department, bundle = (word[:most] for word, most in zip(words, LENGTHS.values(), strict=True))
        found = wrong or ("" if readable else Refusal.DAY)
        yield Line(
            line, "" if code is None else str(code), plain, short, department, bundle, begins, ends, found
        )


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
