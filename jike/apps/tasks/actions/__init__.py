"""What is done with tasks: given, corrected, settled, cancelled, opened again, handed on, reminded of."""

from jike.apps.tasks.actions.giving import add_task, change_task, reassign_task
from jike.apps.tasks.actions.next_steps import add_next_step
from jike.apps.tasks.actions.reminding import remind_of_tasks
from jike.apps.tasks.actions.settling import cancel_task, change_state, reopen_task, settle_task

__all__ = [
    "add_next_step",
    "add_task",
    "cancel_task",
    "change_state",
    "change_task",
    "reassign_task",
    "remind_of_tasks",
    "reopen_task",
    "settle_task",
]
