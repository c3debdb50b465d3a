"""`Task`: something that somebody has to do by a certain time, perhaps about a record."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models import Person, Unit
from jike.apps.tasks.models import labels
from jike.apps.tasks.rules import Source, State
from jike.foundation.entering import plain_line, plain_text, valid_line
from jike.foundation.models import Record, RecordKey, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, local_day, order


class Task(Record):
    """A to-do of ``owner``; ``giver`` asked for it, where that is somebody else, and sees what becomes of it.

    It may be about one record of any kind, which it names by kind and uid; ``about_title`` is what that record was
    called when the task was given, shown to its owner, who was entitled to see it.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "settle": _("Settle and open again"),
        "cancel": _("Cancel"),
        "reassign": _("Hand to somebody else"),
    }
    VERBS = {"reopen": _("Opened again"), "remind": _("Reminded")}
    DERIVED = {
        "title": Derived("title", plain_line),
        "body": Derived("body", plain_text),
        "outcome": Derived("outcome", plain_text),
        "due_on": Derived("due_at", local_day),
    }
    SEARCH = Searchable(title="title", context=("about_title", "owner__name"))

    title = models.CharField(_("task"), max_length=200, validators=[valid_line])
    body = models.TextField(
        _("details"), max_length=2000, blank=True, validators=[valid_line, MaxLengthValidator(2000)]
    )
    about_kind = models.CharField(max_length=64, blank=True, editable=False, db_collation="C")
    about_uid = models.UUIDField(null=True, blank=True, editable=False)
    about_title = models.CharField(_("about"), max_length=200, blank=True, editable=False)
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("who does it"), related_name="tasks", db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="tasks", db_index=False, editable=False
    )
    giver = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("who asked for it"),
        related_name="given_tasks",
        null=True,
        blank=True,
        editable=False,
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=choices(labels.STATES), default=State.OPEN.value
    )
    source = models.CharField(
        _("came from"),
        max_length=11,
        choices=choices(labels.SOURCES),
        default=Source.HAND.value,
        editable=False,
    )
    remind_at = models.DateTimeField(_("remind at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)
    outcome = models.TextField(
        _("outcome"), max_length=1000, blank=True, validators=[valid_line, MaxLengthValidator(1000)]
    )

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ("due_at", "id")
        indexes = (
            order("due_at", "task_by_due"),
            order("due_on", "task_by_day"),
            order("settled_at", "task_by_settled"),
            models.Index(fields=("owner", "state", "due_at", "id"), name="task_of_owner"),
            models.Index(fields=("unit", "state", "due_at", "id"), name="task_of_unit"),
            models.Index(fields=("state", "due_at", "id"), name="task_in_state", condition=STANDING),
            models.Index(
                fields=("about_uid", "state"), name="task_about", condition=~models.Q(about_kind="")
            ),
            models.Index(
                fields=("remind_at",),
                name="task_to_remind",
                condition=models.Q(state="open", reminded_at=None, removed_at=None, remind_at__isnull=False),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="open", settled_at=None)
                | (~models.Q(state="open") & models.Q(settled_at__isnull=False)),
                name="task_settled_with_a_time",
                violation_error_message=_("A settled task says when it was settled."),
            ),
            models.CheckConstraint(
                condition=models.Q(about_kind="", about_uid=None)
                | (~models.Q(about_kind="") & models.Q(about_uid__isnull=False)),
                name="task_about_one_record",
                violation_error_message=_("A task names the record that it is about by kind and uid."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> RecordKey | None:
        """The record that the task is about."""
        return RecordKey(self.about_kind, self.about_uid) if self.about_uid else None
