"""Quotes are drafted, corrected, revised and removed; their lines are stored as a whole grid."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.catalogue.queries import selling_problem
from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import person_of
from jike.apps.quoting.models import Quote, QuoteLine
from jike.apps.quoting.queries.authority import authority_on
from jike.apps.quoting.queries.lines import lines_of, percent_of, totals_of, worked
from jike.apps.quoting.queries.moves import require_move
from jike.apps.quoting.queries.quotes import next_quote_code
from jike.apps.quoting.rules import Authority, QuoteState, line_problems
from jike.apps.quoting.rules.prices import Line
from jike.foundation.audit import changing, creating, creating_many, removing
from jike.foundation.audit.gate import Under
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.lines import LineEntry, LinesInvalid, Taken, store_lines
from jike.foundation.scope import Actor, require

__all__ = [
    "CHANGEABLE",
    "VALID_DAYS",
    "add_quote",
    "change_quote",
    "recommend",
    "remove_quote",
    "revise_quote",
    "store_quote_lines",
]

CHANGEABLE = frozenset({"name", "customer", "opportunity", "owner", "valid_until", "term_months", "terms"})
VALID_DAYS = 30
ALTERNATIVES = "ABCDE"
COPIED = (
    *("alternative", "position", "offering_id", "quantity", "list_price", "floor", "cost", "discount"),
    *("price", "one_off_price", "counted_in", "monthly_amount", "margin", "level"),
)


@transaction.atomic
def add_quote(
    *,
    actor: Actor,
    customer: Customer,
    name: str,
    owner: Person | None = None,
    on: dt.date | None = None,
    **details: Any,
) -> Quote:
    """Draft a quote for ``customer``; it belongs to the actor, or else to the customer's account manager."""
    only_known(details, CHANGEABLE)
    require(actor, "view", customer)
    today = on or timezone.localdate()
    person = owner or person_of(actor) or customer.owner
    if person is None:
        raise Invalid({"owner": [_("Say who answers for the quote.")]})
    details["valid_until"] = details.get("valid_until") or today + dt.timedelta(days=VALID_DAYS)
    quote = Quote(
        code=next_quote_code(today.year),
        name=name,
        customer=customer,
        owner=person,
        unit=customer.unit,
        **details,
    )
    _check_quote(quote, today)
    return creating(quote, actor=actor)


@transaction.atomic
def change_quote(quote: Quote, *, actor: Actor, version: int | None = None, **details: Any) -> Quote:
    """Correct a draft."""
    only_known(details, CHANGEABLE)
    with changing(quote, actor=actor, version=version):
        _require_draft(quote)
        for name, value in details.items():
            setattr(quote, name, value)
        quote.unit = quote.customer.unit
        _check_quote(quote, timezone.localdate() if "valid_until" in details else None)
    return quote


@transaction.atomic
def store_quote_lines(
    quote: Quote, taken: Taken, *, actor: Actor, alternative: str = "", on: dt.date | None = None
) -> Quote:
    """Store one alternative's lines as a whole, and what they add up to where it is the recommended one."""
    with changing(quote, actor=actor, permit="change", verb="change"):
        _require_draft(quote)
        chosen = alternative or quote.alternative
        if chosen not in ALTERNATIVES:
            raise RuleBroken(_("A quote has at most five alternatives."))
        known = {one.uid: one for one in lines_of(quote, chosen)}
        today = on or timezone.localdate()
        authority = authority_on(today)
        entries = [
            _complete(entry, known, alternative=chosen, authority=authority) for entry in taken.entries
        ]
        _check_lines(entries, known, on=today)
        store_lines(
            QuoteLine,
            Taken(entries, taken.gone),
            parent=quote,
            by="quote",
            actor=actor,
            order="position",
        )
        _add_up(quote, authority)
    return quote


def recommend(quote: Quote, *, actor: Actor, alternative: str, version: int | None = None) -> Quote:
    """Make this alternative the one that the quote recommends."""
    with changing(quote, actor=actor, verb="change", version=version):
        _require_draft(quote)
        if not lines_of(quote, alternative):
            raise RuleBroken(_("This alternative holds nothing yet."))
        quote.alternative = alternative
        _add_up(quote, authority_on(timezone.localdate()))
    return quote


