"""Merging side by side: a column a record, a choice a field; and splitting: what goes to the new record."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from jike.foundation.custom.storing import mentions
from jike.foundation.customising import customised
from jike.foundation.doubles import merge, split
from jike.foundation.doubles.making import MOST, Made, choosable
from jike.foundation.doubles.proposing import blank, completed_unseen, kept_first
from jike.foundation.doubles.references import Reference, references_to
from jike.foundation.entering import whole_number
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken, Stale
from jike.foundation.models.record import Record
from jike.foundation.pages.doubles.queue import entered, tell_left
from jike.foundation.pages.resources.bulk import chosen_in
from jike.foundation.resource.bulk import rows_chosen
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.editing import RecordForm, build_form
from jike.foundation.resource.presenting import shown
from jike.foundation.scope import Actor, fetch, visible

__all__ = ["begin", "combine", "divide"]

ROWS_SHOWN = 100
"""Rows of one kind among which a split lets one choose."""


@require_POST
def begin(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Lead from the rows chosen in a list to the page that merges them."""
    actor = entered(request, resource)
    rows = rows_chosen(resource, chosen_in(request, resource, actor), actor, today=timezone.localdate())
    uids = list(rows.order_by("pk").values_list("uid", flat=True)[: MOST + 1])
    if not 2 <= len(uids) <= MOST:
        raise RuleBroken(_("Choose from two to %(most)s different records to merge.") % {"most": MOST})
    address = reverse("doubles:merge", args=[resource.slug])
    return HttpResponse(headers={"HX-Redirect": f"{address}?{'&'.join(f'row={uid}' for uid in uids)}"})


