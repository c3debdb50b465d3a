"""Agreements are drafted from accepted quotes or by hand, completed with documents, and signed."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.catalogue.queries import selling_problem
from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person
from jike.apps.quoting.actions.events import AgreementSigned
from jike.apps.quoting.models import Agreement, AgreementLine, Quote
from jike.apps.quoting.models.labels import DOCUMENTS
from jike.apps.quoting.queries.agreements import lines_of_agreement
from jike.apps.quoting.queries.authority import authority_on
from jike.apps.quoting.queries.documents import papers_of
from jike.apps.quoting.queries.lines import lines_of
from jike.apps.quoting.queries.moves import require_agreement_draft, require_agreement_move
from jike.apps.quoting.queries.quotes import next_agreement_code
from jike.apps.quoting.rules import (
    AgreementState,
    Level,
    Line,
    QuoteState,
    date_problems,
    discount_for,
    end_of,
    missing_documents,
    totals,
)
from jike.foundation.audit import Under, changing, creating, creating_many
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.events import publish
from jike.foundation.lines import LineEntry, LinesInvalid, Taken, store_lines
from jike.foundation.scope import Actor, require

__all__ = [
    "add_agreement",
    "agree_on_quote",
    "change_agreement",
    "sign_agreement",
    "store_agreement_lines",
]

CHANGEABLE = frozenset({"name", "customer", "owner", "signatory", "starts_on", "term_months", "terms"})
DATE_SENTENCES: Mapping[str, Any] = {
    "before": gettext_lazy("An agreement cannot end before it starts."),
    "term": gettext_lazy("The end does not fit the start and the term."),
    "ahead": gettext_lazy("This day lies ahead; say when it was signed."),
    "early": gettext_lazy("An agreement cannot start before it is signed."),
    "late": gettext_lazy("An agreement starts at most a year after it is signed."),
}


@transaction.atomic
def agree_on_quote(
    quote: Quote, *, actor: Actor, starts_on: dt.date | None = None, on: dt.date | None = None
) -> Agreement:
    """Draft the agreement on an accepted quote: its lines at its prices, for its term."""
    if quote.state != QuoteState.ACCEPTED:
        raise RuleBroken(_("Only an accepted quote becomes an agreement."))
    today = on or timezone.localdate()
    start = starts_on or _next_month(today)
    agreement = Agreement(
        code=next_agreement_code(today.year),
        name=quote.name,
        customer=quote.customer,
        quote=quote,
        owner=quote.owner,
        unit=quote.unit,
        starts_on=start,
        term_months=quote.term_months,
        ends_on=end_of(start, quote.term_months),
        terms=quote.terms,
        monthly_amount=quote.monthly_amount,
        one_off_amount=quote.one_off_amount,
    )
    require(actor, "view", quote)
    creating(agreement, actor=actor)
    copy_lines(agreement, lines_of(quote), actor=actor)
    return agreement


@transaction.atomic
def add_agreement(
    *,
    actor: Actor,
    customer: Customer,
    name: str,
    starts_on: dt.date | None = None,
    term_months: int = 24,
    owner: Person | None = None,
    on: dt.date | None = None,
    **details: Any,
) -> Agreement:
    """Draft an agreement by hand, for what needs no quote: prices within the account manager's authority."""
    only_known(details, CHANGEABLE)
    require(actor, "view", customer)
    today = on or timezone.localdate()
    start = starts_on or _next_month(today)
    own = Person.objects.filter(pk=actor.person).first() if actor.person is not None else None
    person = owner or own or customer.owner
    if person is None:
        raise Invalid({"owner": [_("Say who answers for the agreement.")]})
    agreement = Agreement(
        code=next_agreement_code(today.year),
        name=name,
        customer=customer,
        owner=person,
        unit=customer.unit,
        starts_on=start,
        term_months=term_months,
        ends_on=end_of(start, term_months),
        **details,
    )
    return creating(agreement, actor=actor)


@transaction.atomic
def change_agreement(
    agreement: Agreement, *, actor: Actor, version: int | None = None, **details: Any
) -> Agreement:
    """Correct a draft; the end follows from start and term."""
    only_known(details, CHANGEABLE)
    with changing(agreement, actor=actor, version=version):
        require_agreement_draft(agreement)
        if agreement.quote_id is not None and _differs(agreement, details, ("customer", "term_months")):
            raise RuleBroken(_("Customer and term are those of the quote; revise the quote instead."))
        for name, value in details.items():
            setattr(agreement, name, value)
        agreement.unit = agreement.customer.unit
        agreement.ends_on = end_of(agreement.starts_on, agreement.term_months)
    return agreement


