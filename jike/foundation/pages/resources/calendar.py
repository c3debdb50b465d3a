"""The calendar of a Resource with dates: a month as a grid, on a phone as an agenda."""

import calendar as months
import datetime as dt
import re
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from jike.foundation.pages.resources.cards import face_of
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.filtering import Condition, Group
from jike.foundation.resource.listing import matching
from jike.foundation.resource.presenting import shown
from jike.foundation.resource.state import ListState
from jike.foundation.scope import Actor
from jike.foundation.shelving import Shelving, counts, first_rows
from jike.values.period import add_months

__all__ = ["calendar", "weeks_of"]

SHOWN = 4
MONTH = re.compile(r"(\d{4})-(\d{2})")
FIRST_YEAR, LAST_YEAR = 1900, 2199


def calendar(resource: Resource, state: ListState, actor: Actor, *, month: str = "") -> dict[str, Any]:
    """Return the weeks of a month with the first rows of each day: two queries."""
    today = timezone.localdate()
    first = month_of(month, today)
    weeks = weeks_of(first)
    days = [day for week in weeks for day in week]
    by = resource.attributes[resource.dates]
    rows_asked = matching(resource, state, actor, today=today)
    # By the date itself: within a day that is the order of the index (date, id), which stops after the rows shown.
    shelving = Shelving(resource, rows_asked, by, days, resource.dates)
    face = face_of(resource, state, actor)
    columns = {"title": resource.title, **({"line": face.lines[0]} if face.lines else {})}
    columns |= {"state": resource.attributes[resource.states]} if resource.states else {}
    rows, shelves = first_rows(shelving, list(columns.values()), actor, limit=SHOWN), counts(shelving)

    def told(day: dt.date) -> dict[str, Any]:
        items = [
            {"uid": row.uid}
            | {
                name: shown(one, value)
                for (name, one), value in zip(columns.items(), row.values, strict=True)
            }
            for row in rows[day]
        ]
        return {
            "date": day,
            "here": day.month == first.month,
            "today": day == today,
            "late": day < today,
            "items": items,
            "count": shelves[day].count,
            "more": max(shelves[day].count - len(items), 0),
            "address": _on(state, resource.dates, day),
        }

    return {
        "month": date_format(first, _("F Y")),
        "weekdays": [date_format(day, "D") for day in weeks[0]],
        "weeks": [[told(day) for day in week] for week in weeks],
        "previous": _month_address(state, add_months(first, -1)),
        "this_month": _month_address(state, today),
        "next": _month_address(state, add_months(first, 1)),
        "date_label": by.label,
    }


def month_of(text: str, today: dt.date) -> dt.date:
    """Return the first day of the month named ``2026-11``; of the present one where the text names none."""
    found = MONTH.fullmatch(text)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR and 1 <= int(found[2]) <= 12:
        return dt.date(int(found[1]), int(found[2]), 1)
    return today.replace(day=1)


def weeks_of(first: dt.date) -> list[list[dt.date]]:
    """Return the weeks, from Monday on, that the month touches."""
    return months.Calendar().monthdatescalendar(first.year, first.month)


def _month_address(state: ListState, day: dt.date) -> str:
    return f"{state.address(layout='calendar')}&month={day:%Y-%m}"


def _on(state: ListState, name: str, day: dt.date) -> str:
    """Return the list's address narrowed to one day."""
    where = Group(False, (*_parts(state.where), Condition(name, "on", day.isoformat())))
    return state.address(layout="table", where=where, view="")


def _parts(where: Group) -> tuple[Any, ...]:
    return where.parts if not where.any else ((where,) if where.parts else ())
