"""The queue of possible doubles, what was merged lately, and the doubles of one record."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from jike.foundation.customising import customised
from jike.foundation.directory import people
from jike.foundation.doubles import KEPT_DAYS, decide, pairs_to_decide, take_back
from jike.foundation.doubles.making import Made, merge
from jike.foundation.doubles.pairs import Shown, shown
from jike.foundation.doubles.proposing import proposal
from jike.foundation.entering import whole_number
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken, Stale
from jike.foundation.matching import matched_models, near_duplicates
from jike.foundation.matching.kinds import match_kind
from jike.foundation.models import DuplicatePair, DuplicateSweep, Merge
from jike.foundation.pages.match_words import reasons_told, tone_of
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import Actor, fetch, may, visible

__all__ = ["entered", "of_record", "queue", "settle", "tell_left", "undo"]

SHOWN = 50
AT_ONCE = 50
"""Merges that one click makes."""
EVERY = 5_000
TABS = (
    (DuplicatePair.State.OPEN, lambda: _("To be decided")),
    (DuplicatePair.State.LATER, lambda: _("Put off")),
    (DuplicatePair.State.APART, lambda: _("Not the same")),
)


def entered(request: HttpRequest, resource: Resource, action: str = "merge") -> Actor:
    """Return the actor who may merge records of the Resource at all; for anyone else there is nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if match_kind(resource.model) is None or not actor.holds(f"{resource.kind}:{action}"):
        raise NotFound
    return actor


