"""The navigation of one actor. An item whose page does not exist, or which the actor may not use, is not listed."""

from dataclasses import replace
from functools import lru_cache

from django.urls import NoReverseMatch, reverse

from jike.apps.quoting.queries import stands_in_for_an_approver
from jike.foundation.scope import Actor
from jike.site.items import APPROVING, LENT, Group, Item
from jike.site.places import CREATING, ENDING, MENU

__all__ = ["Group", "Item", "Keys", "creating", "ending", "keys_of", "listed", "phone_items"]

PHONE_PLACES = 5
Keys = frozenset[str] | None
"""Permissions, and `LENT`; None before sign-in."""


def keys_of(actor: Actor | None) -> Keys:
    """Return what opens items to ``actor``: the permissions held, and the authority that somebody else lends."""
    if actor is None:
        return None
    held = frozenset(actor.grants)
    lent = held.isdisjoint(APPROVING) and stands_in_for_an_approver(actor)
    return held | {LENT} if lent else held


def ending(keys: Keys) -> tuple[Item, ...]:
    """Return the items at the foot of the navigation."""
    return _usable(ENDING, keys)


def creating(keys: Keys) -> tuple[Item, ...]:
    """Return what may be created, for the create menu."""
    return _usable(CREATING, keys)


def phone_items(keys: Keys) -> list[Item]:
    """Return the items of the phone's bottom bar, at most five in their order; of two for one place the later one."""
    items = [*(item for group in listed(keys) for item in group.items), *ending(keys)]
    places = {item.phone: item for item in items if item.phone}
    bar = [places[place] for place in sorted(places)]
    return bar if len(bar) <= PHONE_PLACES else [*bar[: PHONE_PLACES - 1], bar[-1]]


@lru_cache(maxsize=256)
def listed(keys: Keys) -> tuple[Group, ...]:
    """Return the groups with the items that ``keys`` open; every page asks, and people of one role hold the same."""
    groups = (Group(group.label, _usable(group.items, keys)) for group in MENU)
    return tuple(group for group in groups if group.items)


def _usable(items: tuple[Item, ...], keys: Keys) -> tuple[Item, ...]:
    if keys is None:
        return ()
    open_items = (item for item in items if not item.permissions or not keys.isdisjoint(item.permissions))
    return tuple(filter(None, map(_placed, open_items)))


def _placed(item: Item) -> Item | None:
    try:
        return replace(item, url=reverse(item.page, args=item.arguments))
    except NoReverseMatch:
        return None
