"""`Target`: what a person, or a unit with all below it, is to reach in a month."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models import Person, Unit
from jike.apps.workplans.models import labels
from jike.foundation.models import Record
from jike.foundation.models.shapes import STANDING, choices, order


class Target(Record):
    """``value`` of ``measure`` in ``month``: yuan, visits or percent; the unit's own where there is no ``owner``."""

    SCOPE = {"own": "owner_id", "unit": "unit_id"}

    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="targets", db_index=False
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("person"),
        related_name="targets",
        null=True,
        blank=True,
        db_index=False,
    )
    measure = models.CharField(_("measure"), max_length=9, choices=choices(labels.MEASURES))
    month = models.DateField(_("month"))
    value = models.DecimalField(
        _("target"), max_digits=16, decimal_places=2, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ("-month", "measure", "id")
        indexes = (
            order("month", "target_by_month"),
            order("value", "target_by_value"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "measure", "month"),
                condition=STANDING & models.Q(owner__isnull=False),
                name="target_of_person_once",
                violation_error_message=_("This person has a target for this month already."),
            ),
            models.UniqueConstraint(
                fields=("unit", "measure", "month"),
                condition=STANDING & models.Q(owner=None),
                name="target_of_unit_once",
                violation_error_message=_("This unit has a target for this month already."),
            ),
            models.CheckConstraint(
                condition=models.Q(month__day=1),
                name="target_month_is_a_first_day",
                violation_error_message=_("A month is named by its first day."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.owner or self.unit} {self.month:%Y-%m} {self.get_measure_display()}"
