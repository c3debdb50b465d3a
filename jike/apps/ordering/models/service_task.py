"""`ServiceTask`: one step of an order's item, done by a delivery manager."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.customers.models import Customer
from jike.apps.ordering.models import labels
from jike.apps.ordering.models.order import OrderItem, ProductOrder
from jike.apps.ordering.rules import TaskState
from jike.apps.organisation.models import Person, Unit
from jike.foundation.entering import plain_line, valid_line
from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, local_day, order


class ServiceTask(Record):
    """A step; ``after`` names the steps of the same item that must be done before it can begin.

    Order and customer are its item's; they stand here too because every list of steps shows them.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "change_state": _("Begin, finish and report failure"),
        "hand_over": _("Hand over"),
    }
    VERBS = {
        "plan": _("Planned"),
        "release": _("Can begin"),
        "begin": _("Begun"),
        "finish": _("Finished"),
        "fail": _("Failed"),
        "retry": _("To be tried again"),
        "cancel": _("No longer needed"),
    }
    DERIVED = {
        "name": Derived("name", plain_line),
        "result": Derived("result", plain_line),
        "fallout": Derived("fallout", plain_line),
        "due_on": Derived("due_at", local_day),
    }

    name = models.CharField(_("service task"), max_length=200, validators=[valid_line])
    step = models.CharField(_("step"), max_length=16, choices=choices(labels.STEPS))
    position = models.PositiveSmallIntegerField(_("position"))
    after = ArrayField(
        models.CharField(max_length=16), verbose_name=pgettext_lazy("step", "after"), default=list, blank=True
    )
    item = models.ForeignKey(
        OrderItem, models.PROTECT, verbose_name=_("order item"), related_name="tasks", db_index=False
    )
    order = models.ForeignKey(
        ProductOrder, models.PROTECT, verbose_name=_("order"), related_name="tasks", db_index=False
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("delivery manager"),
        related_name="service_tasks",
        null=True,
        blank=True,
        db_index=False,
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="service_tasks", db_index=False
    )
    state = models.CharField(
        _("state"), max_length=9, choices=choices(labels.TASK_STATES), default=TaskState.WAITING.value
    )
    due_at = models.DateTimeField(_("due"))
    due_on = models.DateField(_("due on"), editable=False, null=True)
    """The local day of ``due_at``, by which calendars and lists go."""
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    result = models.CharField(_("result"), max_length=300, blank=True, validators=[valid_line])
    fallout = models.CharField(_("why it failed"), max_length=300, blank=True, validators=[valid_line])

    class Meta:
        verbose_name = _("service task")
        verbose_name_plural = _("service tasks")
        ordering = ("due_on", "id")
        indexes = (
            order("due_on", "service_task_by_due"),
            models.Index(fields=("order", "position"), name="service_task_of_order"),
            models.Index(fields=("item", "position"), name="service_task_of_item"),
            models.Index(fields=("owner", "due_on", "id"), name="service_task_of_owner"),
            models.Index(fields=("unit", "due_on", "id"), name="service_task_of_unit"),
            models.Index(fields=("state", "due_on", "id"), name="service_task_in_state", condition=STANDING),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("item", "step"),
                condition=STANDING,
                name="service_task_step_once",
                violation_error_message=_("The item has this step already."),
            ),
            models.CheckConstraint(
                condition=(models.Q(state="done") & models.Q(finished_at__isnull=False))
                | (~models.Q(state="done") & models.Q(finished_at=None)),
                name="service_task_done_has_an_end",
                violation_error_message=_("A step has an end exactly when it is done."),
            ),
        )

    def __str__(self) -> str:
        return self.name
