"""`Agreement`: what was agreed with a customer for a term; `AgreementLine`: one offering of it at its price."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue.models import ProductOffering
from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person, Unit
from jike.apps.quoting.models import labels
from jike.apps.quoting.models.quote import Quote
from jike.apps.quoting.rules import AgreementState
from jike.foundation.entering import plain_line, plain_text
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, amount, choices, line, order, text


class Agreement(Record):
    """An agreement; its amounts follow from its lines and ``ends_on`` is the last day of the term.

    ``checklist`` holds the documents that are there, ``evidence`` the file of each (document → uid of the attachment);
    ``reminded`` the nearest reminder sent, in days before the end.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "sign": _("Sign"),
        "renew": _("Renew"),
        "terminate": _("Terminate early"),
    }
    VERBS = {"remind": _("Announce the end"), "end": _("End")}
    DERIVED = {
        **{one: Derived(one, plain_line) for one in ("name", "signatory")},
        **{one: Derived(one, plain_text) for one in ("terms", "end_reason")},
    }
    SEARCH = Searchable(title="name", codes=("code",), context=("customer__name", "owner__name"))

    code = line(_("agreement code"), 32, editable=False)
    name = line(_("subject"), 120, blank=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="agreements", db_index=False
    )
    quote = models.ForeignKey(
        Quote,
        models.PROTECT,
        verbose_name=_("quote"),
        related_name="agreements",
        null=True,
        blank=True,
        editable=False,
    )
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("renews"),
        related_name="renewals",
        null=True,
        blank=True,
        editable=False,
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("account manager"), related_name="agreements", db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="agreements", db_index=False
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=choices(labels.AGREEMENT_STATES),
        default=AgreementState.DRAFT.value,
        editable=False,
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True, editable=False)
    signatory = line(_("signed for the customer by"), 60)
    starts_on = models.DateField(_("starts on"))
    term_months = models.PositiveSmallIntegerField(_("term"), choices=labels.TERM_CHOICES, default=24)
    ends_on = models.DateField(_("ends on"), editable=False)
    terms = text(_("terms"), 2000)
    monthly_amount = amount(_("monthly amount"), editable=False)
    one_off_amount = amount(_("one-off amount"), editable=False)
    checklist = models.JSONField(_("documents there"), default=list, blank=True, editable=False)
    evidence = models.JSONField(
        _("files of the documents"), default=dict, db_default={}, blank=True, editable=False
    )
    reminded = models.PositiveSmallIntegerField(_("end announced"), null=True, blank=True, editable=False)
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    end_reason = text(_("why it ended"), 500)
    early_fee = amount(_("fee for ending early"), editable=False)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("ends_on", "id")
        indexes = (
            order("ends_on", "agreement_by_end"),
            order("starts_on", "agreement_by_start"),
            order("monthly_amount", "agreement_by_amount"),
            order("code", "agreement_by_code"),
            models.Index(fields=("owner", "ends_on", "id"), name="agreement_of_owner"),
            models.Index(fields=("unit", "ends_on", "id"), name="agreement_of_unit"),
            models.Index(fields=("customer", "ends_on"), name="agreement_of_customer"),
            models.Index(fields=("state", "ends_on", "id"), name="agreement_in_state", condition=STANDING),
            models.Index(
                fields=("state", "monthly_amount", "id"), name="agreement_on_board", condition=STANDING
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                name="agreement_code_once",
                violation_error_message=_("Another agreement has this code."),
            ),
            models.UniqueConstraint(
                fields=("quote",),
                condition=STANDING & models.Q(quote__isnull=False),
                name="agreement_once_from_a_quote",
                violation_error_message=_("An agreement was made from this quote already."),
            ),
            models.UniqueConstraint(
                fields=("previous",),
                condition=STANDING & models.Q(previous__isnull=False),
                name="agreement_renewed_once",
                violation_error_message=_("This agreement is being renewed already."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="agreement_ends_after_start",
                violation_error_message=_("An agreement cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(signed_on__isnull=False),
                name="agreement_in_force_is_signed",
                violation_error_message=_("An agreement in force was signed on a day."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class AgreementLine(Record):
    """``quantity`` pieces of an offering at ``price`` yuan a month each and ``one_off_price`` once."""

    SCOPE = {"own": "agreement__owner_id", "unit": "agreement__unit_id"}

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, verbose_name=_("agreement"), related_name="agreement_lines"
    )
    position = models.PositiveSmallIntegerField(_("line"))
    offering = models.ForeignKey(
        ProductOffering, models.PROTECT, verbose_name=_("offering"), related_name="agreement_lines"
    )
    quantity = models.PositiveIntegerField(
        _("quantity"), default=1, validators=[MinValueValidator(1), MaxValueValidator(1_000_000)]
    )
    list_price = amount(_("list price a month"))
    price = amount(_("price a month"))
    one_off_price = amount(_("one-off price"))

    class Meta:
        verbose_name = _("line of an agreement")
        verbose_name_plural = _("lines of agreements")
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1, price__gte=0, one_off_price__gte=0),
                name="agreement_line_not_negative",
                violation_error_message=_("A line has a quantity of at least 1, and no price is negative."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}"

    @property
    def monthly(self) -> Decimal:
        """The price of all pieces, yuan a month."""
        return self.price * self.quantity
