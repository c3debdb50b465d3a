"""The completeness of archives: each gate keeps it true; a nightly job mends it after the weights changed."""

from django.db import transaction
from django.utils.translation import gettext_lazy

from jike.apps.customers.models import Customer
from jike.apps.customers.queries.completeness import differing_scores
from jike.foundation.audit import maintain_columns
from jike.foundation.jobs import job
from jike.foundation.scope import Actor, system_actor

__all__ = ["refresh_completeness", "refresh_completeness_nightly"]

ACTOR = system_actor("customers.refresh_completeness")
PERMISSION = "customers.customer:load_figures"


@job(
    "customers.refresh_completeness",
    label=gettext_lazy("Refresh the completeness of customers"),
    cron="40 2 * * *",
)
def refresh_completeness_nightly() -> None:
    """Bring every customer's score up to the weights in force."""
    refresh_completeness(actor=ACTOR)


@transaction.atomic
def refresh_completeness(*, actor: Actor) -> int:
    """Store the scores that differ from what the weights give, all at once; return how many differed."""
    found = list(differing_scores())
    return maintain_columns(Customer, ("id", "completeness"), found, actor=actor, permission=PERMISSION)
