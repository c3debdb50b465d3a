"""Customers are entered, corrected, put into the recycle bin and taken out again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.actions.ownership import PLACES, place_customer
from jike.apps.customers.actions.people import free_from_superior
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.models.entering import doubtful_credit_code, plain_credit_code
from jike.apps.customers.queries.group import lock_groups, standing_customer
from jike.apps.customers.queries.people import lock_reporting
from jike.apps.customers.queries.records import next_codes, require_able, with_since
from jike.apps.organisation.models import Person, Unit
from jike.apps.organisation.queries import person_of
from jike.foundation.audit import (
    Outcome,
    changing,
    changing_many,
    creating,
    creating_many,
    removing,
    restoring,
)
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor, may, require_permission

__all__ = [
    "CHANGEABLE",
    "add_customer",
    "add_customers",
    "change_customer",
    "change_customers",
    "remove_customer",
    "restore_customer",
]

CHANGEABLE = frozenset(
    {
        *("code", "name", "short_name", "name_en", "certificate_type", "certificate_number", "credit_code"),
        *("credit_code_confirmed", "legal_representative", "registered_capital", "tax_number", "established"),
        *(
            "organisation_kind",
            "industry",
            "staff_count",
            "yearly_turnover",
            "total_assets",
            "region",
            "reach",
        ),
        *(
            "credit",
            "loyalty",
            "relation",
            "importance",
            "value_behaviour",
            "sensitive",
            "address",
            "phone",
            "domain",
        ),
        *("custom", "tags"),
        *("it_department", "our_share", "needs", "ability", "next_step", "next_step_on", "unit"),
    }
)
"""What whoever keeps the archive sets by hand; the rest has actions and rights of its own, or follows from others."""


@transaction.atomic
def add_customer(
    *, actor: Actor, name: str, unit: Unit | None = None, parent: Customer | None = None, **details: Any
) -> Customer:
    """Add a potential customer, looked after by ``owner`` (the actor, where that is a person and none is named).

    Without a unit it lies where its owner is at home; without a code it gets the next one.
    """
    only_known(details, CHANGEABLE | {"owner", "national_code"})
    owner = details.pop("owner", None) or person_of(actor)
    place = unit or (owner.unit if owner is not None else None)
    if place is None:
        raise Invalid({"unit": [_("Say which unit looks after the customer.")]})
    customer = Customer(name=name, unit=place, owner=owner, state_since=timezone.localdate(), **details)
    if parent is not None:
        lock_groups()
        above = standing_customer(parent)
        customer.parent, customer.ancestors = above, [*above.ancestors, above.pk]
    customer.code = customer.code or next_codes(1)[0]
    customer.owner_since = customer.state_since if owner is not None else None
    _ask_to_confirm(customer)
    return creating(customer, actor=actor)


@transaction.atomic
def add_customers(rows: Sequence[Mapping[str, Any]], *, actor: Actor) -> Outcome:
    """Add many potential customers set-wise, filling in what `add_customer` fills in; names are attributes'."""
    own, today = person_of(actor), timezone.localdate()
    only_known({name.removesuffix("_id") for row in rows for name in row}, CHANGEABLE | {"owner"})
    filled = [{"owner_id": own.pk if own else None, "state_since": today, **row} for row in rows]
    owners = {row["owner_id"] for row in filled if row["owner_id"]}
    able = {one.pk: one for one in Person.objects.filter(pk__in=owners)}
    for one in able.values():
        require_able(one)
    codes = iter(next_codes(sum(not row.get("code") for row in filled)))
    for row in filled:
        keeper = able.get(row["owner_id"])
        if not row.get("unit_id") and keeper is not None:
            row["unit_id"] = keeper.unit_id
        row["code"] = row.get("code") or next(codes)
        row["owner_since"] = today if keeper is not None else None
    return creating_many(Customer, filled, actor=actor)


