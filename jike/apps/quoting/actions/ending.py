"""Agreements come to their end: announced, renewed, ended on their last day, or terminated early at a price."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jike.apps.quoting.actions.agreements import copy_lines
from jike.apps.quoting.actions.events import AgreementEnding
from jike.apps.quoting.models import Agreement
from jike.apps.quoting.queries.agreements import (
    due_reminders,
    followed_agreements,
    is_being_renewed,
    lines_of_agreement,
    over_agreements,
)
from jike.apps.quoting.queries.moves import require_agreement_move
from jike.apps.quoting.queries.quotes import next_agreement_code
from jike.apps.quoting.rules import AgreementState, early_fee, end_of, reminder_due
from jike.apps.sales.actions import add_opportunity
from jike.apps.sales.rules import Kind
from jike.foundation.audit import changing, changing_many, creating
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.events import publish_many
from jike.foundation.jobs import job
from jike.foundation.notify import Channel, Telling, Topic, declare_topics, notify_each
from jike.foundation.scope import Actor, system_actor

__all__ = [
    "announce_endings",
    "end_agreements",
    "open_renewal",
    "renew_agreement",
    "terminate_agreement",
    "watch_agreements",
]

ENDING = Topic("quoting.agreement_ending", gettext_lazy("An agreement is ending"), Channel.APP)
declare_topics(ENDING)
PIECE = 2000


@transaction.atomic
def renew_agreement(
    agreement: Agreement, *, actor: Actor, term_months: int | None = None, on: dt.date | None = None
) -> Agreement:
    """Draft the agreement that follows on the day after this one ends, at the same prices."""
    if agreement.state not in (AgreementState.ACTIVE, AgreementState.ENDED):
        raise RuleBroken(_("Only an agreement that is in force or has ended is renewed."))
    today = on or timezone.localdate()
    months = term_months or agreement.term_months
    start = max(agreement.ends_on + dt.timedelta(days=1), today)
    with changing(agreement, actor=actor, verb="renew"):
        renewal = Agreement(
            code=next_agreement_code(today.year),
            name=agreement.name,
            customer=agreement.customer,
            previous=agreement,
            owner=agreement.owner,
            unit=agreement.unit,
            starts_on=start,
            term_months=months,
            ends_on=end_of(start, months),
            terms=agreement.terms,
            monthly_amount=agreement.monthly_amount,
            one_off_amount=0,
        )
        creating(renewal, actor=actor)
    lines = lines_of_agreement(agreement)
    for line in lines:
        line.one_off_price *= 0
    copy_lines(renewal, lines, actor=actor)
    return renewal


def terminate_agreement(
    agreement: Agreement,
    *,
    actor: Actor,
    reason: str,
    on: dt.date | None = None,
    version: int | None = None,
) -> Agreement:
    """End the agreement before its time; the fee follows from the rule for early endings."""
    day = on or timezone.localdate()
    if not reason.strip():
        raise Invalid({"reason": [_("Say why the agreement ends early.")]})
    with changing(agreement, actor=actor, verb="terminate", version=version):
        require_agreement_move(agreement, AgreementState.TERMINATED)
        if agreement.signed_on is not None and day < agreement.signed_on:
            raise Invalid({"on": [_("The agreement was not signed yet on this day.")]})
        if day > agreement.ends_on:
            raise Invalid({"on": [_("The agreement has ended by this day.")]})
        fee = early_fee(
            agreement.monthly_amount, starts_on=agreement.starts_on, ends_on=agreement.ends_on, on=day
        )
        agreement.state = AgreementState.TERMINATED.value
        agreement.ended_on, agreement.end_reason, agreement.early_fee = day, reason, fee.total
    return agreement


def announce_endings(*, on: dt.date, actor: Actor) -> int:
    """Tell of every agreement that ends within 90, 60 or 30 days, once each; return how many were announced."""
    due = due_reminders(on=on)
    return sum(
        _announce(due[begin : begin + PIECE], on=on, actor=actor) for begin in range(0, len(due), PIECE)
    )


@transaction.atomic
def _announce(agreements: Sequence[Agreement], *, on: dt.date, actor: Actor) -> int:
    """Note, tell and publish set-wise; one that can no longer be stored, or was told meanwhile, is passed over."""
    due = {one.pk: reminder_due(one.ends_on, on=on, reminded=one.reminded) for one in agreements}
    edits = {number: {"reminded": days} for number, days in due.items() if days is not None}
    written = set(changing_many(Agreement, edits, actor=actor, verb="remind", permit="change").written)
    told = [one for one in agreements if one.pk in written]
    once = {one.pk: f"{ENDING.name}:{one.uid}:{due[one.pk]}" for one in told}
    notify_each(
        [Telling(one.owner.uid, _ending(one, on=on), one.key, once[one.pk]) for one in told], ENDING.name
    )
    publish_many([AgreementEnding(one.uid, due[one.pk] or 0) for one in told])
    return len(told)


def _ending(agreement: Agreement, *, on: dt.date) -> str:
    left = (agreement.ends_on - on).days
    text = ngettext(
        "%(name)s of %(customer)s ends in %(left)s day.",
        "%(name)s of %(customer)s ends in %(left)s days.",
        left,
    )
    return text % {"name": agreement.name, "customer": agreement.customer, "left": left}


@transaction.atomic
def end_agreements(*, on: dt.date, actor: Actor) -> int:
    """Let agreements end whose last day is over, as renewed where a signed one follows; return how many did.

    Set-wise, so that one which can no longer be stored does not keep the others from ending night after night.
    """
    over = dict(over_agreements(on=on).select_for_update(no_key=True).values_list("pk", "ends_on"))
    renewed = followed_agreements(over)
    edits = {
        number: {
            "state": (AgreementState.RENEWED if number in renewed else AgreementState.ENDED).value,
            "ended_on": last,
        }
        for number, last in over.items()
    }
    return len(changing_many(Agreement, edits, actor=actor, verb="end", permit="change").written)


@job("quoting.watch_agreements", label=gettext_lazy("Announce and end agreements"), cron="20 1 * * *")
def watch_agreements() -> None:
    """Announce agreements that are ending, and end those whose last day is over."""
    actor, today = system_actor("quoting.watch_agreements"), timezone.localdate()
    end_agreements(on=today, actor=actor)
    announce_endings(on=today, actor=actor)


@job("quoting.open_renewal", label=gettext_lazy("Open a renewal opportunity"))
def open_renewal(uid: str, days: int) -> None:
    """Open one opportunity to renew an agreement whose end was announced, unless it is being renewed already."""
    actor = system_actor("quoting.open_renewal")
    with transaction.atomic():
        found = Agreement.objects.select_for_update(of=("self",)).filter(uid=uid, removed_at=None)
        agreement = found.select_related("customer", "owner").first()
        if agreement is None or agreement.state != AgreementState.ACTIVE or is_being_renewed(agreement):
            return
        name = _("Renewal: %(name)s (%(code)s)") % {"name": agreement.name, "code": agreement.code}
        add_opportunity(
            actor=actor,
            customer=agreement.customer,
            name=name[:120],
            owner=agreement.owner if agreement.owner.standing else agreement.customer.owner,
            deal_kind=Kind.RENEWAL.value,
            monthly_amount=agreement.monthly_amount,
            term_months=agreement.term_months,
            expected_on=agreement.ends_on,
        )
