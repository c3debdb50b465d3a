"""`Opportunity`: business with one customer that may come about, worked through stages until it is won or lost."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue.models.labels import FAMILIES
from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person, Unit
from jike.apps.sales.models import labels
from jike.apps.sales.rules import Kind, LeadSource, Stage
from jike.apps.sales.rules import total_amount as total_of
from jike.apps.sales.rules import weighted_amount as weighted_of
from jike.foundation.entering import plain_line, plain_text
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, amount, choices, line, order, text


def total(monthly: Any, one_off: Any, months: Any) -> Decimal:
    """Return the amount over the term; 0 while a figure cannot be read, which the validators then refuse."""
    try:
        return total_of(Decimal(monthly), Decimal(one_off), months=int(months))
    except (ArithmeticError, TypeError, ValueError):
        return Decimal(0)


def weighted(*figures: Any) -> Decimal:
    """Return what is to be expected of (monthly, one-off, months, probability); 0 while one cannot be read."""
    try:
        return weighted_of(total(*figures[:3]), int(figures[3]))
    except (ArithmeticError, TypeError, ValueError):
        return Decimal(0)


class Opportunity(Record):
    """Possible business with ``customer``; its products are `OpportunityLine` rows, whose sums are its amounts.

    ``amount`` (monthly over the term, and one-off) and ``weighted_amount`` (times the probability) are stored, so that
    boards and forecasts add up columns. ``protected_until`` is the registration (报备): until then no colleague may
    register an opportunity of the same customer and family.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "change_stage": _("Move to another stage"),
        "register": _("Register"),
        "assign": _("Assign owner and unit"),
    }
    VERBS = {"win": _("Won"), "lose": _("Lost the deal")}
    DERIVED = {
        **{name: Derived(name, plain_line) for name in ("name", "next_step", "competitor")},
        **{name: Derived(name, plain_text) for name in ("needs", "close_remark")},
        "amount": Derived(("monthly_amount", "one_off_amount", "term_months"), total),
        "weighted_amount": Derived(
            ("monthly_amount", "one_off_amount", "term_months", "probability"), weighted
        ),
    }
    SEARCH = Searchable(title="name", codes=("code",), context=("customer__name", "owner__name"))

    code = line(_("opportunity code"), 32)
    name = line(_("opportunity"), 120, blank=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="opportunities", db_index=False
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("owner"), related_name="opportunities", db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="opportunities", db_index=False
    )
    deal_kind = models.CharField(
        _("kind"), max_length=9, choices=choices(labels.KINDS), default=Kind.NEW.value
    )
    family = models.CharField(_("product family"), max_length=16, choices=choices(FAMILIES), blank=True)
    source = models.CharField(
        _("source"), max_length=8, choices=choices(labels.LEAD_SOURCES), default=LeadSource.VISIT.value
    )
    stage = models.CharField(
        _("stage"), max_length=11, choices=choices(labels.STAGES), default=Stage.NEED.value
    )
    stage_since = models.DateField(_("in this stage since"), null=True, blank=True, editable=False)
    needs = text(_("needs"), 2000)
    competitor = line(_("rival"), 120)
    monthly_amount = amount(_("monthly amount"), blank=True)
    one_off_amount = amount(_("one-off amount"), blank=True)
    term_months = models.PositiveSmallIntegerField(
        _("term in months"), default=24, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    amount = models.DecimalField(
        _("contract amount"), max_digits=16, decimal_places=2, default=Decimal(0), editable=False
    )
    probability = models.PositiveSmallIntegerField(
        _("probability"), default=20, validators=[MaxValueValidator(100)]
    )
    weighted_amount = models.DecimalField(
        _("weighted amount"), max_digits=16, decimal_places=2, default=Decimal(0), editable=False
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True, editable=False)
    expected_on = models.DateField(_("expected signing"), null=True, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True, editable=False)
    protected_until = models.DateField(_("protected until"), null=True, blank=True, editable=False)
    next_step = line(_("next step"), 200)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    lost_reason = models.CharField(
        _("reason for the loss"), max_length=11, choices=choices(labels.LOST_REASONS), blank=True
    )
    close_remark = text(_("what decided it"), 1000)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ("-id",)
        indexes = (
            order("amount", "opportunity_by_amount"),
            order("weighted_amount", "opportunity_by_weighted"),
            order("expected_on", "opportunity_by_expected"),
            order("next_step_on", "opportunity_by_next_step"),
            order("protected_until", "opportunity_by_protection"),
            order("stage_since", "opportunity_by_stage_since"),
            order("closed_on", "opportunity_by_closed"),
            models.Index(fields=("stage", "amount", "id"), name="opportunity_in_stage", condition=STANDING),
            models.Index(fields=("owner", "stage", "amount", "id"), name="opportunity_of_owner"),
            models.Index(fields=("unit", "stage", "amount", "id"), name="opportunity_of_unit"),
            models.Index(fields=("customer", "family", "protected_until"), name="opportunity_of_customer"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=STANDING,
                name="opportunity_code_once",
                violation_error_message=_("Another opportunity has this code."),
            ),
            models.CheckConstraint(
                condition=~models.Q(code=""),
                name="opportunity_has_a_code",
                violation_error_message=_("An opportunity needs a code."),
            ),
            models.CheckConstraint(
                condition=models.Q(probability__lte=100),
                name="opportunity_probability_in_percent",
                violation_error_message=_("The probability lies between 0 and 100 percent."),
            ),
            models.CheckConstraint(
                condition=models.Q(monthly_amount__gte=0, one_off_amount__gte=0),
                name="opportunity_amounts_not_negative",
                violation_error_message=_("Amounts cannot be negative."),
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=("won", "lost"), closed_on__isnull=False)
                | (~models.Q(stage__in=("won", "lost")) & models.Q(closed_on=None)),
                name="opportunity_closed_on_a_day",
                violation_error_message=_("What is won or lost was closed on a day; what is open was not."),
            ),
        )

    def __str__(self) -> str:
        return self.name
