"""The pages of members in mass, between which a bar leads."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jike.foundation.scope import Actor

__all__ = ["places"]

VIEW, CHANGE = "customers.customer:view", "customers.customer:change"


class Place(NamedTuple):
    """One of the pages of members."""

    label: str | Promise
    page: str
    permission: str

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.page)


PLACES = (
    Place(_("Retained"), "customers:member_snapshots", VIEW),
    Place(_("Bundles"), "customers:bundles_ending", VIEW),
    Place(_("Checks"), "customers:member_checks", CHANGE),
    Place(_("By file"), "customers:member_files", CHANGE),
)


def places(actor: Actor, here: str) -> list[tuple[Place, bool]]:
    """Return the pages of members that the actor may open, and which of them is this one."""
    return [(one, one.page == here) for one in PLACES if actor.holds(one.permission)]
