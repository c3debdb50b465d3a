"""`ChangeProposal`: the grade, service level or credit that a customer should have; a superior decides."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import labels
from jike.apps.customers.models.customer import Customer
from jike.apps.customers.rules import Aspect, ProposalState
from jike.apps.organisation.models import Person
from jike.foundation.entering import plain_text
from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import choices, line, order, text

__all__ = ["ChangeProposal"]


VALUES = {**labels.CREDITS, **labels.SERVICE_LEVELS, **labels.GRADES, "C": "C"}
"""Grades and credits share one code, which is left bare."""


class ChangeProposal(Record):
    """It belongs to ``proposer``; whoever may answer for the customer's unit, or stands in for them, decides."""

    SCOPE = {"own": "proposer_id", "unit": "customer__unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "answer": _("Approve or refuse"),
    }
    VERBS = {
        "propose": _("Proposed"),
        "approve": _("Approved"),
        "refuse": _("Refused"),
        "withdraw": _("Withdrawn"),
        "overtake": _("Overtaken"),
    }
    DERIVED = {name: Derived(name, plain_text) for name in ("reason", "remark")}

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="proposals", db_index=False
    )
    aspect = models.CharField(_("what"), max_length=13, choices=choices(labels.ASPECTS))
    before = line(_("before"), 8, choices=choices(VALUES))
    after = line(_("proposed"), 8, blank=False, choices=choices(VALUES))
    reason = text(_("reason"), 500)
    proposer = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("proposed by"), related_name="change_proposals", db_index=False
    )
    proposed_at = models.DateTimeField(_("proposed on"))
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=choices(labels.PROPOSAL_STATES),
        default=ProposalState.WAITING.value,
        editable=False,
    )
    approver = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("decided by"),
        related_name="proposals_decided",
        null=True,
        blank=True,
        editable=False,
    )
    on_behalf_of = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("in the stead of"),
        related_name="proposals_decided_by_deputies",
        null=True,
        blank=True,
        editable=False,
    )
    answered_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    remark = text(_("remark"), 500, editable=False)

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ("-proposed_at", "-id")
        indexes = (
            order("proposed_at", "proposal_by_time"),
            models.Index(fields=("proposer", "-proposed_at"), name="proposal_of_proposer"),
            models.Index(fields=("customer", "-proposed_at"), name="proposal_of_customer"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "aspect"),
                condition=models.Q(state=ProposalState.WAITING.value, removed_at=None),
                name="proposal_waiting_once",
                violation_error_message=_("A proposal for this waits already; withdraw it first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer} · {self.get_aspect_display()}"

    @property
    def before_name(self) -> Any:
        """What people call the old value."""
        return _named(self.aspect, self.before)

    @property
    def after_name(self) -> Any:
        """What people call the proposed value."""
        return _named(self.aspect, self.after)


def _named(aspect: str, value: str) -> Any:
    known = {Aspect.GRADE: labels.GRADES, Aspect.SERVICE_LEVEL: labels.SERVICE_LEVELS}
    return known.get(Aspect(aspect), labels.CREDITS).get(value, value)
