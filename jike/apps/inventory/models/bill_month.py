"""`BillMonth`: what all bills of a month ask for and what of it is still owed, kept beside the bills themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BillMonth(models.Model):
    """Follows from the month's bills; whatever writes bills keeps it in the same transaction, for millions of bills
    cannot be added up whenever somebody looks. Amounts in yuan.
    """

    month = models.DateField(_("month"), primary_key=True)
    """Its first day."""
    bills = models.PositiveIntegerField(_("bills"), default=0)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, default=0)
    owed = models.DecimalField(_("still to pay"), max_digits=16, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("month billed")
        verbose_name_plural = _("months billed")
