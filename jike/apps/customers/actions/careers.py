"""A key person goes from one customer to another, and the way they came is kept."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.actions.coverage import refresh_coverage
from jike.apps.customers.actions.people import change_key_person, free_from_superior
from jike.apps.customers.models import CareerEntry, Customer, KeyPerson
from jike.apps.customers.queries.group import standing_customer
from jike.apps.customers.queries.people import lock_reporting
from jike.foundation.audit import Under, changing, creating
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.lines import Taken, store_lines
from jike.foundation.scope import Actor, require, require_permission

__all__ = ["enter_career", "keep_key_person", "move_key_person"]

THERE = frozenset({"job_title", "department", "role", "influence"})
"""What is another at the new customer."""


@transaction.atomic
def move_key_person(
    person: KeyPerson,
    *,
    actor: Actor,
    customer: Customer,
    on: dt.date | None = None,
    version: int | None = None,
    **there: Any,
) -> KeyPerson:
    """Let the person work at ``customer`` from ``on`` (today, unless named); the former position enters their career.

    History, files and what was said go with the person. Whoever reported to them reports to nobody; they themselves do
    so until somebody says to whom. ``there`` holds title, department, role and influence at the new customer.
    """
    only_known(there, THERE)
    former, day = person.customer, on or timezone.localdate()
    if day > timezone.localdate():
        raise Invalid({"on": [_("This day lies ahead; say when it happened.")]})
    if former.pk == customer.pk:
        raise RuleBroken(_("%(name)s works there already.") % {"name": person.name})
    arriving = standing_customer(customer)
    require(actor, "change", arriving)
    lock_reporting()
    entry = CareerEntry(
        person=person,
        customer=former,
        job_title=person.job_title,
        department=person.department,
        since=_since(person),
        until=day,
    )
    if entry.since is not None and entry.since > day:
        raise Invalid({"on": [_("This day lies before the person came to the customer they leave.")]})
    creating(entry, actor=actor, under=Under(person, "move"))
    free_from_superior(KeyPerson.objects.filter(reports_to=person), actor=actor)
    with changing(person, actor=actor, verb="move", version=version):
        person.customer, person.reports_to, person.left_on = arriving, None, None
        for name, value in there.items():
            setattr(person, name, value)
    refresh_coverage([former.pk, arriving.pk])
    return person


@transaction.atomic
def keep_key_person(
    person: KeyPerson, *, actor: Actor, version: int | None = None, **details: Any
) -> KeyPerson:
    """Correct or complete what is known of the person; whoever is given another customer moves there."""
    customer = details.pop("customer", None)
    if customer is not None and customer.pk != person.customer_id:
        there = {name: details.pop(name) for name in sorted(THERE & details.keys())}
        superior = details.pop("reports_to", None)
        move_key_person(person, actor=actor, customer=customer, version=version, **there)
        if superior is not None and superior.customer_id == customer.pk:
            details["reports_to"] = superior
        version = None
    return change_key_person(person, actor=actor, version=version, **details) if details else person


@transaction.atomic
def enter_career(person: KeyPerson, taken: Taken, *, actor: Actor) -> None:
    """Take in the career of ``person`` as a whole table."""
    require_permission(actor, "customers.careerentry:add")
    store_lines(CareerEntry, taken, parent=person, by="person", actor=actor)


def _since(person: KeyPerson) -> dt.date | None:
    """Return when the person came to where they are now: when they left the place before."""
    latest = person.career.filter(removed_at=None, until__isnull=False).order_by("-until").first()
    return latest.until if latest is not None else None