@transaction.atomic
def revise_quote(quote: Quote, *, actor: Actor, on: dt.date | None = None) -> Quote:
    """Draft the next revision with the same lines; it replaces this one at once."""
    today = on or timezone.localdate()
    with changing(quote, actor=actor, verb="revise"):
        require_move(quote, QuoteState.REPLACED)
        quote.state = QuoteState.REPLACED.value
    revision = Quote(
        code=quote.code,
        revision=quote.revision + 1,
        valid_until=max(quote.valid_until, today + dt.timedelta(days=VALID_DAYS)),
        **{
            name: getattr(quote, name)
            for name in (
                *("name", "customer", "opportunity", "owner", "unit", "term_months", "terms", "alternative"),
                *("list_monthly", "monthly_amount", "one_off_amount", "discount", "lowest_discount"),
                *("below_floor", "margin", "level"),
            )
        },
    )
    creating(revision, actor=actor, verb="add", under=Under(quote, "revise"))
    lines = QuoteLine.objects.filter(quote=quote, removed_at=None).order_by("alternative", "position")
    copies = [{"quote_id": revision.pk, **{name: getattr(one, name) for name in COPIED}} for one in lines]
    creating_many(QuoteLine, copies, actor=actor, under=Under(revision, "revise"))
    return revision


@transaction.atomic
def remove_quote(quote: Quote, *, actor: Actor) -> Quote:
    """Put a draft into the recycle bin."""
    if quote.state not in (QuoteState.DRAFT, QuoteState.REFUSED):
        raise RuleBroken(_("Only drafts are removed; this quote was submitted."))
    return removing(quote, actor=actor)


def _complete(
    entry: LineEntry, known: Mapping[Any, QuoteLine], *, alternative: str, authority: Authority
) -> LineEntry:
    stored = known.get(entry.uid) if entry.uid else None
    values = {**entry.values, **worked(entry.values, stored, authority=authority), "alternative": alternative}
    return LineEntry(entry.uid, values, entry.version)


def _check_lines(entries: list[LineEntry], known: Mapping[Any, QuoteLine], *, on: dt.date) -> None:
    sentences = {
        "negative": _("This cannot be negative."),
        "above": _("A discount is the percent paid, at most 100 %."),
        "quantity": _("The quantity lies between 1 and 1,000,000."),
        "large": _("This amount is too large."),
    }
    problems: dict[int, dict[str, list[str]]] = {}
    for place, entry in enumerate(entries):
        found = problems.setdefault(place, {})
        for name, kind in line_problems(_as_line(entry.values)):
            found.setdefault(name, []).append(sentences[kind])
        offering, stored = entry.values["offering"], known.get(entry.uid)
        same = stored is not None and stored.offering_id == offering.pk
        if not same and (sentence := selling_problem(offering, on=on)):
            found["offering"] = [sentence]
    if told := {place: found for place, found in problems.items() if found}:
        raise LinesInvalid(told)


def _as_line(values: Mapping[str, Any]) -> Line:
    return Line(
        quantity=values["quantity"],
        list_price=values["list_price"],
        discount=values["discount"] / 100,
        one_off=values["one_off_price"],
    )


def _add_up(quote: Quote, authority: Authority) -> None:
    sums = totals_of(lines_of(quote))
    quote.list_monthly, quote.monthly_amount = sums.list_monthly, sums.monthly
    quote.one_off_amount, quote.below_floor = sums.one_off, sums.below_floor
    quote.discount = percent_of(sums.discount)
    quote.lowest_discount = percent_of(sums.lowest)
    quote.margin = percent_of(sums.margin, "0.1")
    quote.level = authority.verdict(sums.offer).level.value


def _check_quote(quote: Quote, today: dt.date | None) -> None:
    problems: dict[str, list[str]] = {}
    if quote.valid_until is None:
        problems["valid_until"] = [_("Say until when the quote holds.")]
    if today is not None and isinstance(quote.valid_until, dt.date) and quote.valid_until < today:
        problems["valid_until"] = [_("This day is over already.")]
    if quote.opportunity is not None and quote.opportunity.customer_id != quote.customer_id:
        problems["opportunity"] = [_("This opportunity belongs to another customer.")]
    if problems:
        raise Invalid(problems)


def _require_draft(quote: Quote) -> None:
    if quote.state != QuoteState.DRAFT:
        sentence = _("Only a draft can be changed; this quote is “%(state)s”. Revise it instead.")
        raise RuleBroken(sentence % {"state": quote.get_state_display()})
