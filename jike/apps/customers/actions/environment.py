"""What rivals supply and what customers need is entered, corrected, answered."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer, Need, RivalLine
from jike.apps.customers.models.environment_labels import NEED_STATES
from jike.apps.customers.queries.group import standing_customer
from jike.apps.customers.rules import NEED_NEXT, NeedState, need_may_follow
from jike.foundation.audit import Under, changing, creating, removing, restoring
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.models import RecordKey
from jike.foundation.scope import Actor, require_permission

__all__ = [
    "add_need",
    "add_rival_line",
    "answer",
    "change_need",
    "change_need_state",
    "change_rival_line",
    "remove_environment",
    "restore_environment",
]

LINE_FIELDS = frozenset(
    {
        *("site", "operator", "family", "bandwidth_mbps", "quantity", "monthly_price", "ends_on"),
        *("source", "confidence", "heard_on", "remarks"),
    }
)
NEED_FIELDS = frozenset({"name", "family", "budget", "wanted_on", "details", "heard_on"})


@transaction.atomic
def add_rival_line(*, actor: Actor, customer: Customer, site: str, **details: Any) -> RivalLine:
    """Add what a rival supplies at a site of ``customer``; whoever may change that may."""
    only_known(details, LINE_FIELDS)
    require_permission(actor, "customers.rivalline:add")
    found = RivalLine(customer=standing_customer(customer), site=site, **_heard(details))
    return creating(found, actor=actor, under=Under(found.customer, "change"))


@transaction.atomic
def change_rival_line(
    line: RivalLine, *, actor: Actor, version: int | None = None, **details: Any
) -> RivalLine:
    """Correct or complete what is known of a rival's line."""
    only_known(details, LINE_FIELDS | {"customer"})
    with changing(line, actor=actor, version=version):
        for name, value in _heard(details, keep=True).items():
            setattr(line, name, value)
    return line


@transaction.atomic
def add_need(*, actor: Actor, customer: Customer, name: str, **details: Any) -> Need:
    """Add what ``customer`` needs; whoever may change that may."""
    only_known(details, NEED_FIELDS)
    require_permission(actor, "customers.need:add")
    need = Need(customer=standing_customer(customer), name=name, **_heard(details))
    return creating(need, actor=actor, under=Under(need.customer, "change"))


@transaction.atomic
def change_need(need: Need, *, actor: Actor, version: int | None = None, **details: Any) -> Need:
    """Correct or complete a need."""
    only_known(details, NEED_FIELDS | {"customer"})
    with changing(need, actor=actor, version=version):
        for name, value in _heard(details, keep=True).items():
            setattr(need, name, value)
    return need


@transaction.atomic
def change_need_state(
    need: Need, *, actor: Actor, state: str, version: int | None = None, drop_reason: str = ""
) -> Need:
    """Let the need be confirmed, answered, met, or dropped for a reason."""
    try:
        then = NeedState(state)
    except ValueError as error:
        raise Invalid({"state": [_("Choose one of the states.")]}) from error
    with changing(need, actor=actor, verb="change_state", version=version):
        _require_order(NeedState(need.state), then)
        if then is NeedState.DROPPED and not drop_reason.strip():
            raise Invalid({"drop_reason": [_("Say why the need is dropped.")]})
        need.state, need.drop_reason = then.value, drop_reason if then is NeedState.DROPPED else ""
    return need


@transaction.atomic
def answer(row: RivalLine | Need, *, actor: Actor, by: RecordKey) -> None:
    """Note with which record a rival's line or a need is answered; it is answered once."""
    with changing(row, actor=actor, verb="answer", permit="change"):
        if row.answer_uid is not None:
            raise RuleBroken(_("“%(name)s” is answered already.") % {"name": row})
        row.answer_kind, row.answer_uid = by.kind, by.uid
        if isinstance(row, Need):
            _require_order(NeedState(row.state), NeedState.ANSWERED)
            row.state = NeedState.ANSWERED.value


@transaction.atomic
def remove_environment(row: RivalLine | Need, *, actor: Actor) -> RivalLine | Need:
    """Put it into the recycle bin."""
    return removing(row, actor=actor)


@transaction.atomic
def restore_environment(row: RivalLine | Need, *, actor: Actor) -> RivalLine | Need:
    """Take it out of the recycle bin."""
    standing_customer(row.customer)
    return restoring(row, actor=actor)


def _heard(details: dict[str, Any], *, keep: bool = False) -> dict[str, Any]:
    """Refuse a day ahead; without one it was heard today, unless what is known is kept."""
    today = timezone.localdate()
    day = details.get("heard_on")
    if isinstance(day, dt.date) and day > today:
        raise Invalid({"heard_on": [_("This day lies ahead.")]})
    known = {"quantity": 1} if "quantity" in details and details["quantity"] is None else {}
    return {**details, **known} if keep else {"heard_on": today, **details, **known}


def _require_order(now: NeedState, then: NeedState) -> None:
    if need_may_follow(now, then):
        return
    possible = _(", ").join(str(NEED_STATES[state]) for state in NeedState if state in NEED_NEXT[now])
    sentence = _("From “%(now)s” a need cannot become “%(then)s”; possible are: %(possible)s.")
    raise RuleBroken(
        sentence % {"now": NEED_STATES[now], "then": NEED_STATES[then], "possible": possible or "…"}
    )
