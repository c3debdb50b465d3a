"""`WeekPlan` and `PlanItem`: what somebody means to do in a week, and what their superior says to it."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models import Person, Unit
from jike.apps.sales.models import Visit
from jike.apps.tasks.models import Task
from jike.apps.workplans.models import labels
from jike.apps.workplans.rules import ItemKind, PlanState
from jike.foundation.entering import plain_line, plain_text, valid_line
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, order


class WeekPlan(Record):
    """One person's plan for the week that begins on Monday ``week``."""

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {**STANDARD_ACTIONS, "submit": _("Submit"), "answer": _("Approve or send back")}
    DERIVED = {
        "title": Derived("title", plain_line),
        "aim": Derived("aim", plain_text),
        "answer": Derived("answer", plain_text),
    }
    SEARCH = Searchable(title="title", context=("owner__name",))

    title = models.CharField(_("plan"), max_length=60, editable=False)
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("owner"), related_name="week_plans", db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="week_plans", db_index=False
    )
    week = models.DateField(_("week from"))
    state = models.CharField(
        _("state"), max_length=9, choices=choices(labels.STATES), default=PlanState.DRAFT.value
    )
    aim = models.TextField(
        _("aim of the week"), max_length=1000, blank=True, validators=[valid_line, MaxLengthValidator(1000)]
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answerer = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("answered by"),
        related_name="answered_plans",
        null=True,
        blank=True,
        editable=False,
    )
    answer = models.TextField(
        _("answer"), max_length=1000, blank=True, validators=[valid_line, MaxLengthValidator(1000)]
    )

    class Meta:
        verbose_name = _("plan of the week")
        verbose_name_plural = _("plans of the week")
        ordering = ("-week", "id")
        indexes = (
            order("week", "week_plan_by_week"),
            models.Index(fields=("unit", "week", "id"), name="week_plan_of_unit"),
            models.Index(fields=("state", "week", "id"), name="week_plan_in_state", condition=STANDING),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "week"),
                condition=STANDING,
                name="week_plan_once",
                violation_error_message=_("There is a plan for this week already."),
            ),
            models.CheckConstraint(
                condition=models.Q(week__iso_week_day=1),
                name="week_plan_from_monday",
                violation_error_message=_("A week begins on Monday."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_past(self) -> bool:
        """Whether the week is over."""
        return (timezone.localdate() - self.week).days > 6


class PlanItem(Record):
    """One thing planned for a day: a visit, a task, or other work in words."""

    SCOPE = {"own": "plan__owner_id", "unit": "plan__unit_id"}
    DERIVED = {"text": Derived("text", plain_line)}

    plan = models.ForeignKey(
        WeekPlan, models.PROTECT, verbose_name=_("plan"), related_name="items", db_index=False
    )
    day = models.DateField(_("day"))
    kind_of_work = models.CharField(
        _("kind"), max_length=5, choices=choices(labels.ITEM_KINDS), default=ItemKind.WORK.value
    )
    text = models.CharField(_("what"), max_length=200, validators=[valid_line])
    visit = models.ForeignKey(
        Visit,
        models.PROTECT,
        verbose_name=_("visit"),
        related_name="plan_items",
        null=True,
        blank=True,
    )
    task = models.ForeignKey(
        Task, models.PROTECT, verbose_name=_("task"), related_name="plan_items", null=True, blank=True
    )
    done = models.BooleanField(_("done"), default=False)

    class Meta:
        verbose_name = _("item of a plan")
        verbose_name_plural = _("items of plans")
        ordering = ("day", "id")
        indexes = (models.Index(fields=("plan", "day", "id"), name="plan_item_of", condition=STANDING),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(visit=None) | models.Q(task=None),
                name="plan_item_one_thing",
                violation_error_message=_("An item is a visit or a task, not both."),
            ),
        )

    def __str__(self) -> str:
        return self.text