@transaction.atomic
def change_customer(
    customer: Customer, *, actor: Actor, version: int | None = None, **details: Any
) -> Customer:
    """Correct or complete what is known of the customer; its manager and its unit are set by the right to assign."""
    only_known(details, CHANGEABLE | {"owner"})
    if "credit" in details and details["credit"] != customer.credit:
        _judges(customer, actor=actor)
    given = {name: details.pop(name) for name in PLACES if name in details}
    if given:
        place_customer(customer, actor=actor, version=version, **given)
        version = None
    with changing(customer, actor=actor, version=version):
        known = customer.credit_code
        for name, value in details.items():
            setattr(customer, name, value)
        if plain_credit_code(customer.credit_code) != known:
            customer.credit_code_confirmed = bool(details.get("credit_code_confirmed"))
            _ask_to_confirm(customer)
    return customer


def _ask_to_confirm(customer: Customer) -> None:
    """Refuse a code whose check character does not fit until it is confirmed; such codes have been issued.

    Asked of whoever enters the code. An import tells of them instead, and whoever edits something else is not asked.
    """
    doubt = doubtful_credit_code(customer.credit_code) if customer.credit_code else ""
    if doubt and not customer.credit_code_confirmed:
        raise Invalid({"credit_code": [doubt]})


def change_customers(
    edits: Mapping[int, Mapping[str, Any]], *, actor: Actor, versions: Mapping[int, int] | None = None
) -> Outcome:
    """Change many customers set-wise (id → {attribute name: value}); manager and unit need the right to assign."""
    names = {name for values in edits.values() for name in values}
    only_known({name.removesuffix("_id") for name in names}, CHANGEABLE | {"owner"})
    owners = {values["owner_id"] for values in edits.values() if values.get("owner_id")}
    for owner in Person.objects.filter(pk__in=owners):
        require_able(owner)
    wanted = with_since(edits)
    permits = {"owner_since": "assign", "credit": "grade", **{f"{name}_id": "assign" for name in PLACES}}
    return changing_many(Customer, wanted, actor=actor, permits=permits, versions=versions)


def _judges(customer: Customer, *, actor: Actor) -> None:
    """Credit is judged, as the grade is: a superior's consent is asked for beforehand."""
    if not may(actor, "grade", customer):
        sentence = _(
            "Credit changes with a superior's consent: propose it by “Grade and credit” on the record's page."
        )
        raise Invalid({"credit": [sentence]})


@transaction.atomic
def remove_customer(customer: Customer, *, actor: Actor) -> Customer:
    """Put the customer into the recycle bin, with its key persons; whoever reported to them elsewhere does no more."""
    lock_groups()
    below = Customer.objects.filter(parent=customer, removed_at=None).count()
    if below:
        sentence = _("“%(name)s” still has %(count)s subsidiaries. Move or remove them first.")
        raise RuleBroken(sentence % {"name": customer.name, "count": below})
    people = KeyPerson.objects.filter(customer=customer, removed_at=None).values_list("pk", flat=True)
    removing(customer, actor=actor)
    if people:
        require_permission(actor, "customers.keyperson:remove")
        lock_reporting()
        elsewhere = KeyPerson.objects.filter(reports_to__customer=customer).exclude(customer=customer)
        free_from_superior(elsewhere, actor=actor)
        gone = {number: {"removed_at": customer.removed_at} for number in people}
        outcome = changing_many(KeyPerson, gone, actor=actor, verb="remove")
        if outcome.refused:
            raise RuleBroken(
                _("Its key persons could not be removed with it: you may not remove all of them.")
            )
    return customer


@transaction.atomic
def restore_customer(customer: Customer, *, actor: Actor) -> Customer:
    """Take the customer out of the recycle bin, with the key persons who went with it."""
    lock_groups()
    if customer.parent is not None:
        standing_customer(customer.parent)
    went = KeyPerson.objects.filter(customer=customer, removed_at=customer.removed_at)
    people = list(went.select_related("customer")) if customer.removed_at else []
    restored = restoring(customer, actor=actor)
    for person in people:
        restoring(person, actor=actor)
    return restored
