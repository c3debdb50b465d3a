"""The steps of a ticket as buttons: which may be taken now, what each asks for, and taking it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jike.apps.servicedesk import actions
from jike.apps.servicedesk.models import Ticket
from jike.apps.servicedesk.rules import RUNNING, State
from jike.foundation.errors import NotFound
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import fetch

__all__ = ["STEPS", "Step", "assign", "steps_for", "take_step"]

RIGHT = "servicedesk.ticket:change_state"


@dataclass(frozen=True)
class Step:
    """One step: its name in addresses, what its button says, from which states it leads, and what it asks for."""

    name: str
    label: str | Promise
    icon: str
    states: frozenset[State]
    act: Callable[..., Ticket]
    asks: str = ""
    primary: bool = False


STEPS: Mapping[str, Step] = {
    one.name: one
    for one in (
        Step(
            "take",
            pgettext_lazy("ticket", "Take it"),
            "user-check",
            frozenset({State.OPEN}),
            actions.take_ticket,
        ),
        Step(
            "answer",
            gettext_lazy("First answer given"),
            "message",
            RUNNING,
            actions.answer_ticket,
            primary=True,
        ),
        Step(
            "wait", gettext_lazy("Wait for the customer"), "player-pause", RUNNING, actions.wait_for_customer
        ),
        Step(
            "resume",
            gettext_lazy("Go on"),
            "player-play",
            frozenset({State.WAITING}),
            actions.resume_ticket,
            primary=True,
        ),
        Step(
            "settle",
            gettext_lazy("Settle"),
            "check",
            RUNNING | {State.WAITING},
            actions.settle_ticket,
            "settlement",
            primary=True,
        ),
        Step(
            "confirm",
            gettext_lazy("Customer confirms"),
            "circle-check",
            frozenset({State.SETTLED}),
            actions.confirm_settlement,
            "rating",
            primary=True,
        ),
        Step(
            "reopen",
            gettext_lazy("Reopen"),
            "arrow-back-up",
            frozenset({State.SETTLED, State.CONFIRMED}),
            actions.reopen_ticket,
        ),
        Step(
            "cancel",
            pgettext_lazy("ticket", "Cancel the ticket"),
            "circle-x",
            RUNNING | {State.WAITING},
            actions.cancel_ticket,
            "reason",
        ),
    )
}


class SettlementForm(forms.Form):
    """Asks what was done."""

    use_required_attribute = False
    settlement = forms.CharField(
        label=gettext_lazy("what was done"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReasonForm(forms.Form):
    """Asks why."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RatingForm(forms.Form):
    """Asks for the stars that the customer gave."""

    use_required_attribute = False
    rating = forms.TypedChoiceField(
        label=gettext_lazy("customer's rating"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", gettext_lazy("gave none")), *((stars, "★" * stars) for stars in range(5, 0, -1))],
    )


FORMS: Mapping[str, type[forms.Form]] = {
    "": forms.Form,
    "settlement": SettlementForm,
    "reason": ReasonForm,
    "rating": RatingForm,
}


def steps_for(ticket: Ticket) -> list[Step]:
    """Return the steps that may be taken now, of which the nearest is primary; the first answer only once."""
    state = State(ticket.state)
    found = [one for one in STEPS.values() if state in one.states]
    found = [one for one in found if one.name != "answer" or ticket.answered_at is None]
    nearest = next((one for one in found if one.primary), None)
    return [replace(one, primary=one is nearest) for one in found]


@page("GET", "POST", permission=RIGHT)
def take_step(request: PageRequest, uid: UUID, step: str) -> HttpResponse:
    """Take one step, after asking for what it needs."""
    one = STEPS.get(step)
    ticket = fetch(Ticket, uid, request.actor, action="change_state")
    if one is None:
        raise NotFound
    form = FORMS[one.asks](request.POST or None if one.asks else request.POST)

    def act(given: dict[str, Any]) -> str:
        one.act(ticket, actor=request.actor, **given)
        return _("“%(title)s” is now: %(state)s.") % {"title": ticket, "state": ticket.get_state_display()}

    return ask(request, ticket, form, title=one.label, act=act)


@page("GET", "POST", permission="servicedesk.ticket:assign")
def assign(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask who handles the ticket, and where."""
    ticket = fetch(Ticket, uid, request.actor, action="assign", related=("owner", "unit"))
    names = ("owner", "unit")
    initial = {name: getattr(ticket, name) for name in names}
    attributes = [attribute_of(Ticket, name) for name in names]
    form = RecordForm(attributes, request.actor, data=request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> str:
        actions.assign_ticket(ticket, actor=request.actor, owner=given["owner"], unit=given["unit"])
        return _("“%(title)s” is assigned.") % {"title": ticket}

    return ask(request, ticket, form, title=_("Assign the handler"), act=act)
