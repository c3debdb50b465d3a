"""The cards of plans and targets on the home page: the month against its targets, and plans to be answered."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.queries import person_of
from jike.apps.workplans import queries
from jike.apps.workplans.pages.scores import lines_of
from jike.apps.workplans.rules import time_passed
from jike.foundation.pages.home import HomeCard, Viewpoint

__all__ = ["PLAN_CARDS"]

SHOWN = 6


def month(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return this month's measures of whoever looks; units have a page of their own."""
    person = person_of(view.actor)
    if view.team or person is None:
        return None
    first = view.today.replace(day=1)
    lines = [one for one in lines_of(person, first) if one["actual"] or one["target"]]
    return {"lines": lines, "passed": time_passed(first, today=view.today)} if lines else None


def plans(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return the plans of the week that wait for an answer; nothing where none does."""
    waiting = queries.waiting_plans(view.actor, limit=SHOWN)
    return {"plans": waiting} if waiting else None


PLAN_CARDS = (
    HomeCard(
        "targets",
        _("The month against its targets"),
        "rail",
        "workplans/_home_month.html",
        month,
        "workplans.target:view",
        later=True,
    ),
    HomeCard(
        "plans",
        _("Plans to answer"),
        "middle",
        "workplans/_home_plans.html",
        plans,
        "workplans.weekplan:answer",
    ),
)