@require_http_methods(["GET", "POST"])
def combine(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Show the records side by side; merge them as chosen."""
    actor = entered(request, resource)
    resource = customised(resource)
    given = request.POST if request.method == "POST" else request.GET
    rows = _rows(resource, given.getlist("row"), actor)
    problem, status = "", 200
    if request.method == "POST":
        try:
            made = _merged(request, resource, rows, actor=actor)
        except (RuleBroken, Refused, Stale, NotFound) as error:
            problem, status = _sentence(error, resource), 422
            rows = _rows(resource, given.getlist("row"), actor)
        else:
            messages.success(request, _told(made))
            tell_left(request, made)
            return redirect("resource:record", resource.slug, made.row.uid)
    ordered = kept_first(resource, rows, actor)
    context = {
        "resource": resource,
        "rows": [(row, _following(row)) for row in ordered],
        "problem": problem,
        **_fields(resource, ordered, actor, chosen=request.POST),
    }
    return render(request, "doubles/merge.html", context, status=status)


def _rows(resource: Resource, texts: Sequence[str], actor: Actor) -> list[Record]:
    try:
        uids = list(dict.fromkeys(UUID(text) for text in texts))
    except ValueError as error:
        raise NotFound from error
    own = {field.name for field in resource.model._meta.concrete_fields}
    names = sorted(
        name for name in resource.form_fields if name in own and resource.attributes[name].field.is_relation
    )
    found = visible(resource.model, actor, "merge").filter(uid__in=uids, removed_at=None)
    rows = list(found.select_related(*names).order_by("pk"))
    if not 2 <= len(uids) <= MOST or len(rows) < len(uids):
        raise NotFound(_("One of these records is no longer there, or you may not merge it."))
    return rows


def _fields(
    resource: Resource, rows: Sequence[Record], actor: Actor, *, chosen: Mapping[str, str]
) -> dict[str, Any]:
    """Return the fields in which the records differ, each with what every record holds, and the number of the rest."""
    differing, alike = [], 0
    for name in choosable(resource, rows, actor):
        attribute = resource.attributes[name]
        held = [attribute.of(row) for row in rows]
        if all(value == held[0] for value in held):
            alike += 1
            continue
        first = next((row for row, value in zip(rows, held, strict=True) if not blank(value)), rows[0])
        pick = chosen.get(f"field-{name}") or str(first.uid)
        options = [
            (
                row,
                shown(attribute, str(value) if attribute.field.is_relation and value else value),
                pick == str(row.uid),
            )
            for row, value in zip(rows, held, strict=True)
        ]
        differing.append((name, attribute.label, options))
    return {"fields": differing, "alike": alike, "kept": chosen.get("kept") or str(rows[0].uid)}


def _merged(request: HttpRequest, resource: Resource, rows: Sequence[Record], *, actor: Actor) -> Made:
    by_uid = {str(row.uid): row for row in rows}
    kept = by_uid.get(request.POST.get("kept", ""))
    if kept is None:
        raise RuleBroken(_("Say which record is kept."))
    others = [row for row in rows if row is not kept]
    values = completed_unseen(resource, kept, others, actor=actor)
    for name in choosable(resource, rows, actor):
        source = by_uid.get(request.POST.get(f"field-{name}", ""), kept)
        value = resource.attributes[name].of(source)
        if source is not kept and value != resource.attributes[name].of(kept):
            values[name] = value
    versions = {row.uid: whole_number(request.POST.get(f"version-{row.uid}", "")) or 0 for row in rows}
    return merge(resource, kept, others, actor=actor, values=values, versions=versions)


def _told(made: Made) -> str:
    count = sum(made.moved.values())
    sentence = _("“%(name)s” now stands for all of them.") % {"name": made.row}
    follows = ngettext("%d related record came along.", "%d related records came along.", count) % count
    return f"{sentence} {follows}"


def _sentence(error: Exception, resource: Resource) -> str:
    if not isinstance(error, Invalid):
        return str(error)
    told = []
    for name, sentences in error.fields.items():
        label = f"{resource.attributes[name].label}{_(':')} " if name in resource.attributes else ""
        told.append(label + " ".join(map(str, sentences)))
    return " ".join(told)


def _following(row: Record) -> list[tuple[str, int]]:
    """Return what would come along with the record: the plural of each kind of its own rows, and how many."""
    return [
        (capfirst(str(one.model._meta.verbose_name_plural)), count)
        for one in _own(row)
        if (count := one.rows(row).count())
    ]


def _own(row: Record) -> list[Reference]:
    """Return the references that people know of: records that name this one."""
    return [one for one in references_to(type(row)) if one.gated and not one.how.reason]


@require_http_methods(["GET", "POST"])
def divide(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Ask what the new record is called and what goes over to it; split."""
    actor = entered(request, resource, "split")
    resource = customised(resource)
    row = fetch(resource.model, uid, actor, action="split")
    if not resource.form or not actor.holds(f"{resource.kind}:add"):
        raise NotFound
    form = _new_form(request, resource, row, actor=actor)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = split(
                    resource,
                    row,
                    actor=actor,
                    values=form.cleaned_data,
                    moves=_moves(request, row),
                    version=whole_number(request.POST.get("version", "")),
                )
            except Invalid as error:
                form.tell(error)
            except (RuleBroken, Refused, Stale) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("“%(name)s” stands by itself now.") % {"name": made.row})
                return redirect("resource:record", resource.slug, made.row.uid)
        status = 422
    chosen = set(request.POST.getlist("move"))
    groups = [group for one in _own(row) if (group := _group(one, row, chosen))[1]]
    context = {"resource": resource, "row": row, "form": form, "groups": groups}
    return render(request, "doubles/split.html", context, status=status)


def _new_form(request: HttpRequest, resource: Resource, row: Record, *, actor: Actor) -> RecordForm:
    """Return the short form of a new record, begun with what the divided one says; its own name is to be typed."""
    needed = [one for one in resource.form_fields if mentions([one]) and resource.attributes[one].required]
    names = (*resource.form[0].fields, *needed)
    form = build_form(resource, actor, None, names=names, data=request.POST or None)
    if request.method == "GET":
        unique = {resource.title.name, *resource.key, "credit_code"}
        form.initial = {**form.initial} | {
            name: resource.attributes[name].of(row) for name in form.fields if name not in unique
        }
    return form


def _group(reference: Reference, row: Record, chosen: set[str]) -> tuple[str, list[tuple[str, Any, bool]]]:
    lines = []
    for one in reference.rows(row).order_by("pk")[:ROWS_SHOWN]:
        value = f"{reference.name}:{one.pk}"
        lines.append((value, one, value in chosen))
    return capfirst(str(reference.model._meta.verbose_name_plural)), lines


def _moves(request: HttpRequest, row: Record) -> dict[str, list[int]]:
    """Read which rows go over; each must be one that names the record now."""
    wanted: dict[str, list[int]] = {}
    for text in request.POST.getlist("move"):
        name, _mark, number = text.partition(":")
        if (pk := whole_number(number)) is not None:
            wanted.setdefault(name, []).append(pk)
    return wanted
