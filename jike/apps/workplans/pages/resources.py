"""How plans of the week and targets look on screen, declared."""

from django.utils.translation import gettext_lazy as _

from jike.apps.workplans import actions
from jike.apps.workplans.models import Target, WeekPlan
from jike.apps.workplans.pages.week import answerable, plan_panel, submittable
from jike.foundation.resource import Panel, Resource, Section, Verb

__all__ = ["TARGETS", "WEEK_PLANS"]

WEEK_PLANS = Resource(
    model=WeekPlan,
    slug="week-plans",
    icon="calendar-week",
    columns=("title", "owner", "week", "state", "submitted_at", "answerer", "unit"),
    more_columns=("aim", "answer", "answered_at"),
    looks={"state": "state"},
    sorts=("-week",),
    form=(Section(_("Plan"), ("week", "aim")),),
    inline=("aim",),
    actions={"add": actions.add_plan, "change": actions.change_plan},
    panels=(
        Verb("submit", _("Submit"), "send", "workplans:submit", primary=True, when=submittable),
        Verb("answer", _("Approve"), "check", "workplans:approve", primary=True, when=answerable),
        Verb("answer", _("Send back"), "arrow-back-up", "workplans:send_back", when=answerable),
        Panel("items", _("The week"), "workplans/_items.html", plan_panel, "tab"),
    ),
    states="state",
    dates="week",
)

TARGETS = Resource(
    model=Target,
    slug="targets",
    icon="target",
    columns=("measure", "owner", "unit", "month", "value"),
    looks={"value": "number"},
    sorts=("-month", "-value"),
    form=(Section(_("Target"), ("measure", "month", "owner", "unit", "value")),),
    inline=("value",),
    actions={"add": actions.add_target, "change": actions.change_target},
)
