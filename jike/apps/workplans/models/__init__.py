"""Plans of the week, and targets."""

from jike.apps.workplans.models.plan import PlanItem, WeekPlan
from jike.apps.workplans.models.target import Target

__all__ = ["PlanItem", "Target", "WeekPlan"]
