"""`CustomerRelationship`: what one customer is to another beside the group tree, from when until when."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import labels
from jike.apps.customers.models.customer import Customer
from jike.apps.customers.models.entering import plain_line
from jike.foundation.models import Record
from jike.foundation.models.record import Derived
from jike.foundation.models.shapes import STANDING, choices, line, order


class CustomerRelationship(Record):
    """``customer`` owns, controls, supplies or partners ``other``; lies where ``customer`` lies.

    Both pages tell of it to whoever may see both customers.
    """

    SCOPE = {"own": "customer__owner_id", "unit": "customer__unit_id"}
    DERIVED = {"remarks": Derived("remarks", plain_line)}

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="relationships", db_index=False
    )
    nature = models.CharField(
        _("nature of the relationship"), max_length=8, choices=choices(labels.RELATIONSHIP_NATURES)
    )
    other = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("other customer"), related_name="relationships_of_others"
    )
    share_percent = models.DecimalField(
        _("share owned"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    remarks = line(_("remarks"), 200)

    class Meta:
        verbose_name = _("relationship between customers")
        verbose_name_plural = _("relationships between customers")
        ordering = ("id",)
        indexes = (order("since", "relationship_by_since"),)
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "other", "nature"),
                condition=STANDING,
                name="relationship_once",
                violation_error_message=_("This relationship is known already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(customer=models.F("other")),
                name="relationship_to_another",
                violation_error_message=_("A customer has no relationship to itself."),
            ),
            models.CheckConstraint(
                condition=models.Q(nature="owns", share_percent__gt=0, share_percent__lte=100)
                | (~models.Q(nature="owns") & models.Q(share_percent=None)),
                name="relationship_share_of_what_is_owned",
                violation_error_message=_(
                    "Say which share is owned, more than 0 and at most 100 percent; only with “owns”."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(since=None)
                | models.Q(until=None)
                | models.Q(until__gte=models.F("since")),
                name="relationship_ends_after_it_begins",
                violation_error_message=_("A relationship cannot end before it begins."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer} {self.get_nature_display()} {self.other}"
