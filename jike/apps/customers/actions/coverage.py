"""Gaps in coverage are kept true: at once where people of a customer change, and every night as time passes."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.customers.queries.coverage import gaps_now
from jike.foundation.audit import maintain_columns
from jike.foundation.jobs import job
from jike.foundation.scope import Actor, system_actor

__all__ = ["refresh_coverage", "refresh_coverage_nightly"]

ACTOR = system_actor("customers.refresh_coverage")
"""Gaps follow from the people; nobody needs a right for what nobody chooses."""


@transaction.atomic
def refresh_coverage(customers: Collection[int] | None = None, *, actor: Actor = ACTOR) -> int:
    """Bring the gaps of all customers, or of those with these ids, up to date; return how many changed."""
    fresh = gaps_now(timezone.localdate(), customers=customers)
    differing = [(number, f"{{{','.join(found)}}}") for number, found, stored in fresh if found != stored]
    if not differing:
        return 0
    return maintain_columns(
        Customer,
        ("id", "coverage_gaps"),
        differing,
        actor=actor,
        permission="customers.customer:load_figures",
    )


@job("customers.refresh_coverage", label=_("Look for gaps in the coverage of customers"), cron="10 2 * * *")
def refresh_coverage_nightly() -> None:
    """Bring the gaps of all customers up to date: silence grows with each day."""
    refresh_coverage()
