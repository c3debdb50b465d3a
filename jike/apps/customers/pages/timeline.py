"""What a customer's timeline tells beside its own changes: those of its key persons and of the group below it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from jike.apps.customers import queries
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.pages.interactions import OF_CUSTOMERS
from jike.foundation.happenings import Happening, Mark, Source
from jike.foundation.pages.resources.own_sources import changes_of
from jike.foundation.scope import Actor

__all__ = ["CUSTOMER_TIMELINE", "below"]

MOST_ROWS = 200
"""A group of thousands tells of those that were entered last."""


def people(customer: Customer, actor: Actor, *, before: Mark | None, limit: int) -> list[Happening]:
    """Return the changes of key persons, those who have left as well."""
    if not actor.holds("customers.keyperson:view"):
        return []
    found = queries.key_persons_of(customer, actor, former=True)
    return changes_of(list(found.order_by("-id")[:MOST_ROWS]), actor, before=before, limit=limit)


def below(customer: Customer, actor: Actor) -> list[Customer]:
    """Return the customers at any depth below, those entered last, whose happenings are the group's."""
    return queries.last_below_in_group(customer, actor, limit=MOST_ROWS)


def group(customers: Sequence[Customer], actor: Actor, *, before: Mark | None, limit: int) -> list[Happening]:
    """Return the changes of customers below the first."""
    return changes_of(customers[1:], actor, before=before, limit=limit)


CUSTOMER_TIMELINE = (
    Source("people", _("Key persons"), "users", people, rows=(KeyPerson, "customer")),
    Source("group", _("Subsidiaries"), "sitemap", group, several=True),
    OF_CUSTOMERS,
)
