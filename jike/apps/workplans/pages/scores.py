"""Targets against what was reached: a unit with its parts and people, down to one person and the lists behind."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from jike.apps.organisation.models import Person, Unit
from jike.apps.organisation.queries import person_of
from jike.apps.workplans import queries
from jike.apps.workplans.models.labels import MEASURE_UNITS, MEASURES
from jike.apps.workplans.rules import Measure, is_share, time_passed
from jike.foundation.errors import NotFound
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.presenting import in_wan
from jike.values.period import add_months

__all__ = ["lines_of", "scores"]

MONTH = re.compile(r"(\d{4})-(\d{2})")
VIEW = "workplans.target:view"
BEHIND = 15
"""Percent points behind the time passed from which a figure is told as late."""


@page("GET", permission=VIEW)
def scores(request: PageRequest) -> HttpResponse:
    """Show a unit's measures with its parts and people; for those who see themselves alone, their own."""
    month = _month(request.GET.get("month", ""))
    context = {
        "month": month,
        "before": add_months(month, -1),
        "after": add_months(month, 1),
        "passed": time_passed(month, today=timezone.localdate()),
        "measures": [(MEASURES[one], MEASURE_UNITS[one]) for one in Measure],
        "may_set": request.actor.holds("workplans.target:add"),
    }
    person = _person(request)
    if person is not None:
        context |= {"person": person, "own": lines_of(person, month)}
        return render(request, "workplans/person.html", context)
    unit = _unit(request)
    found = queries.board_of(unit, month)
    if found is not None:
        whole, parts, people = found
        context |= {
            "whole": [_told(one, month) for one in whole],
            "parts": [(one, _row(lines, month)) for one, lines in parts],
            "people": [(one, _row(lines, month)) for one, lines in people],
        }
    return render(request, "workplans/scores.html", context | {"unit": unit, "slow": found is None})


def lines_of(person: Person, month: dt.date) -> list[dict[str, Any]]:
    """Return a person's measures, each with the address of the list behind it."""
    return [
        {**_told(one, month), "address": _behind(one.measure, person, month)}
        for one in queries.reached_by(person, month)
    ]


def _row(lines: list[queries.Reached], month: dt.date) -> list[dict[str, Any]]:
    return [_told(one, month) for one in lines]


def _told(one: queries.Reached, month: dt.date) -> dict[str, Any]:
    passed = time_passed(month, today=timezone.localdate())
    late = one.percent is not None and one.percent < (100 if is_share(one.measure) else passed) - BEHIND
    return {
        "label": MEASURES[one.measure],
        "unit": MEASURE_UNITS[one.measure],
        "actual": _figure(one.measure, one.actual),
        "target": _figure(one.measure, one.target),
        "percent": one.percent,
        "bar": min(one.percent or 0, 100),
        "late": late,
        "done": one.percent is not None and one.percent >= 100,
    }


def _figure(measure: Measure, value: Any) -> str:
    if value is None:
        return ""
    if measure in (Measure.REVENUE, Measure.WON):
        return in_wan(value)
    return f"{value:,.1f}" if is_share(measure) else f"{value:,.0f}"


def _behind(measure: Measure, person: Person, month: dt.date) -> str:
    """Return the list that shows what the figure is made of."""
    last = add_months(month, 1) - dt.timedelta(days=1)
    whose = ["owner", "in", [str(person.uid)]]
    span = [str(month), str(last)]
    where: Mapping[Measure, tuple[str, list[list[Any]]]] = {
        Measure.REVENUE: ("customers", [whose, ["monthly_revenue", "gt", 0]]),
        Measure.RETENTION: ("customers", [whose, ["state", "in", ["active", "silent", "lost"]]]),
        Measure.WON: ("opportunities", [whose, ["stage", "in", ["won"]], ["closed_on", "between", span]]),
        Measure.VISITS: ("visits", [whose, ["state", "in", ["done"]], ["planned_on", "between", span]]),
    }
    slug, conditions = where[measure]
    query = urlencode({"where": json.dumps(conditions, separators=(",", ":"))})
    return f"{reverse('resource:list', args=[slug])}?{query}"


def _month(text: str) -> dt.date:
    found = MONTH.fullmatch(text)
    if found is None:
        return timezone.localdate().replace(day=1)
    year, month = int(found[1]), int(found[2])
    if not (2000 <= year <= 2199 and 1 <= month <= 12):
        raise NotFound
    return dt.date(year, month, 1)


def _person(request: PageRequest) -> Person | None:
    """Return the person asked for, or oneself where no more than oneself is seen."""
    asked = request.GET.get("person", "")
    if asked:
        return queries.scored_person(request.actor, _uid(asked))
    reach = request.actor.reach(VIEW)
    return None if reach.everything or reach.units else person_of(request.actor)


def _unit(request: PageRequest) -> Unit:
    """Return the unit asked for, or the topmost that is seen."""
    asked = request.GET.get("unit", "")
    return queries.scored_unit(request.actor, _uid(asked) if asked else None)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
