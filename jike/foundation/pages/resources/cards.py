"""What a card of a board shows, and the card itself.

A card is written at once, as rows of lists are: a board has hundreds, and a template that went through them would take
half of the page's time. Addresses and sentences are made once for all cards of a page and filled in.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.listing import Row
from jike.foundation.resource.presenting import in_wan, shown
from jike.foundation.resource.state import ListState
from jike.foundation.scope import SEALED, Actor
from jike.foundation.templatetags.ui import avatar, day, icon

__all__ = ["Deck", "Face", "cards", "deck_of", "face_of"]

LINES = 2
WORDS = (Look.TEXT, Look.LINK, Look.TREE, Look.REGION, Look.INDUSTRY)
TAGS = (Look.HEALTH, Look.GRADE, Look.LEVEL, Look.CHOICE)
ANY = UUID(int=0)
"""Stands for a row's uid in addresses until the row is known."""


@dataclass(frozen=True)
class Face:
    """Which attributes a card shows, each in its place."""

    title: Attribute
    lines: tuple[Attribute, ...]
    amount: Attribute | None
    date: Attribute | None
    owner: Attribute | None
    tag: Attribute | None

    @property
    def columns(self) -> list[Attribute]:
        """Everything to be read for it."""
        beside = (self.amount, self.date, self.owner, self.tag)
        return [self.title, *self.lines, *(one for one in beside if one is not None)]


@dataclass(frozen=True)
class Deck:
    """What all cards of a page have in common: faces, addresses and words, in the reader's language.

    Attributes
    ----------
    record, drawer, move
        Addresses, each before and after the row's uid.
    moving
        The sentence that says what the button moves, before and after the title.
    """

    face: Face
    movable: bool
    record: tuple[str, str]
    drawer: tuple[str, str]
    move: tuple[str, str]
    moving: tuple[str, str]
    unit: str


def face_of(resource: Resource, state: ListState, actor: Actor, *, total: str = "") -> Face:
    """Return what a card shows: of the columns shown, two in words, one tag; then amount, date and owner."""
    names = [name for name in state.columns or resource.columns if name != resource.columns[0]]
    known = [resource.attributes[name] for name in names if resource.attributes[name].open_to(actor)]
    owner = resource.model.SCOPE.get("own", "").removesuffix("_id")
    lines = [one for one in known if one.look in WORDS and one.name != owner]
    tags = sorted((one for one in known if one.look in TAGS), key=lambda one: TAGS.index(one.look))
    return Face(
        resource.title,
        tuple(lines[:LINES]),
        resource.attributes[total] if total else None,
        resource.attributes[resource.dates] if resource.dates else None,
        resource.attributes.get(owner),
        next((one for one in tags if one.name != resource.states), None),
    )


def deck_of(resource: Resource, face: Face) -> Deck:
    """Return what the cards of this Resource have in common."""

    def address(name: str) -> tuple[str, str]:
        before, _uid, after = reverse(f"resource:{name}", args=[resource.slug, ANY]).partition(str(ANY))
        return before, after

    before, _name, after = (_("Move “%(name)s”") % {"name": ANY}).partition(str(ANY))
    return Deck(
        face,
        "change_state" in resource.actions,
        address("record"),
        address("drawer"),
        address("move"),
        (escape(before), escape(after)),
        escape(_("×10k yuan")),
    )


def cards(deck: Deck, rows: Iterable[Row]) -> SafeString:
    """Return the cards of one column, ready to print."""
    return SafeString("\n".join(_card(deck, row) for row in rows))  # each part escapes what it shows


def _card(deck: Deck, row: Row) -> str:
    face, uid = deck.face, str(row.uid)
    values = dict(zip((one.name for one in face.columns), row.values, strict=True))
    title, move = shown(face.title, values[face.title.name]), uid.join(deck.move)
    button = ""
    if deck.movable:
        button = (
            f'<button type="button" class="ibtn" hx-get="{move}" hx-target="#dialog"'
            f' aria-label="{title.join(deck.moving)}">{icon("arrows-move-horizontal", "i-s")}</button>'
        )
    return (
        f'<li class="kb-k" data-uid="{uid}" data-version="{row.version}" data-move="{move}">'
        f'<div class="kb-t"><a href="{uid.join(deck.record)}" hx-get="{uid.join(deck.drawer)}" hx-target="#aside"'
        f' draggable="false">{title}</a>{button}</div>'
        f"{''.join(_below(deck, values))}</li>"
    )


def _below(deck: Deck, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield what stands below the title: lines in words; amount and date; owner and tag."""
    face = deck.face
    yield _in("kb-w", (f"<span>{text}</span>" for text in _told(face.lines, values)))
    yield _in("kb-a", _figures(deck, values))
    yield _in("kb-o", _people(face, values))


def _in(css: str, parts: Iterable[str]) -> str:
    """Return the parts in a box, or nothing where there are none."""
    inner = "".join(parts)
    return f'<div class="{css}">{inner}</div>' if inner else ""


def _told(attributes: Sequence[Attribute], values: Mapping[str, Any]) -> Iterator[str]:
    told = (shown(one, values[one.name]) for one in attributes)
    return (text for text in told if text)


def _figures(deck: Deck, values: Mapping[str, Any]) -> Iterator[str]:
    face = deck.face
    amount = values[face.amount.name] if face.amount else None
    if isinstance(amount, Decimal) and amount:
        yield f"<span><b>{in_wan(amount)}</b> {deck.unit}</span>"
    date = values[face.date.name] if face.date else None
    if date is not None and date is not SEALED:
        own = timezone.localtime(date) if isinstance(date, dt.datetime) else date
        yield f'<time class="push" datetime="{own.isoformat()}">{escape(day(own))}</time>'


def _people(face: Face, values: Mapping[str, Any]) -> Iterator[str]:
    owner = str(values[face.owner.name] or "") if face.owner else ""
    if owner:
        yield f"{avatar(owner)}<span>{escape(owner)}</span>"
    if face.tag:
        yield from (f'<span class="push">{tag}</span>' for tag in _told([face.tag], values))
