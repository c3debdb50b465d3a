"""What may be with tasks: their states, where they come from, when they are late, and rights."""

from jike.apps.tasks.rules.grants import GRANTS
from jike.apps.tasks.rules.life import NEXT, Source, State, is_overdue, may_follow, reminder_for

__all__ = ["GRANTS", "NEXT", "Source", "State", "is_overdue", "may_follow", "reminder_for"]
