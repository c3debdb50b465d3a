"""A customer's environment: `RivalLine`, what another operator supplies it with, and `Need`, what it needs of IT."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.catalogue.models.labels import FAMILIES
from jike.apps.customers.models import environment_labels as labels
from jike.apps.customers.models.customer import Customer
from jike.apps.customers.rules import Confidence, NeedState, RivalSource
from jike.foundation.entering import plain_line, plain_text
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, amount, choices, line, order, text

__all__ = ["Need", "RivalLine"]


def _family() -> models.CharField:
    return models.CharField(_("product family"), max_length=16, choices=choices(FAMILIES))


class RivalLine(Record):
    """What another operator supplies at one site of a customer; lies where the customer lies.

    ``answer_kind`` and ``answer_uid`` name the record with which we answered, an opportunity as a rule.
    """

    SCOPE = {"own": "customer__owner_id", "unit": "customer__unit_id"}
    VERBS = {"answer": _("Answered")}
    DERIVED = {"site": Derived("site", plain_line), "remarks": Derived("remarks", plain_text)}
    SEARCH = Searchable(title="site", context=("customer__name",))

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="rival_lines", db_index=False
    )
    site = line(_("site"), 120, blank=False)
    operator = models.CharField(_("operator"), max_length=9, choices=choices(labels.OPERATORS))
    family = _family()
    bandwidth_mbps = models.PositiveIntegerField(
        _("bandwidth (Mbit/s)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    quantity = models.PositiveIntegerField(
        _("lines"), default=1, validators=[MinValueValidator(1), MaxValueValidator(1_000_000)]
    )
    monthly_price = amount(pgettext_lazy("rival line", "price a month"), null=True, blank=True, default=None)
    """Of all its lines together; None where nobody knows it."""
    ends_on = models.DateField(_("contract ends"), null=True, blank=True)
    source = models.CharField(
        _("heard from"), max_length=9, choices=choices(labels.SOURCES), default=RivalSource.CUSTOMER.value
    )
    confidence = models.CharField(
        _("how sure"), max_length=7, choices=choices(labels.CONFIDENCES), default=Confidence.LIKELY.value
    )
    heard_on = models.DateField(_("heard on"), null=True, blank=True)
    remarks = text(_("remarks"), 1000)
    answer_kind = models.CharField(_("answered by"), max_length=60, blank=True, editable=False)
    answer_uid = models.UUIDField(_("answered by"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("rival line")
        verbose_name_plural = _("rival lines")
        ordering = ("ends_on", "id")
        indexes = (
            order("ends_on", "rival_line_by_end"),
            order("monthly_price", "rival_line_by_price"),
            models.Index(fields=("customer", "ends_on"), name="rival_line_of_customer"),
            models.Index(fields=("operator", "ends_on", "id"), name="rival_line_of_operator"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1),
                name="rival_line_is_something",
                violation_error_message=_("There is at least one line."),
            ),
        )

    def __str__(self) -> str:
        return self.site


class Need(Record):
    """Something of information technology that a customer needs; lies where the customer lies.

    ``answer_kind`` and ``answer_uid`` name the record with which we answered, an opportunity as a rule.
    """

    SCOPE = {"own": "customer__owner_id", "unit": "customer__unit_id"}
    ACTIONS = {**STANDARD_ACTIONS, "change_state": _("Change the state")}
    VERBS = {"answer": _("Answered")}
    DERIVED = {
        "name": Derived("name", plain_line),
        **{name: Derived(name, plain_text) for name in ("details", "drop_reason")},
    }
    SEARCH = Searchable(title="name", context=("customer__name",))

    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        verbose_name=_("customer"),
        related_name="informatisation_needs",
        db_index=False,
    )
    name = line(_("what is needed"), 120, blank=False)
    family = _family()
    budget = amount(_("budget"), null=True, blank=True, default=None)
    """None where nobody knows it."""
    wanted_on = models.DateField(_("wanted by"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=choices(labels.NEED_STATES), default=NeedState.HEARD.value
    )
    details = text(_("details"), 2000)
    drop_reason = text(_("why it was dropped"), 500)
    heard_on = models.DateField(_("heard on"), null=True, blank=True)
    answer_kind = models.CharField(_("answered by"), max_length=60, blank=True, editable=False)
    answer_uid = models.UUIDField(_("answered by"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("informatisation need")
        verbose_name_plural = _("informatisation needs")
        ordering = ("wanted_on", "id")
        indexes = (
            order("wanted_on", "need_by_wanted"),
            order("budget", "need_by_budget"),
            models.Index(fields=("customer", "wanted_on"), name="need_of_customer"),
            models.Index(fields=("state", "wanted_on", "id"), name="need_in_state", condition=STANDING),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="dropped") | ~models.Q(drop_reason=""),
                name="need_dropped_for_a_reason",
                violation_error_message=_("Say why the need is dropped."),
            ),
        )

    def __str__(self) -> str:
        return self.name
