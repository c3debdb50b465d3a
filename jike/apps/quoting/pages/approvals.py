"""What waits for my approval, and one step of it: why it came to me, the precedents, and the two buttons."""

import datetime as dt
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.quoting import actions, queries
from jike.apps.quoting.models import Quote, QuoteApproval
from jike.apps.quoting.models.labels import LEVELS, REASONS
from jike.apps.quoting.pages.figures import ladder, percent_words, scale
from jike.apps.quoting.rules import AUTHORITY, ApprovalState, Level
from jike.foundation.errors import Invalid, NotFound, RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.presenting import in_wan, money
from jike.foundation.scope import fetch, sealed_fields

__all__ = ["approval", "approvals", "left_words"]

VIEW = "quoting.quoteapproval:view"
SHOWN = 100


class AnswerForm(forms.Form):
    """Agree or refuse, with a remark; a refusal needs one."""

    answer = forms.ChoiceField(choices=[("approve", "approve"), ("refuse", "refuse")])
    remark = forms.CharField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "inp"}),
    )


@page("GET", permission=VIEW)
def approvals(request: PageRequest) -> HttpResponse:
    """List what waits for the reader's authority, the one due first at the head."""
    now = timezone.now()
    steps = [
        (one, in_wan(one.quote.monthly_amount), *left_words(one.due_at, now), _lowest(one.quote))
        for one in queries.inbox(request.actor)[:SHOWN]
    ]
    return render(request, "quoting/approvals.html", {"steps": steps})


@page("GET", "POST", permission=VIEW)
def approval(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show one step, and take the answer."""
    step = _step(request, uid)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = actions.approve_quote if form.cleaned_data["answer"] == "approve" else actions.refuse_quote
        try:
            act(step, actor=request.actor, remark=form.cleaned_data["remark"])
        except Invalid as error:
            for name, sentences in error.fields.items():
                form.add_error(name if name in form.fields else None, list(sentences))
        except RuleBroken as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your answer is recorded."))
            following = queries.inbox(request.actor).first()
            return redirect("quoting:approval", following.uid) if following else redirect("quoting:approvals")
    status = 422 if form.errors else 200
    return render(request, "quoting/approval.html", _context(request, step, form), status=status)


def left_words(due: dt.datetime | None, now: dt.datetime) -> tuple[str, bool]:
    """Return how much time is left in words, and whether none is."""
    if due is None:
        return "", False
    minutes = int(abs((due - now).total_seconds()) // 60)
    words = {"hours": minutes // 60, "minutes": minutes % 60, "days": minutes // 1440}
    late = due < now
    if minutes >= 2880:
        text = _("%(days)s days late") if late else _("%(days)s days left")
    elif minutes >= 60:
        text = _("%(hours)s h %(minutes)s min late") if late else _("%(hours)s h %(minutes)s min left")
    else:
        text = _("%(minutes)s min late") if late else _("%(minutes)s min left")
    return text % words, late


def _step(request: PageRequest, uid: UUID) -> QuoteApproval:
    """Return the step if the reader may see its quote."""
    step = queries.step_named(uid)
    if step is None:
        raise NotFound
    step.quote = fetch(Quote, step.quote.uid, request.actor, related=("customer", "owner", "submitted_by"))
    return step


def _context(request: PageRequest, step: QuoteApproval, form: AnswerForm) -> dict[str, object]:
    quote, now = step.quote, timezone.now()
    lines, sums = queries.lines_of(quote), queries.totals_of(queries.lines_of(quote))
    verdict = AUTHORITY.verdict(sums.offer)
    level = Level(step.level)
    limit = max((AUTHORITY.least[one] for one in AUTHORITY.least if one.rank < level.rank), default=1)
    lowered = [one for one in lines if one.discount < limit * 100 or one.price < one.floor]
    waiting = list(queries.inbox(request.actor).values_list("uid", flat=True)[:SHOWN])
    place = waiting.index(step.uid) if step.uid in waiting else None
    hidden = sealed_fields(request.actor, quote)
    return {
        "step": step,
        "quote": quote,
        "form": form,
        "may_answer": step.state == ApprovalState.ASKED
        and queries.answering_level(step, request.actor) is not None,
        "left": left_words(step.due_at, now),
        "monthly": in_wan(sums.monthly),
        "one_off": in_wan(sums.one_off),
        "whole": in_wan(sums.over(quote.term_months)),
        "reasons": [REASONS[one] for one in verdict.reasons],
        "level": LEVELS[level],
        "reach": next(one.reach for one in ladder(level) if one.place == "on"),
        "below_floor": sums.below_floor,
        "lowered": [
            (one, percent_words(one.discount / 100), money(one.list_price), money(one.monthly_amount))
            for one in (lowered or lines)
        ],
        "count": len(lines),
        "scale": scale(quote, queries.precedents(quote, request.actor, on=timezone.localdate())),
        "steps": queries.path_of(quote),
        "margin_sealed": "margin" in hidden,
        "margin": "" if "margin" in hidden or quote.margin is None else percent_words(quote.margin / 100),
        "number": None if place is None else place + 1,
        "waiting": len(waiting),
        "before": waiting[place - 1] if place else None,
        "after": waiting[place + 1] if place is not None and place + 1 < len(waiting) else None,
    }


def _lowest(quote: Quote) -> str:
    return percent_words(quote.lowest_discount / 100)
