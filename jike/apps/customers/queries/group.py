"""The group of a customer: who lies above and below, drawn as a tree, and the lock under which it changes."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import Actor, visible

__all__ = [
    "GroupLine",
    "further_in_group",
    "group_below",
    "group_lines",
    "group_of",
    "group_path",
    "last_below_in_group",
    "lock_groups",
    "subsidiaries_of",
]

GROUP_LOCK = 7_403_001
"""Whoever changes the shape of a group holds this advisory lock until the end of the transaction."""


LINES_SHOWN = 500
"""Customers in a drawn group; the list of subsidiaries holds the others."""


class GroupLine(NamedTuple):
    """One customer as a line of the drawn group: how deep below the shown root, and how many lie directly below it."""

    customer: Customer
    depth: int
    children: int


def group_below(customer: Customer) -> QuerySet[Customer]:
    """Return ``customer`` and everything below it."""
    lies_below = Q(pk=customer.pk) | Q(ancestors__contains=[customer.pk])
    return Customer.objects.filter(lies_below, removed_at=None)


def group_of(customer: Customer) -> QuerySet[Customer]:
    """Return the whole group, from its top customer down."""
    top = customer.ancestors[0] if customer.ancestors else customer.pk
    return Customer.objects.filter(Q(pk=top) | Q(ancestors__contains=[top]), removed_at=None)


def group_path(customer: Customer, actor: Actor) -> list[Customer]:
    """Return the customers above ``customer`` that the actor may see, the top one first."""
    known = {one.pk: one for one in visible(Customer, actor).filter(pk__in=customer.ancestors)}
    return [known[number] for number in customer.ancestors if number in known]


def subsidiaries_of(customer: Customer, actor: Actor) -> QuerySet[Customer]:
    """Return the customers directly below that the actor may see, by name."""
    return visible(Customer, actor).filter(parent=customer).order_by("name_key", "id")


def last_below_in_group(customer: Customer, actor: Actor, *, limit: int) -> list[Customer]:
    """Return the customers below, at any depth, that the actor may see and that were entered last."""
    below = visible(Customer, actor).filter(ancestors__contains=[customer.pk])
    # By an expression, which no index has in order: for few or none below, PostgreSQL would walk everybody's latest.
    return list(below.order_by((F("id") + 0).desc())[:limit])


def group_lines(customer: Customer, actor: Actor, *, limit: int = LINES_SHOWN) -> list[GroupLine]:
    """Return the group of ``customer`` as far as the actor may see it, in the order of a drawn tree.

    Where one in the middle is hidden, what lies below it hangs on the nearest one above that is not. Of a group larger
    than ``limit`` come the upper levels, and the way down to ``customer``.
    """
    seen = _seen_in_group(customer, actor).select_related("owner", "unit")
    found = [*seen.order_by("ancestors__len", "name_key", "id")[:limit]]
    if len(found) == limit:
        found += seen.filter(pk__in=[*customer.ancestors, customer.pk])
    members = {one.pk: one for one in sorted(found, key=lambda one: (one.name_key, one.pk))}
    children: dict[int | None, list[Customer]] = {}
    for one in members.values():
        above = next((number for number in reversed(one.ancestors) if number in members), None)
        children.setdefault(above, []).append(one)
    return list(_lines(children))


def further_in_group(customer: Customer, actor: Actor, *, shown: int) -> int:
    """Return how many customers of the group the actor may see beyond the ``shown`` lines of `group_lines`."""
    return _seen_in_group(customer, actor).count() - shown


def _seen_in_group(customer: Customer, actor: Actor) -> QuerySet[Customer]:
    top = customer.ancestors[0] if customer.ancestors else customer.pk
    return visible(Customer, actor).filter(Q(pk=top) | Q(ancestors__contains=[top]))


def _lines(children: dict[int | None, list[Customer]]) -> Iterator[GroupLine]:
    waiting = [(one, 0) for one in reversed(children.get(None, []))]
    while waiting:
        one, depth = waiting.pop()
        below = children.get(one.pk, [])
        yield GroupLine(one, depth, len(below))
        waiting += [(child, depth + 1) for child in reversed(below)]


def lock_groups() -> None:
    """Wait until nobody else changes the shape of a group; others wait for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GROUP_LOCK])


def standing_customer(customer: Customer) -> Customer:
    """Return ``customer`` as stored now, so locked that nobody removes it before this transaction ends."""
    stored = Customer.objects.select_for_update(no_key=True).filter(pk=customer.pk, removed_at=None).first()
    if stored is None:
        raise RuleBroken(_("The customer “%(name)s” has been removed.") % {"name": customer.name})
    return stored
