"""`EarlyWarning`: a sign of danger at a customer, with its reason, its figures, and what was done about it."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.analytics.models import labels
from jike.apps.analytics.rules import Severity, State
from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person, Unit
from jike.foundation.entering import plain_text, valid_line
from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, order


class EarlyWarning(Record):
    """Raised by the nightly jobs at most once per customer, kind and ``occasion`` (a month, an agreement, a year).

    ``owner`` and ``unit`` are the customer's when it was raised; ``figures`` hold what the reason says in numbers.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "answer": _("Answer with a retention task"),
        "settle": _("Settle with an outcome"),
        "dismiss": _("Dismiss"),
        "assign": _("Assign to somebody else"),
    }
    VERBS = {"raise": _("Raised"), "lapse": _("Gone by itself")}
    DERIVED = {"remark": Derived("remark", plain_text)}

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="warnings", db_index=False
    )
    sign = models.CharField(pgettext_lazy("warning", "sign"), max_length=20, choices=choices(labels.KINDS))
    occasion = models.CharField(_("occasion"), max_length=48, editable=False)
    figures = models.JSONField(_("figures"), default=dict, editable=False)
    severity = models.CharField(
        _("severity"), max_length=8, choices=choices(labels.SEVERITIES), default=Severity.MEDIUM.value
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("answered by"),
        related_name="warnings",
        null=True,
        blank=True,
        db_index=False,
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="warnings", db_index=False
    )
    state = models.CharField(
        _("state"), max_length=9, choices=choices(labels.STATES), default=State.OPEN.value, editable=False
    )
    raised_on = models.DateField(_("raised on"), editable=False)
    answer_due_at = models.DateTimeField(_("answer due"), editable=False)
    due_at = models.DateTimeField(pgettext_lazy("warning", "due"), null=True, blank=True, editable=False)
    """The same while nobody has answered, then the task's; None when the loop is closed."""
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=6, choices=choices(labels.OUTCOMES), blank=True, editable=False
    )
    remark = models.TextField(
        _("remark"), max_length=1000, blank=True, validators=[valid_line, MaxLengthValidator(1000)]
    )

    class Meta:
        verbose_name = _("early warning")
        verbose_name_plural = _("early warnings")
        ordering = ("due_at", "id")
        indexes = (
            order("due_at", "warning_by_due"),
            order("raised_on", "warning_by_raised"),
            order("severity", "warning_by_severity"),
            models.Index(fields=("owner", "due_at", "id"), name="warning_of_owner"),
            models.Index(fields=("unit", "due_at", "id"), name="warning_of_unit"),
            models.Index(fields=("state", "sign", "due_at"), name="warning_in_state", condition=STANDING),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "sign", "occasion"),
                name="warning_once",
                violation_error_message=_("This warning was raised already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="settled") | ~models.Q(outcome=""),
                name="warning_settled_with_outcome",
                violation_error_message=_("A settled warning has an outcome."),
            ),
        )

    def __str__(self) -> str:
        """The customer, in any reader's language; the sign stands beside it."""
        return str(self.customer)
