"""How tasks look on screen, declared."""

from django.utils.translation import gettext_lazy as _

from jike.apps.tasks import actions, queries
from jike.apps.tasks.models import Task
from jike.apps.tasks.pages.panels import is_open, strip
from jike.foundation.resource import Panel, Resource, Section, Verb

__all__ = ["TASKS"]

TASKS = Resource(
    model=Task,
    slug="tasks",
    icon="checkbox",
    columns=("title", "about_title", "due_at", "owner", "giver", "state", "source"),
    more_columns=("unit", "due_on", "remind_at", "settled_at", "outcome"),
    sorts=("due_at", "settled_at"),
    looks={"state": "state"},
    form=(
        Section(_("Basics"), ("title", "due_at", "owner", "body")),
        Section(_("Reminder"), ("remind_at",)),
    ),
    inline=("title", "due_at", "body", "remind_at"),
    actions={
        "add": actions.add_task,
        "change": actions.change_task,
        "change_state": actions.change_state,
        "next_states": queries.next_states,
    },
    panels=(
        Verb("settle", _("Settle"), "check", "tasks:settle", primary=True, when=is_open),
        Verb("reassign", _("Hand on"), "user-share", "tasks:reassign", when=is_open),
        Panel("strip", _("About"), "tasks/_strip.html", strip, "head"),
    ),
    states="state",
    dates="due_on",
)
