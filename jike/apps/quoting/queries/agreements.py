"""Agreements of a customer, those about to end, those whose end is to be announced, and those that are over."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet

from jike.apps.customers.models import Customer
from jike.apps.quoting.models import Agreement, AgreementLine
from jike.apps.quoting.rules import REMINDERS, AgreementState
from jike.apps.sales.models import Opportunity
from jike.apps.sales.rules import Kind
from jike.foundation.scope import Actor, visible

__all__ = [
    "agreements_ending",
    "agreements_of",
    "due_reminders",
    "followed_agreements",
    "is_being_renewed",
    "lines_of_agreement",
    "over_agreements",
]


def agreements_of(customers: Collection[Customer], actor: Actor) -> QuerySet[Agreement]:
    """Return these customers' agreements that the actor may see, the one that ends last first."""
    rows = visible(Agreement, actor).filter(customer__in=customers)
    return rows.select_related("owner").order_by("-ends_on", "-id")


def lines_of_agreement(agreement: Agreement) -> Sequence[AgreementLine]:
    """Return what was agreed, in order."""
    rows = AgreementLine.objects.filter(agreement=agreement, removed_at=None)
    return list(rows.select_related("offering").order_by("position", "id"))


def agreements_ending(actor: Actor, *, today: dt.date, days: int = REMINDERS[0]) -> QuerySet[Agreement]:
    """Return agreements in force that end within so many days, the earliest first."""
    rows = visible(Agreement, actor).filter(
        state=AgreementState.ACTIVE, ends_on__gte=today, ends_on__lte=today + dt.timedelta(days=days)
    )
    return rows.select_related("customer", "owner").order_by("ends_on", "id")


def due_reminders(*, on: dt.date) -> list[Agreement]:
    """Return agreements in force for which a reminder is due and not sent."""
    due = Q(pk__in=[])
    for days in REMINDERS:
        near = Q(ends_on__lte=on + dt.timedelta(days=days))
        due |= near & (Q(reminded=None) | Q(reminded__gt=days))
    rows = Agreement.objects.filter(due, state=AgreementState.ACTIVE, ends_on__gte=on, removed_at=None)
    told = rows.only("uid", "name", "ends_on", "reminded", "owner__uid", "customer__name")
    return list(told.select_related("owner", "customer").order_by("ends_on", "id"))


def followed_agreements(numbers: Collection[int]) -> set[int]:
    """Return which of these agreements (by id) a signed one renews."""
    following = Agreement.objects.filter(
        previous_id__in=list(numbers), state=AgreementState.ACTIVE, removed_at=None
    )
    return {number for number in following.values_list("previous_id", flat=True) if number is not None}


def over_agreements(*, on: dt.date) -> QuerySet[Agreement]:
    """Return agreements in force whose last day is over."""
    return Agreement.objects.filter(state=AgreementState.ACTIVE, ends_on__lt=on, removed_at=None).order_by(
        "ends_on", "id"
    )


def is_being_renewed(agreement: Agreement) -> bool:
    """Whether a renewal is drafted, or an opportunity to renew was opened for this agreement."""
    if Agreement.objects.filter(previous=agreement, removed_at=None).exists():
        return True
    deals = Opportunity.objects.filter(customer=agreement.customer, deal_kind=Kind.RENEWAL, removed_at=None)
    return deals.filter(name__contains=agreement.code).exists()
