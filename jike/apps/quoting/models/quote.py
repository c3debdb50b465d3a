"""`Quote`: an offer to a customer in one revision, with its totals; `QuoteLine`: one offering in it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue.models import ProductOffering
from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person, Unit
from jike.apps.quoting.models import labels
from jike.apps.quoting.models.fields import percent
from jike.apps.quoting.rules import Level, QuoteState
from jike.apps.sales.models import Opportunity
from jike.foundation.entering import plain_line, plain_text
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, amount, choices, line, order, text


class Quote(Record):
    """One revision of a quote; its totals are those of the alternative that it recommends, and follow from the lines.

    Amounts are yuan; ``discount`` is the percent paid over all lines, ``lowest_discount`` that of the cheapest line.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    SEALED = {"margin": "quoting.quote:see_margin"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "submit": _("Submit for approval"),
        "send": _("Send to the customer"),
        "decide": _("Record the customer's answer"),
        "revise": _("Revise"),
        "see_margin": _("See the margin"),
    }
    VERBS = {"expire": _("Expire"), "answer": _("Answer an approval"), "withdraw": _("Withdraw")}
    DERIVED = {
        "name": Derived("name", plain_line),
        **{one: Derived(one, plain_text) for one in ("terms", "reason")},
    }
    SEARCH = Searchable(title="name", codes=("code",), context=("customer__name", "owner__name"))

    code = line(_("quote code"), 32, editable=False)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1, editable=False)
    name = line(_("subject"), 120, blank=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="quotes", db_index=False
    )
    opportunity = models.ForeignKey(
        Opportunity,
        models.PROTECT,
        verbose_name=_("opportunity"),
        related_name="quotes",
        null=True,
        blank=True,
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("account manager"), related_name="quotes", db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="quotes", db_index=False
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=choices(labels.QUOTE_STATES),
        default=QuoteState.DRAFT.value,
        editable=False,
    )
    valid_until = models.DateField(
        _("valid until"), blank=True, help_text=_("Left empty, it is valid for thirty days.")
    )
    term_months = models.PositiveSmallIntegerField(_("term"), choices=labels.TERM_CHOICES, default=24)
    terms = text(_("terms"), 2000)
    alternative = models.CharField(_("recommended alternative"), max_length=1, default="A", editable=False)
    list_monthly = amount(_("list price a month"), editable=False)
    monthly_amount = amount(_("monthly amount"), editable=False)
    one_off_amount = amount(_("one-off amount"), editable=False)
    discount = percent(_("discount"), editable=False)
    lowest_discount = percent(_("lowest discount"), editable=False)
    below_floor = models.BooleanField(_("below the floor"), default=False, editable=False)
    margin = models.DecimalField(
        _("margin"), max_digits=8, decimal_places=1, null=True, blank=True, editable=False
    )
    level = models.CharField(
        _("authority needed"),
        max_length=12,
        choices=choices(labels.LEVELS),
        default=Level.MANAGER.value,
        editable=False,
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("submitted by"),
        related_name="submitted_quotes",
        null=True,
        blank=True,
        editable=False,
        db_index=False,
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True, editable=False)
    decided_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)
    reason = text(_("reason"), 500)

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ("-id",)
        indexes = (
            order("valid_until", "quote_by_validity"),
            order("monthly_amount", "quote_by_amount"),
            order("discount", "quote_by_discount"),
            order("code", "quote_by_code"),
            models.Index(fields=("owner", "valid_until", "id"), name="quote_of_owner"),
            models.Index(fields=("unit", "valid_until", "id"), name="quote_of_unit"),
            models.Index(fields=("customer", "-id"), name="quote_of_customer"),
            models.Index(fields=("state", "monthly_amount", "id"), name="quote_in_state", condition=STANDING),
            models.Index(
                fields=("decided_on", "id"), name="quote_accepted", condition=models.Q(state="accepted")
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code", "revision"),
                name="quote_revision_once",
                violation_error_message=_("This revision of the quote exists already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(code=""),
                name="quote_has_a_code",
                violation_error_message=_("A quote needs a code."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    monthly_amount__gte=0, one_off_amount__gte=0, discount__gte=0, discount__lte=100
                ),
                name="quote_amounts_not_negative",
                violation_error_message=_("Amounts cannot be negative."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class QuoteLine(Record):
    """``quantity`` pieces of an offering; list price, floor and cost are those of the day on which it was entered.

    Prices are yuan for one piece; ``discount`` is the percent paid.
    ``price`` and what stands below it follow.
    """

    SCOPE = {"own": "quote__owner_id", "unit": "quote__unit_id"}
    SEALED = dict.fromkeys(("cost", "margin"), "quoting.quote:see_margin")

    quote = models.ForeignKey(Quote, models.PROTECT, verbose_name=_("quote"), related_name="quote_lines")
    alternative = models.CharField(_("alternative"), max_length=1, default="A")
    position = models.PositiveSmallIntegerField(_("line"))
    offering = models.ForeignKey(
        ProductOffering, models.PROTECT, verbose_name=_("offering"), related_name="quote_lines"
    )
    quantity = models.PositiveIntegerField(
        _("quantity"), default=1, validators=[MinValueValidator(1), MaxValueValidator(1_000_000)]
    )
    list_price = amount(_("list price a month"))
    floor = amount(_("floor price"))
    cost = amount(_("monthly cost"))
    discount = percent(_("discount"), decimal_places=1)
    price = amount(_("price a month"))
    one_off_price = amount(_("one-off price"), blank=True)
    counted_in = line(_("counted in"), 24)
    monthly_amount = amount(_("amount a month"))
    margin = models.DecimalField(
        _("margin"), max_digits=8, decimal_places=1, null=True, blank=True, editable=False
    )
    level = models.CharField(
        _("authority needed"),
        max_length=12,
        choices=choices(labels.LEVELS),
        default=Level.MANAGER.value,
    )

    class Meta:
        verbose_name = _("line of a quote")
        verbose_name_plural = _("lines of quotes")
        ordering = ("alternative", "position", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1),
                name="quote_line_of_something",
                violation_error_message=_("The quantity must be at least 1."),
            ),
            models.CheckConstraint(
                condition=models.Q(discount__gte=0, discount__lte=100, price__gte=0, one_off_price__gte=0),
                name="quote_line_discount_in_range",
                violation_error_message=_("A discount lies between 0 and 100 % of the list price."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.alternative}{self.position}"
