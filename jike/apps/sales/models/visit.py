"""`Visit` (走访): planned, checked in on the spot, minuted, with the next step that came of it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person, Unit
from jike.apps.sales.models import labels
from jike.apps.sales.models.opportunity import Opportunity
from jike.apps.sales.rules import VisitState
from jike.apps.tasks.models import Task
from jike.foundation.entering import plain_line, plain_text
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, line, local_day, order, text


def _degrees(label: Any, limit: int) -> models.DecimalField:
    return models.DecimalField(
        label,
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        editable=False,
        validators=[MinValueValidator(-limit), MaxValueValidator(limit)],
    )


class Visit(Record):
    """A visit of ``owner`` to ``customer``.

    ``met`` holds the uids of the key persons met, ``found`` the product families that they need.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "check_in": _("Check in"),
        "minute": _("Write the minutes"),
        "cancel": _("Cancel"),
    }
    DERIVED = {
        **{name: Derived(name, plain_line) for name in ("purpose", "place", "next_step")},
        **{name: Derived(name, plain_text) for name in ("minutes", "needs", "cancel_reason")},
        "planned_on": Derived("planned_at", local_day),
    }
    SEARCH = Searchable(title="purpose", context=("customer__name", "owner__name"))

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="visits", db_index=False
    )
    opportunity = models.ForeignKey(
        Opportunity,
        models.PROTECT,
        verbose_name=_("opportunity"),
        related_name="visits",
        null=True,
        blank=True,
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("visitor"), related_name="visits", db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="visits", db_index=False
    )
    purpose = line(_("purpose of the visit"), 200, blank=False)
    planned_at = models.DateTimeField(_("planned for"))
    planned_on = models.DateField(_("planned on"), null=True, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=choices(labels.VISIT_STATES), default=VisitState.PLANNED.value
    )
    checked_in_at = models.DateTimeField(_("checked in"), null=True, blank=True, editable=False)
    latitude = _degrees(_("latitude"), 90)
    longitude = _degrees(_("longitude"), 180)
    accuracy_m = models.PositiveIntegerField(_("accuracy in metres"), null=True, blank=True, editable=False)
    place = line(_("place"), 200)
    met = ArrayField(
        models.UUIDField(), verbose_name=_("people met"), default=list, blank=True, editable=False
    )
    minutes = text(_("minutes"), 4000)
    found = ArrayField(
        models.CharField(max_length=16),
        verbose_name=_("needs found"),
        default=list,
        blank=True,
        editable=False,
    )
    needs = text(_("needs in words"), 2000)
    attitude = models.CharField(_("attitude"), max_length=8, choices=choices(labels.ATTITUDES), blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)
    next_step = line(_("next step"), 200)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    task = models.ForeignKey(
        Task,
        models.PROTECT,
        verbose_name=_("task"),
        related_name="visits",
        null=True,
        blank=True,
        editable=False,
    )
    cancel_reason = text(_("why it was cancelled"), 500)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("planned_at", "id")
        indexes = (
            order("planned_at", "visit_by_time"),
            order("planned_on", "visit_by_day"),
            order("finished_at", "visit_by_finish"),
            models.Index(fields=("owner", "planned_on", "id"), name="visit_of_owner"),
            models.Index(fields=("unit", "planned_on", "id"), name="visit_of_unit"),
            models.Index(fields=("customer", "planned_at"), name="visit_of_customer"),
            models.Index(fields=("state", "planned_at", "id"), name="visit_in_state", condition=STANDING),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="visit_place_on_earth",
                violation_error_message=_("A place has a latitude and a longitude."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", finished_at__isnull=False)
                | (~models.Q(state="done") & models.Q(finished_at=None)),
                name="visit_done_at_a_time",
                violation_error_message=_("A visit that is done was finished at a time."),
            ),
        )

    def __str__(self) -> str:
        return self.purpose