@require_safe
def queue(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Show the pairs that wait for a decision, the likeliest first, or those decided, or what was merged."""
    actor = entered(request, resource)
    state = request.GET.get("state", "open")
    context = {
        "resource": resource,
        "state": state,
        "tabs": [*((value, label()) for value, label in TABS), ("merged", _("Merged"))],
        "resources": _others(actor),
        "sweep": DuplicateSweep.objects.filter(kind=resource.kind).exclude(finished_at=None).last(),
    }
    if state == "merged":
        context |= _merges(request, resource, actor)
    else:
        if state not in {value for value, _label in TABS}:
            raise NotFound
        page = _page(request, pairs_to_decide(resource, actor, state=state))
        context |= {
            "page": page,
            "pairs": [_line(resource, one) for one in shown(resource, page.object_list)],
        }
    return render(request, "doubles/queue.html", context)


def _page(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, SHOWN).get_page(whole_number(request.GET.get("page", "")) or 1)


def _line(resource: Resource, one: Shown) -> dict[str, Any]:
    first, second = one.rows
    address = reverse("doubles:merge", args=[resource.slug])
    return {
        "pair": one.pair,
        "rows": one.rows,
        "reasons": reasons_told(one.pair.reasons),
        "tone": tone_of(one.pair.score),
        "merge": f"{address}?row={first.uid}&row={second.uid}",
    }


def _others(actor: Actor) -> list[Resource]:
    """Return the Resources whose doubles this person decides."""
    models = matched_models()
    return [
        one for one in all_resources().values() if one.model in models and actor.holds(f"{one.kind}:merge")
    ]


def _merges(request: HttpRequest, resource: Resource, actor: Actor) -> dict[str, Any]:
    """Return the merges and splits of records that the actor may see, latest first."""
    seen = visible(resource.model, actor).order_by().values("uid")
    page = _page(request, Merge.objects.filter(kind=resource.kind, kept__in=seen).order_by("-id"))
    since = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    known = people({one.person for one in page.object_list if one.person})
    acts = [
        {
            "act": one,
            "person": known[one.person].name if one.person in known else _("the system"),
            "undoable": one.undone_at is None and one.made_at > since,
        }
        for one in page.object_list
    ]
    return {"page": page, "acts": acts, "days": KEPT_DAYS}


@require_POST
def settle(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Decide upon the chosen pairs: merge them as proposed, or say that they are not the same, or put them off."""
    actor = entered(request, resource)
    act, state = request.POST.get("act", ""), request.POST.get("state", "open")
    pairs = pairs_to_decide(resource, actor, state=state)
    if not request.POST.get("every"):
        pairs = pairs.filter(uid__in=_uids(request.POST.getlist("row")))
    if act == "same":
        _merge_each(request, resource, list(pairs[: AT_ONCE + 1]), actor=actor)
    else:
        uids = list(pairs.values_list("uid", flat=True)[:EVERY])
        count = decide(resource, uids, state=act, actor=actor, now=timezone.now())
        done = ngettext("%d pair is decided.", "%d pairs are decided.", count) % count
        messages.success(request, done)
    return redirect(f"{reverse('doubles:queue', args=[resource.slug])}?state={state}")


def _merge_each(
    request: HttpRequest, resource: Resource, pairs: list[DuplicatePair], *, actor: Actor
) -> None:
    """Merge each pair as proposed; whatever one of them is refused for does not stop the others."""
    if len(pairs) > AT_ONCE:
        raise RuleBroken(_("Merge at most %(most)s pairs at once.") % {"most": AT_ONCE})
    done, refused = 0, []
    for one in shown(resource, pairs):
        kept, gone, values = proposal(resource, one.rows, actor)
        if kept.removed_at is not None or any(row.removed_at is not None for row in gone):
            continue
        try:
            tell_left(request, merge(resource, kept, gone, actor=actor, values=values))
            done += 1
        except (RuleBroken, Refused, Stale, NotFound) as error:
            refused.append(f"{kept}{_(':')} {error}")
    if done:
        messages.success(request, ngettext("%d pair is merged.", "%d pairs are merged.", done) % done)
    for sentence in refused[:3]:
        messages.error(request, sentence)


def tell_left(request: HttpRequest, made: Made) -> None:
    """Warn of the related records that a merge or a split had to leave where they were, kind by kind, with why."""
    for name, sentences in made.left.items():
        model = apps.get_model(name.rpartition(".")[0])
        count = ngettext("%d stayed", "%d stayed", len(sentences)) % len(sentences)
        kind = capfirst(str(model._meta.verbose_name_plural))
        why = " ".join(dict.fromkeys(map(str, sentences)))
        messages.warning(request, f"{kind}{_(':')} {count}. {why}"[:400])


def _uids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError as error:
        raise Invalid({"row": [_("These rows cannot be read.")]}) from error


@require_POST
def undo(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Take a merge or a split back."""
    actor = entered(request, resource)
    act = Merge.objects.filter(kind=resource.kind, uid=uid).first()
    if act is None:
        raise NotFound
    kept = fetch(resource.model, act.kept, actor)
    try:
        undone = take_back(resource, act, actor=actor, now=timezone.now())
    except (RuleBroken, Refused) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(name)s” is as it was before.") % {"name": kept})
        known = customised(resource).attributes
        later = [str(known[name].label) for name in undone.fields if name in known]
        if later:
            kept_edits = _("Edited since and left as it is: %(fields)s.") % {"fields": _(", ").join(later)}
            messages.warning(request, kept_edits)
        if undone.rows:
            count = sum(map(len, undone.rows.values()))
            left = ngettext(
                "%d related record was moved on since and stays.",
                "%d related records were moved on since and stay.",
                count,
            )
            messages.warning(request, left % count)
    return redirect(f"{reverse('doubles:queue', args=[resource.slug])}?state=merged")


@require_safe
def of_record(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Show which records may mean the same as this one, and lead to merging and splitting it."""
    actor = entered(request, resource)
    row = fetch(resource.model, uid, actor, action="merge")
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": request.get_full_path()})
    kind = match_kind(resource.model)
    if kind is None:
        raise NotFound
    values = {name: getattr(row, name) for name in kind.names}
    found = near_duplicates(resource.model, values, actor=actor, limit=20, but=row.pk)
    lines = [(one, reasons_told(one.match.reasons), tone_of(one.match.score)) for one in found]
    context = {"resource": resource, "row": row, "lines": lines, "may_split": may(actor, "split", row)}
    return render(request, "doubles/of_record.html", context)
