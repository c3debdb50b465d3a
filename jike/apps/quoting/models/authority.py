"""`AuthorityTable`: who may grant which discount from a day on, until the next table takes over."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.quoting.models.fields import percent
from jike.foundation.entering import plain_line
from jike.foundation.models import Record
from jike.foundation.models.record import Derived
from jike.foundation.models.shapes import amount, line, order


def _hours(label: Any, default: int) -> models.PositiveSmallIntegerField:
    limits = [MinValueValidator(1), MaxValueValidator(240)]
    return models.PositiveSmallIntegerField(label, default=default, validators=limits)


class AuthorityTable(Record):
    """One edition of the authority table: the least percent of the list price that each level may grant.

    ``valid_until`` follows from the next table, so that there is neither a gap nor an overlap in time; the hours are
    working hours for an answer. Headquarters takes whatever lies below the province's least.
    """

    DERIVED = {"name": Derived("name", plain_line)}
    HOME = "headquarters"

    name = line(_("name of the table"), 60, blank=False)
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until"), null=True, blank=True, editable=False)
    manager_least = percent(_("account manager grants from"), default=Decimal(90))
    county_least = percent(_("county head grants from"), default=Decimal(80))
    city_least = percent(_("city company grants from"), default=Decimal(70))
    province_least = percent(_("provincial company grants from"), default=Decimal(60))
    yearly_limit = amount(_("headquarters from yuan a year above"), default=Decimal(5_000_000))
    county_hours = _hours(_("working hours of the county head"), 4)
    city_hours = _hours(_("working hours of the city company"), 8)
    province_hours = _hours(_("working hours of the provincial company"), 16)
    headquarters_hours = _hours(_("working hours of headquarters"), 24)

    class Meta:
        verbose_name = _("authority table")
        verbose_name_plural = _("authority tables")
        ordering = ("-valid_from", "id")
        indexes = (order("valid_from", "authority_by_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=("valid_from",),
                condition=models.Q(removed_at=None),
                name="authority_once_a_day",
                violation_error_message=_("Another table comes into force on this day."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="authority_ends_after_start",
                violation_error_message=_("A table cannot end before it comes into force."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    manager_least__gt=models.F("county_least"),
                    county_least__gt=models.F("city_least"),
                    city_least__gt=models.F("province_least"),
                ),
                name="authority_falls",
                violation_error_message=_("Each level grants further down than the one below it."),
            ),
        )

    def __str__(self) -> str:
        return self.name
