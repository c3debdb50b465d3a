"""Quotes climb to whoever may grant them: submitted, approved step by step, refused, withdrawn."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.catalogue.queries import selling_problem
from jike.apps.organisation.models import Person, Post, Unit
from jike.apps.quoting.models import Quote, QuoteApproval
from jike.apps.quoting.models.labels import APPROVAL_STATES
from jike.apps.quoting.queries.approvals import (
    answering_level,
    due_after,
    level_units,
    levels_held,
    path_of,
)
from jike.apps.quoting.queries.lines import lines_of, totals_of
from jike.apps.quoting.queries.moves import require_move
from jike.apps.quoting.rules import (
    AUTHORITY,
    ApprovalState,
    Level,
    QuoteState,
    answering_right,
    approval_may_follow,
)
from jike.foundation.audit import Under, changing, creating
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.notify import Channel, Topic, declare_topics, notify
from jike.foundation.scope import Actor

__all__ = ["approve_quote", "refuse_quote", "submit_quote", "withdraw_quote"]

ASKED = Topic("quoting.approval_asked", gettext_lazy("A quote waits for your approval"), Channel.APP)
ANSWERED = Topic("quoting.approval_answered", gettext_lazy("Your quote was decided upon"), Channel.APP)
declare_topics(ASKED, ANSWERED)


@transaction.atomic
def submit_quote(
    quote: Quote, *, actor: Actor, version: int | None = None, at: dt.datetime | None = None
) -> Quote:
    """Ask whoever must agree, the lowest level first; what lies within the submitter's own authority is approved."""
    moment = at or timezone.now()
    with changing(quote, actor=actor, verb="submit", version=version):
        require_move(quote, QuoteState.APPROVING)
        _check_complete(quote, on=timezone.localdate(moment))
        needed = AUTHORITY.verdict(totals_of(lines_of(quote)).offer).level
        units = level_units(quote.unit)
        steps = AUTHORITY.steps(needed, there=units, held=levels_held(actor, units))
        if needed is not Level.MANAGER and not steps:
            raise RuleBroken(_("Nobody above you may grant this. Ask for units and roles to be set up."))
        quote.level, quote.submitted_at, quote.submitted_by_id = needed.value, moment, actor.person
        quote.state = (QuoteState.APPROVING if steps else QuoteState.APPROVED).value
    if steps:
        _ask_all(quote, [(level, units[level]) for level in steps], actor=actor, at=moment)
    return quote


@transaction.atomic
def approve_quote(
    step: QuoteApproval, *, actor: Actor, remark: str = "", at: dt.datetime | None = None
) -> QuoteApproval:
    """Agree to a quote for one level; the next level is asked, or the quote is approved."""
    moment = at or timezone.now()
    quote = _answer(step, ApprovalState.APPROVED, actor=actor, remark=remark, at=moment)
    following = [one for one in path_of(quote) if one.state == ApprovalState.WAITING]
    if following:
        _ask(following[0], quote, under=step, actor=actor, at=moment)
    else:
        _move(quote, QuoteState.APPROVED, step, actor=actor)
        _tell(quote, step)
    return step


@transaction.atomic
def refuse_quote(
    step: QuoteApproval, *, actor: Actor, remark: str, at: dt.datetime | None = None
) -> QuoteApproval:
    """Refuse a quote for one level, with the reason; its account manager may correct and submit it again."""
    if not remark.strip():
        raise Invalid({"remark": [_("Say why, so that the quote can be corrected.")]})
    quote = _answer(step, ApprovalState.REFUSED, actor=actor, remark=remark, at=at or timezone.now())
    _void(quote, Under(step, answering_right(Level(step.level))), actor=actor)
    _move(quote, QuoteState.REFUSED, step, actor=actor, reason=remark)
    _tell(quote, step)
    return step


@transaction.atomic
def withdraw_quote(quote: Quote, *, actor: Actor, version: int | None = None) -> Quote:
    """Take a quote back into draft, from approval or after a refusal."""
    with changing(quote, actor=actor, verb="withdraw", permit="submit", version=version):
        require_move(quote, QuoteState.DRAFT)
        quote.state, quote.reason = QuoteState.DRAFT.value, ""
    _void(quote, Under(quote, "submit"), actor=actor)
    return quote


