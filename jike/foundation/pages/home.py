"""The cards of the home page: what one declares, who sees which, and the cards that every reader has.

A capability declares a `HomeCard`; the site registers them all at start and lays them out. Cards that read much come by
themselves after the page (``later``), so that the page itself is there at once.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jike.foundation.audit.following import changes_around
from jike.foundation.directory import address_of
from jike.foundation.errors import NotFound
from jike.foundation.models.record import RecordKey
from jike.foundation.notify import notices_of, shown
from jike.foundation.pages.audit_log import verb_label
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.opened import named, opened_by
from jike.foundation.scope import Actor

__all__ = [
    "OWN_CARDS",
    "HomeCard",
    "Viewpoint",
    "card",
    "cards_for",
    "leads",
    "register_cards",
    "registered",
    "viewpoint_of",
]

PLACES = ("wide", "middle", "rail")
NOTICES_SHOWN, NEWS_SHOWN = 5, 8


@dataclass(frozen=True)
class Viewpoint:
    """From where the home page is looked at: who, for themselves or for their units, on which day."""

    actor: Actor
    team: bool
    today: dt.date

    @property
    def scope(self) -> str:
        """The scope of the lists that the page's figures lead to."""
        return "all" if self.team else "mine"


@dataclass(frozen=True)
class HomeCard:
    """Something on the home page.

    Attributes
    ----------
    place
        ``wide``, ``middle`` or ``rail``: its column from the left.
    content
        Gets the viewpoint and returns the template's ``content``; None when the card has no place there.
    permission
        Who does not hold it has no such card.
    later
        Whether it comes after the page, by a request of its own. Figures of whole units always do: a province has a
        million customers.
    doing
        Who does not hold it has the card of their units only: what they merely see is no work of their own.
    """

    name: str
    label: str | Promise
    place: str
    template: str
    content: Callable[[Viewpoint], Mapping[str, Any] | None]
    permission: str = ""
    later: bool = False
    doing: str = ""

    def stands_for(self, view: Viewpoint) -> bool:
        """Whether the card has a place on the home page looked at from there."""
        needed = (self.permission, "" if view.team else self.doing)
        return all(view.actor.holds(one) for one in needed if one)

    def __post_init__(self) -> None:
        if self.place not in PLACES:
            raise LookupError(
                f"home card {self.name!r}: {self.place!r} is no place; there are {', '.join(PLACES)}"
            )


class _Registered:
    cards: Sequence[HomeCard] = ()
    team_first: frozenset[str] = frozenset()


def register_cards(cards: Iterable[HomeCard], *, team_first: Iterable[str] = ()) -> None:
    """Replace what is registered; two cards of one name stop the start.

    Whoever holds one of the permissions ``team_first`` has a home that opens at their units rather than at themselves.
    """
    fresh = tuple(cards)
    names = [one.name for one in fresh]
    if len(set(names)) < len(names):
        raise LookupError(f"two home cards bear one name: {', '.join(sorted(names))}")
    _Registered.cards, _Registered.team_first = fresh, frozenset(team_first)


def registered(actor: Actor) -> list[HomeCard]:
    """Return the cards that the actor may have, for pages that show some of them by themselves."""
    return [one for one in _Registered.cards if not one.permission or actor.holds(one.permission)]


def viewpoint_of(request: PageRequest) -> Viewpoint:
    """Return the viewpoint in the address; without one heads look at their units, everybody else at themselves."""
    opening = "team" if any(map(request.actor.holds, _Registered.team_first)) else "me"
    team = request.GET.get("view", opening) == "team" and leads(request.actor)
    return Viewpoint(request.actor, team, timezone.localdate())


def leads(actor: Actor) -> bool:
    """Whether the actor sees more than their own in any card: then they may look at their units."""
    reaches = (actor.reach(one.permission) for one in _Registered.cards if one.permission)
    return any(reach.everything or reach.units for reach in reaches)


def cards_for(view: Viewpoint) -> dict[str, list[tuple[HomeCard, Mapping[str, Any] | None]]]:
    """Return the cards of each place with what they show; None for those that come later."""
    found: dict[str, list[tuple[HomeCard, Mapping[str, Any] | None]]] = {place: [] for place in PLACES}
    for one in _Registered.cards:
        if not one.stands_for(view):
            continue
        late = one.later or (view.team and bool(one.permission))
        content = None if late else one.content(view)
        if late or content is not None:
            found[one.place].append((one, content))
    return found


@page("GET")
def card(request: PageRequest, name: str) -> HttpResponse:
    """Give one card, for those that come after the page."""
    view = viewpoint_of(request)
    one = next((one for one in _Registered.cards if one.name == name), None)
    if one is None or not one.stands_for(view):
        raise NotFound
    content = one.content(view)
    if content is None:
        return HttpResponse()
    return render(request, "foundation/_home_card.html", {"card": one, "content": content, "view": view})


def notices(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return the latest notices that were not read."""
    if view.team or view.actor.uid is None:
        return None
    rows = list(notices_of(view.actor.uid, unread=True)[:NOTICES_SHOWN])
    return {"notices": shown(rows, view.actor)}


def news(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return what others changed lately on records that one follows or has kept near."""
    if view.team or view.actor.uid is None:
        return None
    changes = changes_around(view.actor.uid, limit=NEWS_SHOWN)
    keys = {RecordKey(one.kind, one.uid) for one in changes}
    names = named(keys, view.actor)
    told = [
        (
            one,
            verb_label(one.kind, one.verb),
            names[RecordKey(one.kind, one.uid)],
            address_of(RecordKey(one.kind, one.uid)),
        )
        for one in changes
        if RecordKey(one.kind, one.uid) in names
    ]
    return {"changes": told}


def near(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return favourites and what was opened last."""
    return None if view.team else {"opened": opened_by(view.actor)[:8]}


OWN_CARDS = (
    HomeCard("notices", _("Notices"), "middle", "foundation/_home_notices.html", notices),
    HomeCard("news", _("News of what I follow"), "middle", "foundation/_home_news.html", news),
    HomeCard("near", _("Favourites and opened last"), "rail", "foundation/_home_near.html", near),
)
