"""Quotes climb to whoever may grant them: submitted, approved step by step, refused, withdrawn."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.catalogue.queries import selling_problem
from jike.apps.organisation.models import Unit
from jike.apps.organisation.queries import deputies_standing, holders_of
from jike.apps.quoting.models import Quote, QuoteApproval
from jike.apps.quoting.models.labels import APPROVAL_STATES
from jike.apps.quoting.queries.approvals import (
    Answering,
    answering,
    due_after,
    level_units,
    levels_held,
    path_of,
)
from jike.apps.quoting.queries.authority import authority_of, authority_on
from jike.apps.quoting.queries.lines import lines_of, totals_of
from jike.apps.quoting.queries.moves import require_move
from jike.apps.quoting.rules import (
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
IN_STEAD = Topic(
    "quoting.approval_in_stead",
    gettext_lazy("A quote waits for your approval in somebody's stead"),
    Channel.APP,
    "quoting:approvals",
)
ANSWERED_IN_STEAD = Topic(
    "quoting.answered_in_stead", gettext_lazy("Your deputy decided upon a quote"), Channel.APP
)
declare_topics(ASKED, ANSWERED, IN_STEAD, ANSWERED_IN_STEAD)


@transaction.atomic
def submit_quote(
    quote: Quote, *, actor: Actor, version: int | None = None, at: dt.datetime | None = None
) -> Quote:
    """Ask whoever must agree, the lowest level first; what lies within the submitter's own authority is approved."""
    moment = at or timezone.now()
    with changing(quote, actor=actor, verb="submit", version=version):
        require_move(quote, QuoteState.APPROVING)
        _check_complete(quote, on=timezone.localdate(moment))
        authority = authority_on(timezone.localdate(moment))
        needed = authority.verdict(totals_of(lines_of(quote)).offer).level
        units = level_units(quote.unit)
        steps = authority.steps(needed, there=units, held=levels_held(actor, units))
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
    moment, found = at or timezone.now(), _authority(step, actor)
    quote = _answer(step, ApprovalState.APPROVED, by=found, remark=remark, at=moment)
    following = [one for one in path_of(quote) if one.state == ApprovalState.WAITING]
    if following:
        _ask(following[0], quote, under=_right_over(step, found), actor=found.actor, at=moment)
    else:
        _move(quote, QuoteState.APPROVED, step, by=found)
        _tell(quote, step)
    return step


@transaction.atomic
def refuse_quote(
    step: QuoteApproval, *, actor: Actor, remark: str, at: dt.datetime | None = None
) -> QuoteApproval:
    """Refuse a quote for one level, with the reason; its account manager may correct and submit it again."""
    if not remark.strip():
        raise Invalid({"remark": [_("Say why, so that the quote can be corrected.")]})
    found = _authority(step, actor)
    quote = _answer(step, ApprovalState.REFUSED, by=found, remark=remark, at=at or timezone.now())
    _void(quote, _right_over(step, found), actor=found.actor)
    _move(quote, QuoteState.REFUSED, step, by=found, reason=remark)
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
    _ask(steps[0], quote, under=under, actor=actor, at=at)


def _ask(step: QuoteApproval, quote: Quote, *, under: Under, actor: Actor, at: dt.datetime) -> None:
    with changing(step, actor=actor, verb="ask", under=under):
        step.state, step.asked_at = ApprovalState.ASKED.value, at
        step.due_at = due_after(Level(step.level), at, authority=authority_of(quote))
    right_name = f"{QuoteApproval.kind()}:{answering_right(Level(step.level))}"
    involved = [quote.owner_id, quote.submitted_by_id or 0]
    able = holders_of(right_name, unit=step.unit_id, today=timezone.localdate())
    holders = list(able.exclude(pk__in=involved))
    text = f"{quote.customer} · {quote.name}"
    notify({one.uid for one in holders}, ASKED.name, text, about=quote.key, once=f"{ASKED.name}:{step.uid}")
    for one in deputies_standing(holders, at=at):
        if one.deputy_id not in involved and one.deputy not in holders:
            notify(
                {one.deputy.uid},
                IN_STEAD.name,
                f"{one.person.name} · {text}",
                once=f"{IN_STEAD.name}:{step.uid}",
            )


def _authority(step: QuoteApproval, actor: Actor) -> Answering:
    """Return by which authority the actor answers, or refuse."""
    found = answering(step, actor)
    if found is None:
        raise Refused(
            _("You may not decide upon this quote: nobody approves their own, nor beyond their authority.")
        )
    return found


def _right_over(step: QuoteApproval, by: Answering) -> Under:
    return Under(step, answering_right(by.level))


def _answer(
    step: QuoteApproval, then: ApprovalState, *, by: Answering, remark: str, at: dt.datetime
) -> Quote:
    with changing(step, actor=by.actor, verb=answering_right(by.level)):
        now = ApprovalState(step.state)
        if not approval_may_follow(now, then):
            sentence = _("This step is “%(state)s” and can no longer be answered.")
            raise RuleBroken(sentence % {"state": APPROVAL_STATES[now]})
        step.state, step.answered_at, step.remark = then.value, at, remark
        step.approver_id = by.actor.person
        step.on_behalf_of = by.principal
    if by.principal is not None:
        text = f"{by.actor.name} · {step.quote.name}: {_told(step)}"
        once = f"{ANSWERED_IN_STEAD.name}:{step.uid}"
        notify({by.principal.uid}, ANSWERED_IN_STEAD.name, text, about=step.quote.key, once=once)
    return Quote.objects.get(pk=step.quote_id)


def _move(quote: Quote, then: QuoteState, step: QuoteApproval, *, by: Answering, reason: str = "") -> None:
    with changing(quote, actor=by.actor, verb="answer", under=_right_over(step, by)):
        require_move(quote, then)
        quote.state, quote.reason = then.value, reason


def _void(quote: Quote, under: Under, *, actor: Actor) -> None:
    for step in path_of(quote):
        if approval_may_follow(ApprovalState(step.state), ApprovalState.VOID):
            with changing(step, actor=actor, verb="void", under=under):
                step.state = ApprovalState.VOID.value


def _tell(quote: Quote, step: QuoteApproval) -> None:
    text = f"{quote.name}: {_told(step)}"
    once = f"{ANSWERED.name}:{step.uid}"
    notify({quote.owner.uid}, ANSWERED.name, text, about=quote.key, once=once)


def _told(step: QuoteApproval) -> str:
    """Return the answer and its remark; who remarks no more than the answer's own word is quoted once."""
    word = step.get_state_display()
    return word if step.remark.strip() in ("", word) else f"{word} {step.remark.strip()}"