@transaction.atomic
def store_agreement_lines(
    agreement: Agreement, taken: Taken, *, actor: Actor, on: dt.date | None = None
) -> Agreement:
    """Store the lines of a draft made by hand; a price that needs approval is refused: it needs a quote."""
    with changing(agreement, actor=actor, permit="change", verb="change"):
        require_agreement_draft(agreement)
        if agreement.quote_id is not None:
            raise RuleBroken(_("The lines are those of the quote; revise the quote instead."))
        today = on or timezone.localdate()
        known = {one.uid: one for one in lines_of_agreement(agreement)}
        entries = [_complete(one) for one in taken.entries]
        _check_lines(entries, known, on=today)
        complete = Taken(entries, taken.gone)
        store_lines(AgreementLine, complete, parent=agreement, by="agreement", actor=actor, order="position")
        _add_up(agreement)
    return agreement


@transaction.atomic
def sign_agreement(
    agreement: Agreement,
    *,
    actor: Actor,
    on: dt.date | None = None,
    signatory: str = "",
    version: int | None = None,
) -> Agreement:
    """Put a complete draft into force; what it renews is renewed when this one begins."""
    day = on or timezone.localdate()
    with changing(agreement, actor=actor, verb="sign", version=version):
        require_agreement_move(agreement, AgreementState.ACTIVE)
        agreement.signed_on, agreement.signatory = day, signatory or agreement.signatory
        _check_signing(agreement)
        agreement.state = AgreementState.ACTIVE.value
    publish(AgreementSigned(agreement.uid))
    return agreement


def copy_lines(agreement: Agreement, lines: Iterable[Any], *, actor: Actor) -> None:
    """Give the new agreement the offerings, quantities and prices of these lines."""
    copies: list[dict[str, Any]] = [
        {
            "agreement_id": agreement.pk,
            "position": place,
            "offering_id": one.offering_id,
            "quantity": one.quantity,
            "list_price": one.list_price,
            "price": one.price,
            "one_off_price": one.one_off_price,
        }
        for place, one in enumerate(lines, 1)
    ]
    outcome = creating_many(AgreementLine, copies, actor=actor, under=Under(agreement, "add"))
    if outcome.refused:
        raise RuleBroken(next(iter(outcome.refused.values())))


def _check_signing(agreement: Agreement) -> None:
    lines = lines_of_agreement(agreement)
    if not lines:
        raise RuleBroken(_("The agreement holds nothing yet. Add a line first."))
    present = {one.document.value for one in papers_of(agreement) if one.there}
    if missing := missing_documents(present):
        names = _(", ").join(str(DOCUMENTS[one]) for one in missing)
        raise RuleBroken(_("Before signing, these documents are needed: %(names)s.") % {"names": names})
    problems: dict[str, list[str]] = {}
    for name, kind in date_problems(
        signed_on=agreement.signed_on,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        months=agreement.term_months,
        today=timezone.localdate(),
    ):
        problems.setdefault("on" if name == "signed_on" else name, []).append(str(DATE_SENTENCES[kind]))
    if problems:
        raise Invalid(problems)


def _complete(entry: LineEntry) -> LineEntry:
    offering = entry.values["offering"]
    price, one_off = entry.values.get("price"), entry.values.get("one_off_price")
    return LineEntry(
        entry.uid,
        {
            **entry.values,
            "list_price": offering.monthly_price,
            "price": offering.monthly_price if price is None else price,
            "one_off_price": offering.one_off_price if one_off is None else one_off,
        },
        entry.version,
    )


def _check_lines(entries: list[LineEntry], known: Mapping[Any, AgreementLine], *, on: dt.date) -> None:
    problems: dict[int, dict[str, list[str]]] = {}
    authority = authority_on(on)
    yearly = sum((one.values["price"] * one.values["quantity"] * 12 for one in entries), Decimal(0))
    for place, entry in enumerate(entries):
        offering, price = entry.values["offering"], entry.values["price"]
        stored = known.get(entry.uid)
        problem = "" if stored and stored.offering_id == offering.pk else selling_problem(offering, on=on)
        if problem:
            problems[place] = {"offering": [problem]}
            continue
        discount = discount_for(entry.values["list_price"], price)
        line = Line(
            entry.values["quantity"],
            entry.values["list_price"],
            min(discount, Decimal(1)),
            Decimal(0),
            floor=offering.floor_price,
        )
        verdict = authority.verdict(totals([line]).offer._replace(yearly=yearly))
        if verdict.level is not Level.MANAGER:
            problems[place] = {"price": [_("This price needs approval; make a quote.")]}
    if problems:
        raise LinesInvalid(problems)


def _add_up(agreement: Agreement) -> None:
    lines = lines_of_agreement(agreement)
    agreement.monthly_amount = sum((one.price * one.quantity for one in lines), Decimal(0))
    agreement.one_off_amount = sum((one.one_off_price * one.quantity for one in lines), Decimal(0))


def _differs(agreement: Agreement, details: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return any(name in details and getattr(agreement, name) != details[name] for name in names)


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
