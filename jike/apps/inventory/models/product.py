"""`Product`: what a customer has installed, and `ChargePeriod`: from when to when it ran at which price."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.catalogue.models import ProductOffering
from jike.apps.customers.models import Customer
from jike.apps.inventory.models import labels
from jike.apps.inventory.models.account import BillingAccount
from jike.apps.inventory.rules import ProductState, monthly_amount
from jike.apps.organisation.models import Person, Unit
from jike.apps.quoting.models import AgreementLine
from jike.foundation.entering import plain_code, plain_line, valid_line
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, amount, choices, order


class Product(Record):
    """An installed product; orders bring it about and change it, and its charge periods say what it costs when.

    ``monthly_price`` is that of one piece after all discounts, ``monthly_amount`` that of all ``quantity`` pieces;
    ``one_off_price`` was asked once for all pieces that were there at the start.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = STANDARD_ACTIONS
    VERBS = {
        "activate": _("Put into service"),
        "modify": _("Change quantity or price"),
        "suspend": _("Suspend"),
        "resume": _("Resume"),
        "terminate": _("Terminate"),
    }
    DERIVED = {
        "code": Derived("code", plain_code),
        "name": Derived("name", plain_line),
        "address": Derived("address", plain_line),
        "service_number": Derived("service_number", plain_code),
        "monthly_amount": Derived(("quantity", "monthly_price"), monthly_amount),
    }
    SEARCH = Searchable(title="name", codes=("code", "service_number"), context=("customer__name",))

    code = models.CharField(_("product number"), max_length=32, blank=True, validators=[valid_line])
    name = models.CharField(_("product"), max_length=160, validators=[valid_line])
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="products", db_index=False
    )
    offering = models.ForeignKey(
        ProductOffering, models.PROTECT, verbose_name=_("offering"), related_name="products", db_index=False
    )
    agreement_line = models.ForeignKey(
        AgreementLine,
        models.PROTECT,
        verbose_name=_("line of the agreement"),
        related_name="products",
        null=True,
        blank=True,
        db_index=False,
    )
    account = models.ForeignKey(
        BillingAccount,
        models.PROTECT,
        verbose_name=_("billing account"),
        related_name="products",
        db_index=False,
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("account manager"),
        related_name="products",
        null=True,
        blank=True,
        db_index=False,
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="products", db_index=False
    )
    state = models.CharField(
        _("state"), max_length=10, choices=choices(labels.PRODUCT_STATES), default=ProductState.ACTIVE.value
    )
    state_since = models.DateField(_("in this state since"))
    quantity = models.PositiveIntegerField(_("quantity"), default=1, validators=[MinValueValidator(1)])
    monthly_price = amount(_("monthly price each"))
    monthly_amount = amount(_("monthly amount"), editable=False)
    one_off_price = amount(pgettext_lazy("product", "one-off price"))
    service_number = models.CharField(_("service number"), max_length=40, blank=True, validators=[valid_line])
    address = models.CharField(_("address"), max_length=200, blank=True, validators=[valid_line])
    started_on = models.DateField(_("in service from"))
    ended_on = models.DateField(_("out of service from"), null=True, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ("-started_on", "-id")
        indexes = (
            order("started_on", "product_by_start"),
            order("monthly_amount", "product_by_amount"),
            order("code", "product_by_code"),
            models.Index(fields=("customer", "started_on", "id"), name="product_of_customer"),
            models.Index(fields=("owner", "started_on", "id"), name="product_of_owner"),
            models.Index(fields=("unit", "started_on", "id"), name="product_of_unit"),
            models.Index(fields=("offering", "id"), name="product_of_offering"),
            models.Index(fields=("account", "id"), name="product_of_account"),
            models.Index(fields=("agreement_line", "id"), name="product_of_agreement_line"),
            models.Index(
                fields=("state", "monthly_amount", "id"), name="product_in_state", condition=STANDING
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=STANDING,
                name="product_code_once",
                violation_error_message=_("Another product has this number."),
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1, monthly_price__gte=0, one_off_price__gte=0),
                name="product_amounts_are_sensible",
                violation_error_message=_("A product needs a quantity, and its prices are never negative."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gte=models.F("started_on")),
                name="product_ends_after_start",
                violation_error_message=_("A product cannot end before it began."),
            ),
            models.CheckConstraint(
                condition=(models.Q(state="terminated") & models.Q(ended_on__isnull=False))
                | (~models.Q(state="terminated") & models.Q(ended_on=None)),
                name="product_ended_is_terminated",
                violation_error_message=_("A product has an end exactly when it is terminated."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class ChargePeriod(Record):
    """A product ran from ``starts_on`` up to but not including ``ends_on`` at ``monthly_amount`` yuan a month.

    Bills are computed from these, so that a month computed again gives what it gave, whatever the product is now.
    """

    SCOPE = {"own": "product__owner_id", "unit": "product__unit_id"}

    product = models.ForeignKey(
        Product, models.PROTECT, verbose_name=_("product"), related_name="charge_periods", db_index=False
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until before"), null=True, blank=True)
    monthly_amount = amount(_("monthly amount"))

    class Meta:
        verbose_name = _("charge period")
        verbose_name_plural = _("charge periods")
        ordering = ("product", "starts_on", "id")
        indexes = (models.Index(fields=("product", "starts_on"), name="charge_period_of_product"),)
        constraints = (
            models.UniqueConstraint(
                fields=("product",),
                condition=models.Q(ends_on=None),
                name="charge_period_open_once",
                violation_error_message=_("The product is charged already."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="charge_period_ends_after_start",
                violation_error_message=_("A charge period cannot end before it began."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m-%d} – {self.ends_on or ''}"
