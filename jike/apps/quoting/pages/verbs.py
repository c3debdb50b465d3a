"""Acts upon quotes and agreements, each in a small dialog that asks what it needs."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.quoting import actions
from jike.apps.quoting.models import Agreement, Quote
from jike.apps.quoting.models.labels import TERM_CHOICES
from jike.apps.quoting.rules import early_fee
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.presenting import money
from jike.foundation.scope import fetch

__all__ = [
    "accept",
    "agree",
    "reject",
    "renew",
    "revise",
    "send",
    "sign",
    "submit",
    "terminate",
    "withdraw",
]


class PlainForm(forms.Form):
    """Asks for nothing: the dialog says what will happen."""


def day_field(label: Any, name: str = "") -> forms.DateField:
    """Return a field for a day, today unless another is typed."""
    return forms.DateField(
        label=label, initial=timezone.localdate, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class DayForm(forms.Form):
    """Asks on which day it happened."""

    on = day_field(gettext_lazy("On"))


class ReasonForm(DayForm):
    """Asks for the day and the reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class SignForm(DayForm):
    """Asks when it was signed, and by whom."""

    signatory = forms.CharField(
        label=gettext_lazy("Signed for the customer by"), max_length=60, required=False
    )


class AgreeForm(forms.Form):
    """Asks when the agreement starts."""

    starts_on = day_field(gettext_lazy("Starts on"))


class RenewForm(forms.Form):
    """Asks for the term of the renewal."""

    term_months = forms.TypedChoiceField(label=gettext_lazy("Term"), choices=TERM_CHOICES, coerce=int)


def quote_verb(
    request: PageRequest,
    uid: UUID,
    *,
    action: str,
    title: str,
    form: type[forms.Form] = PlainForm,
    act: Callable[[Quote, dict[str, Any]], str],
) -> HttpResponse:
    """Ask what the act upon a quote needs, and do it."""
    quote = fetch(Quote, uid, request.actor, action=action, related=("customer", "owner", "unit"))
    return ask(
        request,
        quote,
        form(request.POST if request.method == "POST" else None),
        title=title,
        act=lambda given: act(quote, given),
    )


@page("GET", "POST", permission="quoting.quote:submit")
def submit(request: PageRequest, uid: UUID) -> HttpResponse:
    """Submit the quote for approval."""

    def act(quote: Quote, given: dict[str, Any]) -> str:
        actions.submit_quote(quote, actor=request.actor)
        told = {"name": quote, "state": quote.get_state_display()}
        return _("“%(name)s” is now: %(state)s.") % told

    return quote_verb(request, uid, action="submit", title=_("Submit for approval"), act=act)


@page("GET", "POST", permission="quoting.quote:submit")
def withdraw(request: PageRequest, uid: UUID) -> HttpResponse:
    """Take the quote back into draft."""

    def act(quote: Quote, given: dict[str, Any]) -> str:
        actions.withdraw_quote(quote, actor=request.actor)
        return _("“%(name)s” is a draft again.") % {"name": quote}

    return quote_verb(request, uid, action="submit", title=_("Back to draft"), act=act)


@page("GET", "POST", permission="quoting.quote:send")
def send(request: PageRequest, uid: UUID) -> HttpResponse:
    """Note that the quote went to the customer."""

    def act(quote: Quote, given: dict[str, Any]) -> str:
        actions.send_quote(quote, actor=request.actor, on=given["on"])
        return _("“%(name)s” was sent.") % {"name": quote}

    return quote_verb(request, uid, action="send", title=_("Sent to the customer"), form=DayForm, act=act)


@page("GET", "POST", permission="quoting.quote:decide")
def accept(request: PageRequest, uid: UUID) -> HttpResponse:
    """Note that the customer accepted."""

    def act(quote: Quote, given: dict[str, Any]) -> str:
        actions.accept_quote(quote, actor=request.actor, on=given["on"])
        return _("“%(name)s” is accepted. Make the agreement next.") % {"name": quote}

    return quote_verb(request, uid, action="decide", title=_("Customer accepts"), form=DayForm, act=act)


