"""Who looks after a customer: account manager and deputy, for one customer or for many at once."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer
from jike.apps.customers.queries.records import require_able, with_since
from jike.apps.organisation.models import Person, Unit
from jike.foundation.audit import Outcome, changing, changing_many
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import Actor
from jike.foundation.sharing import share, shares_of, unshare

__all__ = [
    "PLACES",
    "assign",
    "assign_deputy",
    "assign_many",
    "assign_owner",
    "place_customer",
]

PLACES = frozenset({"owner", "unit"})
"""Who looks after a customer, and where: set by the right to assign, whatever form or program asks for it."""


@transaction.atomic
def assign(
    customer: Customer,
    *,
    actor: Actor,
    owner: Person | None,
    deputy: Person | None,
    version: int | None = None,
) -> Customer:
    """Set account manager and deputy as far as they differ; the two may change places."""
    another = deputy != customer.deputy
    if another and customer.deputy is not None:
        assign_deputy(customer, actor=actor, deputy=None, version=version)
        version = None
    if owner != customer.owner:
        assign_owner(customer, actor=actor, owner=owner, version=version)
        version = None
    if another and deputy is not None:
        assign_deputy(customer, actor=actor, deputy=deputy, version=version)
    return customer


@transaction.atomic
def assign_owner(
    customer: Customer, *, actor: Actor, owner: Person | None, version: int | None = None
) -> Customer:
    """Make ``owner`` the customer's account manager; None leaves it to nobody, for the public pool."""
    return place_customer(customer, actor=actor, version=version, owner=owner)


@transaction.atomic
def place_customer(customer: Customer, *, actor: Actor, version: int | None = None, **given: Any) -> Customer:
    """Give the customer to the account manager (``owner``), to the ``unit``, or to both that are named."""
    require_able(given.get("owner"))
    with changing(customer, actor=actor, verb="assign", version=version):
        if "owner" in given and getattr(given["owner"], "pk", None) != customer.owner_id:
            customer.owner_since = timezone.localdate()
        for name in PLACES & given.keys():
            setattr(customer, name, given[name])
    return customer


@transaction.atomic
def assign_deputy(
    customer: Customer, *, actor: Actor, deputy: Person | None, version: int | None = None
) -> Customer:
    """Make ``deputy`` cover for the account manager: they see and change the customer as a collaborator."""
    require_able(deputy)
    with changing(customer, actor=actor, verb="assign", version=version):
        former = customer.deputy
        customer.deputy = deputy
    if former is not None and former != deputy and shares_of(customer).filter(person=former.uid).exists():
        unshare(customer, former.uid, actor=actor)
    if deputy is not None:
        share(customer, deputy.uid, may_change=True, actor=actor)
    return customer


@transaction.atomic
def assign_many(
    customers: Collection[int],
    *,
    actor: Actor,
    owner: Person | None = None,
    unit: Unit | None = None,
    versions: Mapping[int, int] | None = None,
) -> Outcome:
    """Give the customers with these ids to ``owner``, to ``unit``, or both; what may not be assigned is told by row."""
    require_able(owner)
    values: dict[str, Any] = {}
    if owner is not None:
        values["owner_id"] = owner.pk
    if unit is not None:
        values["unit_id"] = unit.pk
    if not values:
        raise RuleBroken(_("Name the account manager or the unit that takes the customers over."))
    edits = with_since(dict.fromkeys(customers, values))
    return changing_many(Customer, edits, actor=actor, verb="assign", versions=versions)
