"""The navigation as data. An item whose page does not exist, or which the actor may not use, is not listed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jike.foundation.scope import Actor

__all__ = ["ENDING", "MENU", "Group", "Item", "ending", "listed", "phone_items"]

Text = str | Promise


@dataclass(frozen=True)
class Item:
    """One place to go.

    Attributes
    ----------
    label, icon, page
        What it is called, its Tabler icon and the name of its address.
    permissions
        Any one of them opens it; none means everybody who is signed in.
    key
        The letter that goes there after `g`.
    count
        Name of the figure shown beside it (see `jike.site.shell`).
    phone
        Its place in the phone's bottom bar, from the left; 0: not there.
    """

    label: Text
    icon: str
    page: str
    permissions: tuple[str, ...] = ()
    key: str = ""
    count: str = ""
    phone: int = 0
    url: str = ""


@dataclass(frozen=True)
class Group:
    """Items under one heading; the first group has none."""

    label: Text
    items: tuple[Item, ...]


MENU = (
    Group("", (Item(_("Workbench"), "home", "home", key="h", phone=1),)),
    Group(
        _("Organisation"),
        (
            Item(
                _("People"), "users", "organisation:people", ("organisation.person:view",), key="p", phone=2
            ),
            Item(_("Units"), "sitemap", "organisation:units", ("organisation.unit:view",), key="u", phone=3),
            Item(
                _("Roles and rights"),
                "shield-lock",
                "organisation:roles",
                ("organisation.role:view",),
                key="r",
            ),
            Item(
                _("Deputies"), "user-check", "organisation:deputies", ("organisation.deputy:view",), key="d"
            ),
            Item(
                _("Integration tokens"), "key", "organisation:tokens", ("organisation.token:view",), key="t"
            ),
        ),
    ),
    Group(
        _("Administration"),
        (
            Item(_("History of changes"), "history", "foundation:audit", ("foundation.audit:view",), key="a"),
            Item(_("Background jobs"), "list-check", "foundation:jobs", ("foundation.jobs:view",), key="j"),
        ),
    ),
)
ENDING = (Item(_("My account"), "user", "me", key="m", phone=5),)


def listed(actor: Actor | None) -> list[Group]:
    """Return the groups with the items that exist and that ``actor`` may use."""
    groups = [Group(group.label, tuple(_usable(group.items, actor))) for group in MENU]
    return [group for group in groups if group.items]


def ending(actor: Actor | None) -> list[Item]:
    """Return the items at the foot of the navigation."""
    return list(_usable(ENDING, actor))


def phone_items(actor: Actor | None) -> list[Item]:
    """Return the items of the phone's bottom bar, in their order."""
    items = [item for group in listed(actor) for item in group.items] + ending(actor)
    return sorted((item for item in items if item.phone), key=lambda item: item.phone)


def _usable(items: tuple[Item, ...], actor: Actor | None) -> Iterator[Item]:
    if actor is None:
        return
    for item in items:
        if item.permissions and not any(actor.holds(permission) for permission in item.permissions):
            continue
        try:
            yield replace(item, url=reverse(item.page))
        except NoReverseMatch:
            continue
