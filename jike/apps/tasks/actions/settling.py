"""Tasks are settled, cancelled and opened again, along the table of their life."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.tasks.models import Task
from jike.apps.tasks.models.labels import STATES
from jike.apps.tasks.rules import State, may_follow
from jike.foundation.audit import changing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor

__all__ = ["cancel_task", "change_state", "reopen_task", "settle_task"]


def settle_task(
    task: Task,
    *,
    actor: Actor,
    outcome: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Task:
    """Settle the task, with what came of it where there is something to say."""
    return _move(task, State.DONE, actor=actor, verb="settle", outcome=outcome, at=at, version=version)


def cancel_task(
    task: Task, *, actor: Actor, reason: str, at: dt.datetime | None = None, version: int | None = None
) -> Task:
    """Cancel the task, which is no longer needed, for the reason given."""
    if not reason.strip():
        raise Invalid({"outcome": [_("Say why the task is no longer needed.")]})
    return _move(task, State.CANCELLED, actor=actor, verb="cancel", outcome=reason, at=at, version=version)


def reopen_task(task: Task, *, actor: Actor, version: int | None = None) -> Task:
    """Open the task again, which was settled or cancelled by mistake."""
    return _move(task, State.OPEN, actor=actor, verb="reopen", version=version)


def change_state(
    task: Task, *, actor: Actor, state: str, version: int | None = None, outcome: str = ""
) -> Task:
    """Move the task to ``state`` by the action that does so."""
    match state:
        case State.DONE:
            return settle_task(task, actor=actor, outcome=outcome, version=version)
        case State.CANCELLED:
            return cancel_task(task, actor=actor, reason=outcome, version=version)
        case State.OPEN:
            return reopen_task(task, actor=actor, version=version)
        case _:
            raise Invalid({"state": [_("Choose one of the states.")]})


@transaction.atomic
def _move(
    task: Task,
    then: State,
    *,
    actor: Actor,
    verb: str,
    outcome: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Task:
    permit = "cancel" if verb == "cancel" else "settle"
    with changing(task, actor=actor, verb=verb, permit=permit, version=version):
        if not may_follow(State(task.state), then):
            sentence = _("This task is already in the state “%(state)s”.")
            raise RuleBroken(sentence % {"state": STATES[State(task.state)]})
        task.state, task.outcome = then.value, outcome
        task.settled_at = None if then is State.OPEN else at or timezone.now()
    return task
