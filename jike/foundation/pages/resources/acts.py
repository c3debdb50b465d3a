"""What one may do with a record, as its head offers it: side by side, and the rest folded into a menu.

A desk has room for more than a telephone. The page holds both divisions, each act with the classes that say where it is
shown, so that neither a script nor a second request is needed.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jike.foundation.models.record import Record
from jike.foundation.pages.resources.moving import may_move
from jike.foundation.resource.declaration import Resource, Verb
from jike.foundation.resource.registry import verbs_of
from jike.foundation.scope import Actor, may

__all__ = ["Act", "Acts", "acts_of"]

MOST_ON_DESK = 5
"""Verbs that stand side by side at a desk; changing the state, editing and removing always stand beside them."""
MOST_ON_PHONE = 4
"""Places side by side on a telephone, the menu's button among them where there are more acts than places."""


@dataclass(frozen=True)
class Act:
    """One act: how it is asked for, and whether it stands side by side with others at a desk and on a telephone."""

    label: str | Promise
    icon: str
    address: str
    way: Literal["dialog", "move", "change", "remove"] = "dialog"
    primary: bool = False
    on_desk: bool = True
    on_phone: bool = True

    @property
    def shown(self) -> str:
        """The class of its button: nothing where it stands on both."""
        return "" if self.on_desk and self.on_phone else "desk-only" if self.on_desk else "phone-only"

    @property
    def folded(self) -> str:
        """The class of its line in the menu."""
        return "" if not self.on_desk and not self.on_phone else "phone-only" if self.on_desk else "desk-only"


@dataclass(frozen=True)
class Acts:
    """The acts of a record in their order."""

    every: tuple[Act, ...]

    @cached_property
    def beside(self) -> list[Act]:
        """Those with a button somewhere."""
        return [act for act in self.every if act.on_desk or act.on_phone]

    @cached_property
    def menu(self) -> list[Act]:
        """Those with a line in the menu somewhere."""
        return [act for act in self.every if not (act.on_desk and act.on_phone)]

    @property
    def menu_shown(self) -> str:
        """The class of the menu's button."""
        return "" if any(not act.on_desk for act in self.menu) else "phone-only"


def acts_of(resource: Resource, row: Record, actor: Actor) -> Acts:
    """Return what this actor may do with the row as it stands.

    Primary verbs come first, then what higher capabilities add: those are nearer to the day's work.
    """
    verbs = [one for one in verbs_of(resource) if one.when(row) and may(actor, one.action, row)]
    crowded = len(verbs) > MOST_ON_DESK
    if crowded:
        verbs.sort(key=lambda one: (not one.primary, one in resource.verbs))
    room = MOST_ON_DESK - 1 if crowded else MOST_ON_DESK
    found = [_of_verb(verb, row, at < room) for at, verb in enumerate(verbs)]
    found += _of_everyone(resource, row, actor)
    if len(found) <= MOST_ON_PHONE:
        return Acts(tuple(found))
    return Acts(tuple(replace(act, on_phone=at < MOST_ON_PHONE - 1) for at, act in enumerate(found)))


def _of_verb(verb: Verb, row: Record, on_desk: bool) -> Act:
    address = reverse(verb.url, args=[row.uid])
    return Act(verb.label, verb.icon, address, primary=verb.primary, on_desk=on_desk)


def _of_everyone(resource: Resource, row: Record, actor: Actor) -> list[Act]:
    """Return the acts that every entity has, where this one may be moved, edited or removed."""

    def address(name: str) -> str:
        return reverse(f"resource:{name}", args=[resource.slug, row.uid])

    moving, found = may_move(resource), []
    if moving and may(actor, moving, row):
        found.append(Act(_("Change the state"), "arrows-move-horizontal", address("move"), "move"))
    if resource.form and may(actor, "change", row):
        found.append(Act(_("Edit"), "pencil", address("change"), "change"))
    if may(actor, "remove", row):
        found.append(Act(_("Remove"), "trash", address("remove"), "remove"))
    return found