@page("GET", "POST", permission="quoting.quote:decide")
def reject(request: PageRequest, uid: UUID) -> HttpResponse:
    """Note that the customer rejected, and why."""

    def act(quote: Quote, given: dict[str, Any]) -> str:
        actions.reject_quote(quote, actor=request.actor, on=given["on"], reason=given["reason"])
        return _("“%(name)s” is rejected.") % {"name": quote}

    return quote_verb(request, uid, action="decide", title=_("Customer rejects"), form=ReasonForm, act=act)


@page("GET", "POST", permission="quoting.quote:decide")
def agree(request: PageRequest, uid: UUID) -> HttpResponse:
    """Draft the agreement on an accepted quote, and lead to it."""
    made: list[Agreement] = []

    def act(quote: Quote, given: dict[str, Any]) -> str:
        made.append(actions.agree_on_quote(quote, actor=request.actor, starts_on=given["starts_on"]))
        return _("The agreement “%(name)s” is drafted.") % {"name": quote}

    answer = quote_verb(request, uid, action="decide", title=_("Make the agreement"), form=AgreeForm, act=act)
    return _led_to("agreements", made[0].uid, request) if made else answer


@page("GET", "POST", permission="quoting.quote:revise")
def revise(request: PageRequest, uid: UUID) -> HttpResponse:
    """Draft the next revision, and lead to it."""
    made: list[Quote] = []

    def act(quote: Quote, given: dict[str, Any]) -> str:
        made.append(actions.revise_quote(quote, actor=request.actor))
        return _("A new revision is drafted.")

    answer = quote_verb(request, uid, action="revise", title=_("Revise"), act=act)
    return _led_to("quotes", made[0].uid, request) if made else answer


@page("GET", "POST", permission="quoting.agreement:sign")
def sign(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask when and by whom the agreement was signed, and put it into force."""
    agreement = fetch(Agreement, uid, request.actor, action="sign")

    def act(given: dict[str, Any]) -> str:
        actions.sign_agreement(agreement, actor=request.actor, on=given["on"], signatory=given["signatory"])
        return _("“%(name)s” is in force.") % {"name": agreement}

    form = SignForm(request.POST or None, initial={"signatory": agreement.signatory})
    return ask(request, agreement, form, title=_("Sign"), act=act)


@page("GET", "POST", permission="quoting.agreement:renew")
def renew(request: PageRequest, uid: UUID) -> HttpResponse:
    """Draft the agreement that follows, and lead to it."""
    agreement = fetch(Agreement, uid, request.actor, action="renew", related=("customer", "owner", "unit"))
    made: list[Agreement] = []

    def act(given: dict[str, Any]) -> str:
        months = given["term_months"]
        made.append(actions.renew_agreement(agreement, actor=request.actor, term_months=months))
        return _("The renewal is drafted.")

    form = RenewForm(request.POST or None, initial={"term_months": agreement.term_months})
    answer = ask(request, agreement, form, title=_("Renew"), act=act)
    return _led_to("agreements", made[0].uid, request) if made else answer


@page("GET", "POST", permission="quoting.agreement:terminate")
def terminate(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask when and why the agreement ends early; the fee of today stands in the title."""
    agreement = fetch(Agreement, uid, request.actor, action="terminate")
    fee = early_fee(
        agreement.monthly_amount,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        on=timezone.localdate(),
    )

    def act(given: dict[str, Any]) -> str:
        actions.terminate_agreement(agreement, actor=request.actor, on=given["on"], reason=given["reason"])
        told = {"name": agreement, "fee": money(agreement.early_fee)}
        return _("“%(name)s” is terminated; the fee is %(fee)s yuan.") % told

    title = _("Terminate early: %(fee)s yuan if today") % {"fee": money(fee.total)}
    return ask(request, agreement, ReasonForm(request.POST or None), title=title, act=act)


def _led_to(slug: str, uid: UUID, request: PageRequest) -> HttpResponse:
    answer = redirect("resource:record", slug, uid)
    return HttpResponse(headers={"HX-Redirect": answer.url}) if request.htmx else answer
