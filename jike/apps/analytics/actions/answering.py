"""A warning's closed loop (保有): answered by a retention task, settled with what came of it, or dismissed."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.analytics.models import EarlyWarning
from jike.apps.analytics.models.labels import STATES
from jike.apps.analytics.rules import NEXT, Kind, State, may_follow, outcomes_of
from jike.apps.customers.queries.records import require_able
from jike.apps.organisation.models import Person
from jike.apps.tasks.actions import add_task, settle_task
from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import Source
from jike.apps.tasks.rules import State as TaskState
from jike.foundation.audit import changing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor, may

__all__ = ["answer_warning", "assign_warning", "dismiss_warning", "settle_warning"]


@transaction.atomic
def answer_warning(
    warning: EarlyWarning,
    *,
    actor: Actor,
    plan: str,
    due_at: dt.datetime | None = None,
    owner: Person | None = None,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Task:
    """Answer with what will be done: a retention task for ``owner`` (who answers the warning, unless named)."""
    if not plan.strip():
        raise Invalid({"plan": [_("Say what will be done.")]})
    moment = at or timezone.now()
    due = due_at or warning.answer_due_at
    with changing(warning, actor=actor, verb="answer", version=version):
        _check(warning, State.ANSWERING)
        warning.state, warning.answered_at, warning.due_at = State.ANSWERING.value, moment, due
    return add_task(
        actor=actor,
        title=plan,
        owner=owner or warning.owner,
        due_at=due,
        about=warning,
        source=Source.WARNING,
    )


@transaction.atomic
def settle_warning(
    warning: EarlyWarning,
    *,
    actor: Actor,
    outcome: str,
    remark: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> EarlyWarning:
    """Close the loop with what came of it; its tasks that the actor may settle are settled with it."""
    if outcome not in outcomes_of(Kind(warning.sign)):
        raise Invalid({"outcome": [_("Say what came of it.")]})
    moment = at or timezone.now()
    with changing(warning, actor=actor, verb="settle", version=version):
        _check(warning, State.SETTLED)
        warning.state, warning.outcome, warning.remark = State.SETTLED.value, outcome, remark
        warning.ended_at, warning.due_at = moment, None
    for task in Task.objects.filter(
        about_kind=EarlyWarning.kind(), about_uid=warning.uid, state=TaskState.OPEN, removed_at=None
    ):
        if may(actor, "settle", task):
            settle_task(task, actor=actor, outcome=str(warning.get_outcome_display()), at=moment)
    return warning


@transaction.atomic
def dismiss_warning(
    warning: EarlyWarning,
    *,
    actor: Actor,
    remark: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> EarlyWarning:
    """Close a warning that needs no answer, with the reason."""
    if not remark.strip():
        raise Invalid({"remark": [_("Say why nothing needs to be done.")]})
    with changing(warning, actor=actor, verb="dismiss", version=version):
        _check(warning, State.DISMISSED)
        warning.state, warning.remark = State.DISMISSED.value, remark
        warning.ended_at, warning.due_at = at or timezone.now(), None
    return warning


@transaction.atomic
def assign_warning(
    warning: EarlyWarning, *, actor: Actor, owner: Person | None, version: int | None = None
) -> EarlyWarning:
    """Let somebody else answer the warning."""
    require_able(owner)
    with changing(warning, actor=actor, verb="assign", version=version):
        if not NEXT[State(warning.state)]:
            raise RuleBroken(_("This warning is closed."))
        warning.owner = owner
    return warning


def _check(warning: EarlyWarning, then: State) -> None:
    now = State(warning.state)
    if may_follow(now, then):
        return
    words: dict[str, Any] = {"now": STATES[now], "then": STATES[then]}
    raise RuleBroken(_("A warning in the state “%(now)s” cannot become “%(then)s”.") % words)
