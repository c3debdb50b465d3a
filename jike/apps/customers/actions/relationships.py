"""Relationships between customers are entered, corrected and ended."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer, CustomerRelationship
from jike.apps.customers.models.labels import RELATIONSHIP_PROBLEMS
from jike.apps.customers.queries.group import standing_customer
from jike.apps.customers.queries.relationships import lock_relationships, owned_already, told_already
from jike.apps.customers.rules import RelationshipNature, RelationshipProblem, relationship_problem
from jike.foundation.audit import Under, changing, creating
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid
from jike.foundation.scope import Actor, require, require_permission

__all__ = ["add_relationship", "change_relationship"]

CHANGEABLE = frozenset({"nature", "share_percent", "since", "until", "remarks"})
FIELDS = {
    RelationshipProblem.ITSELF: "other",
    RelationshipProblem.SHARE_MISSING: "share_percent",
    RelationshipProblem.SHARE_UNFIT: "share_percent",
    RelationshipProblem.BACKWARDS: "until",
}


@transaction.atomic
def add_relationship(
    *, actor: Actor, customer: Customer, other: Customer, nature: str, **details: Any
) -> CustomerRelationship:
    """Say what ``customer`` is to ``other``; whoever may change the one and see the other does so."""
    only_known(details, CHANGEABLE)
    require_permission(actor, "customers.customerrelationship:add")
    lock_relationships()
    one = CustomerRelationship(customer=standing_customer(customer), other=other, nature=nature, **details)
    require(actor, "view", other)
    _check(one)
    return creating(one, actor=actor, under=Under(one.customer, "change"))


@transaction.atomic
def change_relationship(
    relationship: CustomerRelationship, *, actor: Actor, version: int | None = None, **details: Any
) -> CustomerRelationship:
    """Correct the relationship, or end it by its last day; whose it is stays."""
    only_known(details, CHANGEABLE | {"customer", "other"})
    for name in ("customer", "other"):
        if name in details and details.pop(name) != getattr(relationship, name):
            raise Invalid({name: [_("Remove this relationship and add the right one instead.")]})
    lock_relationships()
    with changing(relationship, actor=actor, version=version):
        for name, value in details.items():
            setattr(relationship, name, value)
        _check(relationship)
    return relationship


def _check(one: CustomerRelationship) -> None:
    try:
        nature = RelationshipNature(one.nature)
    except ValueError as error:
        raise Invalid({"nature": [_("Choose one of those offered.")]}) from error
    itself = one.customer_id == one.other_id
    problem = relationship_problem(
        nature, itself=itself, share=one.share_percent, since=one.since, until=one.until
    )
    if problem is not None:
        raise Invalid({FIELDS[problem]: [str(RELATIONSHIP_PROBLEMS[problem])]})
    if told_already(one):
        raise Invalid({"other": [_("This relationship is known already.")]})
    whole = owned_already(one) + (one.share_percent or 0)
    if nature is RelationshipNature.OWNS and whole > 100:
        sentence = _("Together %(percent)s percent of “%(name)s” would be owned.")
        raise Invalid({"share_percent": [sentence % {"percent": f"{whole:f}", "name": one.other.name}]})
