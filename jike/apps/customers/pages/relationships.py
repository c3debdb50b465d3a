"""Relationships of a customer beside the group tree: a tab with a small drawing and a list; and their Resource."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.actions.relationships import add_relationship, change_relationship
from jike.apps.customers.models import Customer, CustomerRelationship
from jike.apps.customers.queries.relationships import Told, relationships_of
from jike.apps.customers.rules import RelationshipNature, side_of
from jike.foundation.resource import Panel, Resource, Section
from jike.foundation.scope import Actor, may

__all__ = ["RELATIONSHIPS", "RELATIONSHIPS_TAB"]

KIND = "customers.customerrelationship"
BOX, TALL, GAP, ROW = 156, 40, 20, 56
DRAWN, NAME_SHOWN = 24, 11


def relationships(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return what the customer is to others and they to it, with a drawing of what stands today."""
    if not actor.holds(f"{KIND}:view"):
        return None
    told = relationships_of(customer, actor, today=timezone.localdate())
    standing = [one for one in told if one.standing][:DRAWN]
    return {
        "legal": [one for one in told if one.legal],
        "working": [one for one in told if not one.legal],
        "drawing": drawing(customer, standing) if standing else None,
        "may_add": actor.holds(f"{KIND}:add") and may(actor, "change", customer),
    }


def drawing(customer: Customer, told: list[Told]) -> Mapping[str, Any]:
    """Return boxes and lines in pixels: owners above, what is owned below, suppliers left, the others right."""
    sides: dict[str, list[Told]] = {"above": [], "below": [], "left": [], "right": []}
    for one in told:
        sides[side_of(RelationshipNature(one.relationship.nature), outward=one.outward)].append(one)
    widest = max(len(sides["above"]), len(sides["below"]), 1)
    flanks = [bool(sides["left"]), bool(sides["right"])]
    inner = max(widest * (BOX + GAP), BOX + GAP)
    width = inner + sum(flanks) * (BOX + 110) + 2 * GAP
    middle_x = GAP + (BOX + 110 if flanks[0] else 0) + inner // 2
    flank = max(len(sides["left"]), len(sides["right"]), 1)
    top = 20 + (TALL + 60 if sides["above"] else 0)
    middle_y = top + flank * ROW // 2
    bottom = top + flank * ROW + (60 if sides["below"] else 0)
    boxes = [_box(customer, (middle_x, middle_y), own=True)]
    lines = []
    for side, some in sides.items():
        for place, one in enumerate(some):
            spot = _spot(side, place, len(some), centre=(middle_x, middle_y), edges=(width, bottom))
            boxes.append(_box(one.other, spot))
            lines.append(_line(one, side, centre=(middle_x, middle_y), spot=spot))
    height = bottom + (TALL + 20 if sides["below"] else 20)
    return {"boxes": boxes, "lines": lines, "width": width, "height": height}


def _spot(
    side: str, place: int, number: int, *, centre: tuple[int, int], edges: tuple[int, int]
) -> tuple[int, int]:
    """Return the middle of the box at this place of a side."""
    along = (2 * place - number + 1) * (BOX + GAP) // 2
    down = (2 * place - number + 1) * ROW // 2
    spots = {
        "above": (centre[0] + along, 20 + TALL // 2),
        "below": (centre[0] + along, edges[1] + TALL // 2),
        "left": (GAP + BOX // 2, centre[1] + down),
        "right": (edges[0] - GAP - BOX // 2, centre[1] + down),
    }
    return spots[side]


def _box(customer: Customer, spot: tuple[int, int], *, own: bool = False) -> dict[str, Any]:
    (x, y), name = spot, customer.name
    shown = name if len(name) <= NAME_SHOWN else f"{name[: NAME_SHOWN - 1]}…"
    return {
        "customer": customer,
        "name": shown,
        "own": own,
        "x": x - BOX // 2,
        "y": y - TALL // 2,
        "text_x": x,
        "text_y": y + 5,
        "width": BOX,
        "height": TALL,
    }


def _line(one: Told, side: str, *, centre: tuple[int, int], spot: tuple[int, int]) -> dict[str, Any]:
    share = one.relationship.share_percent
    words = f"{one.words} {share.normalize():f}%" if share is not None else one.words
    (from_x, from_y), (to_x, to_y) = centre, spot
    if side in ("above", "below"):
        away = -1 if side == "above" else 1
        begin, end = from_y + away * TALL // 2, to_y - away * TALL // 2
        middle = (begin + end) // 2
        path, label = f"M{from_x} {begin}V{middle}H{to_x}V{end}", (to_x, (middle + end) // 2 + 4)
    else:
        away = -1 if side == "left" else 1
        begin, end = from_x + away * BOX // 2, to_x - away * BOX // 2
        middle = end - away * 90
        path, label = f"M{begin} {from_y}H{middle}V{to_y}H{end}", (end - away * 45, to_y - 5)
    return {"path": path, "words": words, "x": label[0], "y": label[1], "legal": one.legal}


RELATIONSHIPS_TAB = Panel(
    "relationships", _("Relationships"), "customers/_relationships.html", relationships, "tab"
)
RELATIONSHIPS = Resource(
    model=CustomerRelationship,
    slug="relationships",
    icon="affiliate",
    columns=("customer", "nature", "other", "share_percent", "since", "until", "remarks"),
    looks={"share_percent": "percent"},
    sorts=("-since",),
    form=(
        Section(_("Basics"), ("customer", "nature", "other", "share_percent", "since", "until", "remarks")),
    ),
    inline=("share_percent", "since", "until", "remarks"),
    actions={"add": add_relationship, "change": change_relationship},
    key=("customer", "other", "nature"),
)
