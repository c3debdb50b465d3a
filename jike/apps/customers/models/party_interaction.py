"""`PartyInteraction`: one time that we spoke with a customer, with whom, by which channel, and what came of it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models.customer import Customer
from jike.apps.customers.models.interaction_labels import CHANNELS, DIRECTIONS, OUTCOMES
from jike.apps.customers.rules.interactions import Channel, Direction
from jike.apps.organisation.models import Person
from jike.apps.tasks.models import Task
from jike.foundation.entering import plain_line, plain_text
from jike.foundation.models import Record, RecordKey, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, line, local_day, order, text

DAY_MINUTES = 1440


def _people(label: Any) -> ArrayField:
    return ArrayField(models.UUIDField(), verbose_name=label, default=list, blank=True, editable=False)


class PartyInteraction(Record):
    """A call, message, mail or meeting of ``owner`` with people of ``customer``; it lies where its customer lies.

    ``people`` holds the uids of key persons, ``colleagues`` those of our own people beside the owner. It may concern a
    further record, an opportunity or a ticket, which it names by kind and uid.
    """

    SCOPE = {"own": "customer__owner_id", "unit": "customer__unit_id"}
    ACTIONS = {**STANDARD_ACTIONS, "reassign": _("Put under another customer")}
    DERIVED = {
        **{name: Derived(name, plain_line) for name in ("subject", "next_step")},
        **{name: Derived(name, plain_text) for name in ("words", "needs")},
        "happened_on": Derived("happened_at", local_day),
    }
    SEARCH = Searchable(title="subject", context=("customer__name", "owner__name"))

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="interactions", db_index=False
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("who spoke"), related_name="interactions", db_index=False
    )
    channel = models.CharField(
        _("channel"), max_length=8, choices=choices(CHANNELS), default=Channel.CALL.value
    )
    direction = models.CharField(
        _("who began it"), max_length=3, choices=choices(DIRECTIONS), default=Direction.OUTGOING.value
    )
    happened_at = models.DateTimeField(_("when it was"), default=timezone.now)
    happened_on = models.DateField(_("day"), null=True, blank=True, editable=False)
    length_minutes = models.PositiveSmallIntegerField(
        _("minutes it took"), null=True, blank=True, validators=[MaxValueValidator(DAY_MINUTES)]
    )
    subject = line(_("subject"), 200, blank=False)
    words = text(_("what was said"), 20_000)
    outcome = models.CharField(_("outcome"), max_length=10, choices=choices(OUTCOMES), blank=True)
    needs = text(_("needs found"), 2000)
    people = _people(_("key persons"))
    colleagues = _people(_("our people"))
    about_kind = models.CharField(max_length=64, blank=True, editable=False, db_collation="C")
    about_uid = models.UUIDField(null=True, blank=True, editable=False)
    about_title = models.CharField(_("about"), max_length=200, blank=True, editable=False)
    next_step = line(_("next step"), 200)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    task = models.ForeignKey(
        Task,
        models.PROTECT,
        verbose_name=_("task"),
        related_name="interactions",
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ("-happened_at", "-id")
        indexes = (
            order("happened_at", "interaction_by_time"),
            order("happened_on", "interaction_by_day"),
            models.Index(fields=("customer", "happened_at"), name="interaction_of_customer"),
            models.Index(fields=("owner", "happened_on", "id"), name="interaction_of_owner"),
            models.Index(
                fields=("about_uid", "happened_at"),
                name="interaction_about",
                condition=models.Q(about_uid__isnull=False),
            ),
            models.Index(fields=("next_step_on", "id"), name="interaction_by_step", condition=STANDING),
            GinIndex(fields=("people",), name="interaction_people"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(about_kind="", about_uid=None)
                | (~models.Q(about_kind="") & models.Q(about_uid__isnull=False)),
                name="interaction_about_one_record",
                violation_error_message=_("An interaction names what it concerns by kind and uid."),
            ),
        )

    def __str__(self) -> str:
        return self.subject

    @property
    def about(self) -> RecordKey | None:
        """The record that it concerns beside the customer."""
        return RecordKey(self.about_kind, self.about_uid) if self.about_uid else None
