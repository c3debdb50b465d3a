"""`QuoteApproval`: one step of a quote's approval, at the unit of one level."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models import Person, Unit
from jike.apps.quoting.models import labels
from jike.apps.quoting.models.quote import Quote
from jike.apps.quoting.rules import ApprovalState, Level, answering_right
from jike.foundation.entering import plain_text
from jike.foundation.models import Record
from jike.foundation.models.record import Derived
from jike.foundation.models.shapes import choices, text

_ANSWERS: dict[str, Any] = {
    answering_right(Level.COUNTY): _("Approve for the county"),
    answering_right(Level.CITY): _("Approve for the city"),
    answering_right(Level.PROVINCE): _("Approve for the province"),
    answering_right(Level.HEADQUARTERS): _("Approve for headquarters"),
}


class QuoteApproval(Record):
    """A step: asked of whoever holds the level's authority at ``unit``, answered by ``approver``, perhaps in
    somebody's stead (``on_behalf_of``).

    ``round`` counts the submissions of the quote; earlier rounds stay as they were answered.
    """

    SCOPE = {"own": "quote__owner_id", "unit": "unit_id"}
    ACTIONS = {"view": _("View"), **_ANSWERS}
    VERBS = {"ask": _("Ask"), "void": _("No longer needed")}
    DERIVED = {"remark": Derived("remark", plain_text)}

    quote = models.ForeignKey(Quote, models.PROTECT, verbose_name=_("quote"), related_name="approvals")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    position = models.PositiveSmallIntegerField(_("step"))
    level = models.CharField(_("level"), max_length=12, choices=choices(labels.LEVELS))
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="quote_approvals", db_index=False
    )
    approver = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("approver"),
        related_name="quote_approvals",
        null=True,
        blank=True,
        db_index=False,
    )
    on_behalf_of = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("in the stead of"),
        related_name="quote_approvals_by_deputies",
        null=True,
        blank=True,
        db_index=False,
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=choices(labels.APPROVAL_STATES),
        default=ApprovalState.WAITING.value,
    )
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    remark = text(_("remark"), 500)

    class Meta:
        verbose_name = _("step of an approval")
        verbose_name_plural = _("steps of approvals")
        ordering = ("round", "position")
        indexes = (
            models.Index(
                fields=("unit", "level", "due_at"),
                name="quote_approval_asked",
                condition=models.Q(state="asked"),
            ),
            models.Index(
                fields=("approver", "-answered_at"),
                name="quote_approval_answered",
                condition=models.Q(approver__isnull=False),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("quote", "round", "position"),
                name="quote_approval_step_once",
                violation_error_message=_("This step exists already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_level_display()}"
