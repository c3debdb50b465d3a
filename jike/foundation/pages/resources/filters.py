"""The filter builder: conditions row by row, groups of which any must hold, applied as the list's address."""

import json
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jike.foundation.entering import whole_number
from jike.foundation.errors import Invalid
from jike.foundation.pages.resources.lists import entered, state_of
from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.resource.chips import value_choices
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.filtering import (
    OPERATORS,
    WITHOUT_VALUE,
    Condition,
    Group,
    dump,
    filterable,
    operators_for,
    parse,
)
from jike.foundation.scope import Actor

__all__ = ["build"]

MOST_ROWS = 20


@dataclass(frozen=True)
class Line:
    """One row of the builder: ``group`` 0 holds with all others, the rows of any other group are alternatives."""

    group: int
    name: str
    operator: str
    values: tuple[str, ...] = ()


@require_http_methods(["GET", "POST"])
def build(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Show the builder (GET), add or drop a row, or apply it (POST)."""
    actor = entered(request, resource)
    state, _problem = state_of(request, resource, actor)
    names = filter_names(resource, actor)
    if request.method != "POST":
        lines = lines_of(state.where) or [Line(0, names[0], "")]
        return _shown(request, resource, lines, names=names)
    lines = [line for line in _posted(request) if line.name in names]
    if "apply" not in request.POST:
        return _shown(request, resource, _changed(request, lines, names), names=names)
    try:
        where = parse(dump(where_of([line for line in lines if _complete(line)])), resource, actor)
    except Invalid as error:
        return _shown(request, resource, lines, names=names, problem=str(error))
    response = HttpResponse(status=204)
    path = f"{reverse('resource:list', args=[resource.slug])}?{state.address(where=where)}"
    response["HX-Location"] = json.dumps({"path": path, "target": "#list", "swap": "innerHTML"})
    return response


def filter_names(resource: Resource, actor: Actor) -> list[str]:
    """Return the fields this actor may filter by, shown ones first."""
    found = []
    for name in dict.fromkeys((*resource.columns, *resource.filters, *resource.more_columns)):
        try:
            filterable(resource, actor, name)
        except Invalid:
            continue
        if resource.attributes[name].look is not Look.TREND:
            found.append(name)
    return found


def lines_of(where: Group) -> list[Line]:
    """Return a filter as rows; what is nested deeper than the builder shows is brought up to its group."""
    if where.any:
        return [_line(1, one) for one in _flat(where)]
    lines, group = [], 0
    for part in where.parts:
        if isinstance(part, Group):
            group += 1
            lines += [_line(group, one) for one in _flat(part)]
        else:
            lines.append(_line(0, part))
    return lines


def where_of(lines: list[Line]) -> Group:
    """Return rows as a filter."""
    groups: dict[int, list[Condition]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(_condition(line))
    together: list[Condition | Group] = list(groups.pop(0, []))
    return Group(False, (*together, *(Group(True, tuple(parts)) for parts in groups.values())))


def _flat(group: Group) -> list[Condition]:
    return [one for part in group.parts for one in (_flat(part) if isinstance(part, Group) else [part])]


def _line(group: int, one: Condition) -> Line:
    values = one.value if isinstance(one.value, list) else [] if one.value is None else [one.value]
    return Line(group, one.name, one.operator, tuple(str(value) for value in values))


def _condition(line: Line) -> Condition:
    if line.operator in WITHOUT_VALUE:
        return Condition(line.name, line.operator)
    many = line.operator in ("in", "not_in", "under", "between")
    return Condition(line.name, line.operator, list(line.values) if many else line.values[0])


def _complete(line: Line) -> bool:
    return line.operator in WITHOUT_VALUE or any(line.values)


def _posted(request: HttpRequest) -> list[Line]:
    lines = []
    for place in request.POST.getlist("row")[:MOST_ROWS]:
        values = tuple(value for value in request.POST.getlist(f"value-{place}") if value)
        group = whole_number(request.POST.get(f"group-{place}", "")) or 0
        name, operator = request.POST.get(f"name-{place}", ""), request.POST.get(f"operator-{place}", "")
        lines.append(Line(group, name, operator, values))
    return lines


def _changed(request: HttpRequest, lines: list[Line], names: list[str]) -> list[Line]:
    """Do what the pressed button says: add a row, add a group, drop a row; a changed field begins its row anew."""
    if "add" in request.POST:
        return [*lines, Line(0, names[0], "")]
    if "group" in request.POST:
        fresh = max((line.group for line in lines), default=0) + 1
        return [*lines, Line(fresh, names[0], ""), Line(fresh, names[0], "")]
    if "beside" in request.POST:
        return [*lines, Line(whole_number(request.POST["beside"]) or 0, names[0], "")]
    if "drop" in request.POST:
        return [line for place, line in enumerate(lines) if str(place) != request.POST["drop"]]
    if "renew" in request.POST:
        return [
            replace(x, operator="", values=()) if str(n) == request.POST["renew"] else x
            for n, x in enumerate(lines)
        ]
    return lines


def _shown(
    request: HttpRequest, resource: Resource, lines: list[Line], *, names: list[str], problem: str = ""
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    groups: dict[int, list[dict[str, Any]]] = {}
    for place, line in enumerate(lines):
        groups.setdefault(line.group, []).append(
            _row(resource.attributes[line.name], line, place, actor=actor)
        )
    context = {
        "resource": resource,
        "groups": sorted(groups.items()),
        "names": [(name, resource.attributes[name].label) for name in names],
        "address": request.GET.urlencode(),
        "problem": problem,
        "yes_no": (("true", _("yes")), ("false", _("no"))),
    }
    return render(request, "resource/_filter.html", context)


def _row(attribute: Attribute, line: Line, place: int, *, actor: Actor) -> dict[str, Any]:
    operators = operators_for(attribute)
    operator = line.operator if line.operator in operators else operators[0]
    return {
        "place": place,
        "line": line,
        "operators": [(name, OPERATORS[name]) for name in operators],
        "operator": operator,
        "input": _input(attribute, operator),
        "source": _source(attribute),
        "choices": [(str(value), label) for value, label in attribute.choices.items()],
        "chosen": value_choices(attribute, line.values, actor),
    }


def _input(attribute: Attribute, operator: str) -> str:
    """Return which input the row shows: none, search, choices, yes_no, between, or one line of text."""
    if operator in WITHOUT_VALUE:
        return "none"
    if attribute.field.is_relation or attribute.look.nested:
        return "search"
    if attribute.look.chosen:
        return "choices"
    if attribute.look is Look.YES_NO:
        return "yes_no"
    return "between" if operator == "between" else "text"


def _source(attribute: Attribute) -> str:
    if attribute.refers_to:
        return attribute.refers_to.kind()
    return {Look.REGION: "regions", Look.INDUSTRY: "industries"}.get(attribute.look, "")