def _check_complete(quote: Quote, *, on: dt.date) -> None:
    lines = lines_of(quote)
    if not lines:
        raise RuleBroken(_("The quote holds nothing yet. Add a line first."))
    if quote.valid_until < on:
        raise RuleBroken(_("The quote's validity is over. Set a later day first."))
    for line in lines:
        if problem := selling_problem(line.offering, on=on):
            raise RuleBroken(problem)


def _ask_all(quote: Quote, path: list[tuple[Level, Unit]], *, actor: Actor, at: dt.datetime) -> None:
    last = (
        QuoteApproval.objects.filter(quote=quote).order_by("-round").values_list("round", flat=True).first()
    )
    under = Under(quote, "submit")
    steps = [
        creating(
            QuoteApproval(quote=quote, round=(last or 0) + 1, position=place, level=level.value, unit=unit),
            actor=actor,
            under=under,
        )
        for place, (level, unit) in enumerate(path, 1)
    ]
    _ask(steps[0], quote, under=quote, actor=actor, at=at)


def _ask(
    step: QuoteApproval, quote: Quote, *, under: Quote | QuoteApproval, actor: Actor, at: dt.datetime
) -> None:
    right = _right_over(under, actor)
    with changing(step, actor=actor, verb="ask", under=right):
        step.state, step.asked_at = ApprovalState.ASKED.value, at
        step.due_at = due_after(Level(step.level), at)
    right_name = f"{QuoteApproval.kind()}:{answering_right(Level(step.level))}"
    posts = Post.objects.filter(unit=step.unit_id, removed_at=None, role__grants__permission=right_name)
    people = Person.objects.filter(posts__in=posts, is_active=True, removed_at=None)
    told = set(
        people.exclude(pk__in=[quote.owner_id, quote.submitted_by_id or 0]).values_list("uid", flat=True)
    )
    text = f"{quote.customer} · {quote.name}"
    notify(told, ASKED.name, text, about=quote.key, once=f"{ASKED.name}:{step.uid}")


def _right_over(row: Quote | QuoteApproval, actor: Actor) -> Under:
    if isinstance(row, Quote):
        return Under(row, "submit")
    level = answering_level(row, actor) or Level(row.level)
    return Under(row, answering_right(level))


def _answer(step: QuoteApproval, then: ApprovalState, *, actor: Actor, remark: str, at: dt.datetime) -> Quote:
    level = answering_level(step, actor)
    if level is None:
        raise Refused(
            _("You may not decide upon this quote: nobody approves their own, nor beyond their authority.")
        )
    with changing(step, actor=actor, verb=answering_right(level)):
        now = ApprovalState(step.state)
        if not approval_may_follow(now, then):
            sentence = _("This step is “%(state)s” and can no longer be answered.")
            raise RuleBroken(sentence % {"state": APPROVAL_STATES[now]})
        step.state, step.answered_at, step.remark = then.value, at, remark
        step.approver_id = actor.person
    return Quote.objects.get(pk=step.quote_id)


def _move(quote: Quote, then: QuoteState, step: QuoteApproval, *, actor: Actor, reason: str = "") -> None:
    with changing(quote, actor=actor, verb="answer", under=_right_over(step, actor)):
        require_move(quote, then)
        quote.state, quote.reason = then.value, reason


def _void(quote: Quote, under: Under, *, actor: Actor) -> None:
    for step in path_of(quote):
        if approval_may_follow(ApprovalState(step.state), ApprovalState.VOID):
            with changing(step, actor=actor, verb="void", under=under):
                step.state = ApprovalState.VOID.value


def _tell(quote: Quote, step: QuoteApproval) -> None:
    text = f"{quote.name}: {step.get_state_display()} {step.remark}".strip()
    once = f"{ANSWERED.name}:{step.uid}"
    notify({quote.owner.uid}, ANSWERED.name, text, about=quote.key, once=once)
