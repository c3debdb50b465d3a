"""An opportunity moves through its stages, to be won or lost."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.sales.actions.events import OpportunityWon
from jike.apps.sales.models import Opportunity
from jike.apps.sales.models.labels import LOST_REASONS, STAGES
from jike.apps.sales.queries.stages import AMOUNTS, refuse_computed, what_is_missing
from jike.apps.sales.rules import (
    CLOSED,
    NEXT,
    OPEN,
    OWN_FIELDS,
    PROBABILITY,
    LostReason,
    Stage,
    may_follow,
    protection_after,
)
from jike.foundation.audit import changing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.events import publish
from jike.foundation.scope import Actor

__all__ = ["STAGE_FIELDS", "change_stage"]

STAGE_FIELDS = frozenset(
    {
        *("needs", "expected_on", "monthly_amount", "one_off_amount", "next_step", "next_step_on"),
        *("close_remark", "competitor", "lost_reason", "closed_on"),
    }
)
VERBS = {Stage.WON: "win", Stage.LOST: "lose"}


@transaction.atomic
def change_stage(
    opportunity: Opportunity,
    *,
    actor: Actor,
    stage: str,
    on: dt.date | None = None,
    version: int | None = None,
    **known: Any,
) -> Opportunity:
    """Let the opportunity enter ``stage``, with whatever of that stage's needs is given beside (`NEEDS`).

    ``on`` is the day on which it happened, today unless named. Its probability becomes that of the stage, reaching
    further renews its protection, and a win is published.
    """
    if unexpected := sorted(set(known) - STAGE_FIELDS):
        raise TypeError(f"{', '.join(unexpected)}: not asked for when an opportunity changes its stage")
    then, day = _known_stage(stage), on or known.get("closed_on") or timezone.localdate()
    verb = VERBS.get(then, "change_stage")
    with changing(opportunity, actor=actor, verb=verb, permit="change_stage", version=version):
        now = Stage(opportunity.stage)
        _check_order(now, then)
        refuse_computed(opportunity, known)
        for name, value in known.items():
            if name not in OWN_FIELDS:
                setattr(opportunity, name, Decimal(0) if name in AMOUNTS and value is None else value)
        _check_needs(opportunity, then, given=known | {"closed_on": day}, day=day)
        opportunity.stage, opportunity.stage_since = then.value, day
        opportunity.probability = PROBABILITY[then]
        opportunity.closed_on = day if then in CLOSED else None
        opportunity.lost_reason = str(known.get("lost_reason", "")) if then is Stage.LOST else ""
        if then in OPEN and now in OPEN and OPEN.index(then) > OPEN.index(now):
            opportunity.protected_until = protection_after(opportunity.protected_until, on=day)
    if then is Stage.WON:
        publish(OpportunityWon(opportunity.uid))
    return opportunity


def _known_stage(stage: str) -> Stage:
    try:
        return Stage(stage)
    except ValueError as error:
        raise Invalid({"stage": [_("Choose one of the stages.")]}) from error


def _check_order(now: Stage, then: Stage) -> None:
    if may_follow(now, then):
        return
    words = {"now": STAGES[now], "then": STAGES[then]}
    if not NEXT[now]:
        raise RuleBroken(_("An opportunity that is “%(now)s” stays so.") % words)
    words["possible"] = _(", ").join(str(STAGES[stage]) for stage in Stage if stage in NEXT[now])
    sentence = _("From “%(now)s” an opportunity cannot go to “%(then)s”; possible are: %(possible)s.")
    raise RuleBroken(sentence % words)


def _check_needs(opportunity: Opportunity, then: Stage, *, given: dict[str, Any], day: dt.date) -> None:
    missing = [name for name in what_is_missing(opportunity, then) if not given.get(name)]
    problems = {name: [_sentence(name, then)] for name in missing}
    if then in CLOSED and day > timezone.localdate():
        problems["closed_on"] = [_("This day lies ahead; say when it happened.")]
    reason = given.get("lost_reason")
    if then is Stage.LOST and reason and reason not in set(LostReason):
        problems["lost_reason"] = [
            _("Choose one of: %(reasons)s.") % {"reasons": _(", ").join(map(str, LOST_REASONS.values()))}
        ]
    if problems:
        raise Invalid(problems)


def _sentence(name: str, then: Stage) -> str:
    match name:
        case "needs":
            return _("Say what the customer needs: the solution answers it.")
        case "expected_on":
            return _("Say when it is expected to be signed.")
        case "monthly_amount":
            return _("Add the products, or say how much it is a month or once.")
        case "next_step" | "next_step_on":
            return _("Say what is the next step, and when.")
        case "lost_reason":
            return _("Say why it was lost.")
        case _:
            return _("“%(stage)s” needs this.") % {"stage": STAGES[then]}
