"""The group tree of a customer: a tab opened level by level, its rows moved by dragging, and its picture."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers import actions
from jike.apps.customers.models import Customer
from jike.apps.customers.queries.group_tree import (
    LEVEL_SHOWN,
    TreeRow,
    count_group_members,
    group_picture,
    group_tree,
    tree_children,
)
from jike.apps.customers.rules import State
from jike.foundation.entering import whole_number
from jike.foundation.pages.entry import PageRequest, after, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource import Panel, Verb
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.resource.presenting import in_wan, shown
from jike.foundation.scope import Actor, fetch, may, visible

__all__ = ["GROUP_PATHS", "GROUP_VERBS", "TREE"]

DEEPEST = 8
"""Levels that are indented; whatever lies deeper says its level in words."""


def tree(customer: Customer, actor: Actor) -> Mapping[str, Any]:
    """Return the group, opened down to the customer, and the figures of the whole."""
    found = group_tree(customer, actor)
    return {
        "lines": [_line(row) for row in found.rows],
        "whole": found.whole,
        "revenue": in_wan(found.whole.revenue),
        "arrears": in_wan(found.whole.arrears),
        "further": max(0, found.further),
        "movable": any(row.may_move for row in found.rows),
        "alone": found.whole.customers <= 1,
        "leaves": customer.parent_id is not None and may(actor, "move", customer),
        "cancels": customer.state != State.ARCHIVED and may(actor, "change_state", customer),
    }


def _line(row: TreeRow) -> dict[str, Any]:
    """Return what one row of the template shows."""
    look = attribute_of(Customer, "health", "health")
    worst = row.rolled.worst_health
    return {
        "row": row,
        "customer": row.customer,
        "indent": min(row.level - 1, DEEPEST),
        "revenue": in_wan(row.rolled.revenue),
        "arrears": in_wan(row.rolled.arrears) if row.rolled.arrears else "",
        "health": shown(look, worst) if worst is not None else "",
    }


TREE = Panel("tree", gettext_lazy("Group tree"), "customers/_tree.html", tree, "tab")
GROUP_VERBS = (Verb("move", gettext_lazy("Move in the group"), "sitemap", "customers:move"),)


@page("GET", permission="customers.customer:view")
def children(request: PageRequest, uid: UUID) -> HttpResponse:
    """Give the rows directly below a customer, from one of its level on."""
    customer = fetch(Customer, uid, request.actor)
    level = max(1, min(whole_number(request.GET.get("level", "")) or 1, 9_999))
    after = max(0, whole_number(request.GET.get("after", "")) or 0)
    rows, further = tree_children(customer, request.actor, level=level, after=after)
    context = {
        "lines": [_line(row) for row in rows],
        "above": customer,
        "further": further,
        "level": level,
        "next": after + LEVEL_SHOWN,
    }
    return render(request, "customers/_tree_rows.html", context)


@page("POST", permission="customers.customer:move")
def drop(request: PageRequest, uid: UUID) -> HttpResponse:
    """Move the customer under the one it was dropped on (none: out of its group); the toast offers to take it back."""
    customer = fetch(Customer, uid, request.actor, action="move", related=("parent",))
    former = customer.parent
    given = request.POST.get("parent") or request.GET.get("parent") or ""
    parent = fetch(Customer, _uid(given), request.actor) if given else None
    actions.move_customer(customer, actor=request.actor, parent=parent)
    sentence = _("“%(name)s” has moved in its group.") % {"name": customer}
    if not request.htmx:
        messages.success(request, sentence)
        return after(customer)
    told = {"toast": {"text": sentence, "undo": _back(customer, former)}, "group-changed": {}}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(told)})


def _back(customer: Customer, parent: Customer | None) -> str:
    """Return the address that moves the customer under ``parent`` again."""
    address = reverse("customers:drop", args=[customer.uid])
    return address if parent is None else f"{address}?parent={parent.uid}"


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@page("GET", permission="customers.customer:view")
def picture(request: PageRequest, uid: UUID) -> HttpResponse:
    """Give the group as a picture that one zooms, moves and folds."""
    customer = fetch(Customer, uid, request.actor)
    words = {
        "city": _("other city"),
        "province": _("other province"),
        "cancelled": _("dissolved"),
        "customers": _("customers"),
        "revenue": _("×10k yuan a month"),
        "more": _("more"),
    }
    context = {
        "customer": customer,
        "group": json.dumps(group_picture(customer, request.actor), ensure_ascii=False),
        "words": json.dumps(words, ensure_ascii=False),
        "record": reverse("resource:record", args=["customers", UUID(int=0)]),
    }
    return render(request, "customers/_group_picture.html", context)


@page("GET", permission="customers.customer:view")
def members(request: PageRequest, uid: UUID) -> HttpResponse:
    """Say how many lines belong to the customer and everything below; counted apart, for there may be millions."""
    customer = fetch(Customer, uid, request.actor)
    number = count_group_members(customer, request.actor)
    return HttpResponse("…" if number is None else f"{number:,}", content_type="text/plain; charset=utf-8")


@page("GET", "POST", permission="customers.customer:move")
def split_off(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask whether the customer with everything below it leaves its group, and let it."""
    customer = fetch(Customer, uid, request.actor, action="move", related=("parent",))
    # Who does not see the former parent could not bring it back there.
    former = customer.parent
    seen = former is not None and visible(Customer, request.actor).filter(pk=former.pk).exists()
    undo = _back(customer, former) if seen else ""

    def act(given: dict[str, Any]) -> str:
        actions.move_customer(customer, actor=request.actor, parent=None)
        return _("“%(name)s” stands alone now, with everything below it.") % {"name": customer}

    form = RecordForm([], request.actor, data=request.POST or None)
    text = _("It leaves its group together with everything below it; the figures of both are added up anew.")
    return ask(request, customer, form, title=_("Split off from the group"), act=act, text=text, undo=undo)


@page("GET", "POST", permission="customers.customer:change_state")
def cancel(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask why the customer no longer exists, and cancel it."""
    customer = fetch(Customer, uid, request.actor, action="change_state", related=("parent",))

    def act(given: dict[str, Any]) -> str:
        actions.cancel_customer(customer, actor=request.actor, reason=given["state_reason"])
        return _("“%(name)s” is cancelled; what lay below it moved up.") % {"name": customer}

    form = RecordForm([attribute_of(Customer, "state_reason")], request.actor, data=request.POST or None)
    text = _("It is archived. What lies below it moves up to its parent.")
    return ask(request, customer, form, title=_("Cancel in the group"), act=act, text=text)


GROUP_PATHS = [
    path("customers/<uuid:uid>/group/children/", children, name="children"),
    path("customers/<uuid:uid>/group/drop/", drop, name="drop"),
    path("customers/<uuid:uid>/group/picture/", picture, name="picture"),
    path("customers/<uuid:uid>/group/members/", members, name="group_members"),
    path("customers/<uuid:uid>/group/split-off/", split_off, name="split_off"),
    path("customers/<uuid:uid>/group/cancel/", cancel, name="cancel"),
]
