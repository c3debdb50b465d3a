"""What waits for my approval, and one step of it: why it came to me, the precedents, and the two buttons."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.quoting import actions, queries
from jike.apps.quoting.models import Quote, QuoteApproval, QuoteLine
from jike.apps.quoting.models.labels import LEVELS, REASONS
from jike.apps.quoting.pages.figures import percent_words, reach_words, scale
from jike.apps.quoting.rules import ApprovalState, Authority, Level
from jike.foundation.errors import Invalid, NotFound, RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.presenting import in_wan, money
from jike.foundation.scope import Actor, fetch, may, sealed_fields

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


@page("GET")
def approvals(request: PageRequest) -> HttpResponse:
    """List what waits for the reader's authority, the one due first at the head, and where the reader's quotes wait.

    Whoever stands in for an approver comes here too, whatever they hold by their own posts.
    """
    answers = queries.answers_anything(request.actor)
    if not answers and not request.actor.holds(VIEW):
        raise NotFound
    now = timezone.now()
    waiting = list(queries.inbox(request.actor)[:SHOWN])
    whose = queries.for_whom(waiting, request.actor)
    context = {
        "steps": [(*_line(one, now), whose.get(one.pk)) for one in waiting],
        "mine": [_line(one, now) for one in queries.submitted(request.actor)[:SHOWN]],
        "answers": answers,
    }
    return render(request, "quoting/approvals.html", context)


def _line(step: QuoteApproval, now: dt.datetime) -> tuple[QuoteApproval, str, str, bool, str]:
    return (step, in_wan(step.quote.monthly_amount), *left_words(step.due_at, now), _lowest(step.quote))


@page("GET", "POST")
def approval(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show one step, and take the answer."""
    step, found = _step(request, uid)
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
    return render(request, "quoting/approval.html", _context(request, step, found, form=form), status=status)


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


def _step(request: PageRequest, uid: UUID) -> tuple[QuoteApproval, queries.Answering | None]:
    """Return the step, if the reader may see its quote by their own rights or in whose stead they answer."""
    step = queries.step_named(uid)
    if step is None:
        raise NotFound
    found = queries.answering(step, request.actor)
    if found is None and not request.actor.holds(VIEW):
        raise NotFound
    reader = request.actor if found is None else found.actor
    step.quote = fetch(Quote, step.quote.uid, reader, related=("customer", "owner", "submitted_by"))
    return step, found


def _context(
    request: PageRequest, step: QuoteApproval, found: queries.Answering | None, *, form: AnswerForm
) -> dict[str, object]:
    quote, now = step.quote, timezone.now()
    reader = request.actor if found is None else found.actor
    lines = queries.lines_of(quote)
    sums, authority, level = queries.totals_of(lines), queries.authority_of(quote), Level(step.level)
    opens = may(request.actor, "view", quote)
    hidden = sealed_fields(reader, quote)
    return {
        "step": step,
        "quote": quote,
        "form": form,
        "may_answer": step.state == ApprovalState.ASKED and found is not None,
        "principal": found.principal if found else None,
        "opens": opens,
        "opens_customer": may(request.actor, "view", quote.customer),
        "left": left_words(step.due_at, now),
        "monthly": in_wan(sums.monthly),
        "one_off": in_wan(sums.one_off),
        "whole": in_wan(sums.over(quote.term_months)),
        "reasons": [REASONS[one] for one in authority.verdict(sums.offer).reasons],
        "level": LEVELS[level],
        "reach": reach_words(level, authority),
        "below_floor": sums.below_floor,
        "lowered": [
            (one, percent_words(one.discount / 100), money(one.list_price), money(one.monthly_amount))
            for one in (_lowered(lines, authority, level=level) if opens else lines)
        ],
        "count": len(lines),
        "scale": scale(quote, queries.precedents(quote, reader, on=timezone.localdate())),
        "steps": queries.path_of(quote),
        "margin_sealed": "margin" in hidden,
        "margin": "" if "margin" in hidden or quote.margin is None else percent_words(quote.margin / 100),
        **_neighbours(step, request.actor),
    }


def _lowered(lines: Sequence[QuoteLine], authority: Authority, *, level: Level) -> Sequence[QuoteLine]:
    """Return the lines for which the level is needed; all of them where it is needed for the sum."""
    limit = min(
        (ratio for one, ratio in authority.least.items() if one.rank < level.rank), default=Decimal(1)
    )
    found = [one for one in lines if one.discount < limit * 100 or one.price < one.floor]
    return found or lines


def _neighbours(step: QuoteApproval, actor: Actor) -> dict[str, object]:
    """Return the place of the step among those that wait, and those beside it."""
    waiting = list(queries.inbox(actor).values_list("uid", flat=True)[:SHOWN])
    place = waiting.index(step.uid) if step.uid in waiting else None
    return {
        "number": None if place is None else place + 1,
        "waiting": len(waiting),
        "before": waiting[place - 1] if place else None,
        "after": waiting[place + 1] if place is not None and place + 1 < len(waiting) else None,
    }


def _lowest(quote: Quote) -> str:
    return percent_words(quote.lowest_discount / 100)
