"""`ProductOrder`: what a customer orders under an agreement, and `OrderItem`: what it asks for of one product."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue.models import ProductOffering
from jike.apps.customers.models import Customer
from jike.apps.inventory.models import Product
from jike.apps.inventory.rules import monthly_amount
from jike.apps.ordering.models import labels
from jike.apps.ordering.rules import ItemAction, ItemState, OrderState
from jike.apps.organisation.models import Person, Unit
from jike.apps.quoting.models import Agreement, AgreementLine
from jike.foundation.entering import plain_line, plain_text, valid_line
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, amount, choices, order


class ProductOrder(Record):
    """An order; ``promised_on`` is the day on which its last step is due, fixed when it is submitted."""

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "submit": _("Submit"),
        "cancel": _("Cancel the order"),
        "escalate": _("Escalate"),
    }
    VERBS = {"progress": _("Went on by its steps"), "hold": _("Held up"), "complete": _("Completed")}
    DERIVED = {"remark": Derived("remark", plain_text), "reason": Derived("reason", plain_line)}
    SEARCH = Searchable(title="code", codes=("code",), context=("customer__name",))

    code = models.CharField(_("order number"), max_length=32, blank=True)
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="orders", db_index=False
    )
    agreement = models.ForeignKey(
        Agreement,
        models.PROTECT,
        verbose_name=_("agreement"),
        related_name="orders",
        null=True,
        blank=True,
        db_index=False,
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("account manager"),
        related_name="orders",
        null=True,
        blank=True,
        db_index=False,
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="orders", db_index=False
    )
    state = models.CharField(
        _("state"), max_length=9, choices=choices(labels.ORDER_STATES), default=OrderState.DRAFT.value
    )
    requested_on = models.DateField(_("wished for"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    promised_on = models.DateField(_("promised for"), null=True, blank=True, editable=False)
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)
    monthly_amount = amount(_("monthly amount"), editable=False)
    address = models.CharField(_("address"), max_length=200, blank=True, validators=[valid_line])
    remark = models.TextField(_("remark"), max_length=500, blank=True, validators=[valid_line])
    reason = models.CharField(_("why cancelled"), max_length=200, blank=True, validators=[valid_line])
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True, editable=False)
    escalated_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("watched by"),
        related_name="watched_orders",
        null=True,
        blank=True,
        db_index=False,
        editable=False,
    )
    escalation = models.CharField(
        _("why escalated"), max_length=200, blank=True, validators=[valid_line], editable=False
    )

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ("-id",)
        indexes = (
            order("code", "order_by_code"),
            order("promised_on", "order_by_promise"),
            order("monthly_amount", "order_by_amount"),
            order("completed_on", "order_by_completion"),
            models.Index(fields=("customer", "id"), name="order_of_customer"),
            models.Index(fields=("owner", "id"), name="order_of_owner"),
            models.Index(fields=("unit", "id"), name="order_of_unit"),
            models.Index(fields=("agreement", "id"), name="order_of_agreement"),
            models.Index(fields=("state", "monthly_amount", "id"), name="order_in_state", condition=STANDING),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=STANDING,
                name="order_code_once",
                violation_error_message=_("Another order has this number."),
            ),
            models.CheckConstraint(
                condition=(models.Q(state="completed") & models.Q(completed_on__isnull=False))
                | (~models.Q(state="completed") & models.Q(completed_on=None)),
                name="order_completed_has_a_day",
                violation_error_message=_("An order has a day of completion exactly when it is completed."),
            ),
        )

    def __str__(self) -> str:
        return self.code


class OrderItem(Record):
    """One thing an order asks for; ``product`` is what it concerns, or of an addition what came of it."""

    SCOPE = {"own": "order__owner_id", "unit": "order__unit_id"}
    VERBS = {
        "submit": _("Submit"),
        "activate": _("Put into service"),
        "complete": _("Completed"),
        "cancel": _("Cancel the order"),
    }
    DERIVED = {
        "address": Derived("address", plain_line),
        "monthly_amount": Derived(("quantity", "monthly_price"), monthly_amount),
    }

    order = models.ForeignKey(
        ProductOrder, models.PROTECT, verbose_name=_("order"), related_name="items", db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"))
    action = models.CharField(
        _("what to do"), max_length=9, choices=choices(labels.ITEM_ACTIONS), default=ItemAction.ADD.value
    )
    offering = models.ForeignKey(
        ProductOffering, models.PROTECT, verbose_name=_("offering"), related_name="+", db_index=False
    )
    agreement_line = models.ForeignKey(
        AgreementLine,
        models.PROTECT,
        verbose_name=_("line of the agreement"),
        related_name="order_items",
        null=True,
        blank=True,
        db_index=False,
    )
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        verbose_name=_("product"),
        related_name="order_items",
        null=True,
        blank=True,
        db_index=False,
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=1, validators=[MinValueValidator(1)])
    monthly_price = amount(_("monthly price each"))
    monthly_amount = amount(_("monthly amount"), editable=False)
    one_off_price = amount(_("one-off price"))
    address = models.CharField(_("address"), max_length=200, blank=True, validators=[valid_line])
    state = models.CharField(
        _("state"), max_length=9, choices=choices(labels.ITEM_STATES), default=ItemState.DRAFT.value
    )

    class Meta:
        verbose_name = _("order item")
        verbose_name_plural = _("order items")
        ordering = ("order", "position", "id")
        indexes = (
            models.Index(fields=("order", "position"), name="order_item_of_order"),
            models.Index(fields=("product", "id"), name="order_item_of_product"),
            models.Index(fields=("agreement_line", "id"), name="order_item_of_line"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1, monthly_price__gte=0, one_off_price__gte=0),
                name="order_item_is_sensible",
                violation_error_message=_("An item needs a quantity, and its prices are never negative."),
            ),
            models.CheckConstraint(
                condition=models.Q(action="add") | models.Q(product__isnull=False),
                name="order_item_names_its_product",
                violation_error_message=_("Say which product is to be changed."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.offering}"
