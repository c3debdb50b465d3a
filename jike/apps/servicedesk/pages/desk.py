"""The agent's page: a call is taken in seconds on the left, the queue with its clocks stands on the right."""

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.queries import key_persons_of
from jike.apps.servicedesk import actions, queries
from jike.apps.servicedesk.models.labels import CAUSES, CHANNELS, KINDS
from jike.apps.servicedesk.pages.clocks import clocked
from jike.foundation.entering import entered
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.models.shapes import choices
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.presenting import in_wan, shown
from jike.foundation.scope import fetch, visible
from jike.values.text import clean_line

__all__ = ["call", "find_callers", "queue", "show"]

VIEW, ADD = "servicedesk.ticket:view", "servicedesk.ticket:add"
QUEUE = 40


class CallForm(forms.Form):
    """What is typed while somebody is on the line."""

    use_required_attribute = False
    ticket_type = forms.ChoiceField(
        label=gettext_lazy("kind"), choices=choices(KINDS), widget=forms.RadioSelect, initial="enquiry"
    )
    cause = forms.ChoiceField(
        label=pgettext_lazy("ticket", "about"), choices=choices(CAUSES), initial="other"
    )
    title = forms.CharField(label=pgettext_lazy("ticket", "subject"), max_length=120)
    description = forms.CharField(
        label=gettext_lazy("what the customer says"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    caller = forms.CharField(label=gettext_lazy("caller"), max_length=60, required=False)
    phone = forms.CharField(label=gettext_lazy("caller's telephone"), max_length=32, required=False)
    channel = forms.ChoiceField(
        label=pgettext_lazy("ticket", "came by"), choices=choices(CHANNELS), initial="phone"
    )
    settlement = forms.CharField(
        label=gettext_lazy("answered on the call"),
        help_text=gettext_lazy(
            "Fill this in when the customer has the answer already: the ticket is settled at once."
        ),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@page("GET", permission=VIEW)
def show(request: PageRequest) -> HttpResponse:
    """Show the desk: search for the caller, the queue beside it."""
    return render(request, "servicedesk/desk.html", {**_queue(request), **_found(request)})


@page("GET", permission=VIEW)
def queue(request: PageRequest) -> HttpResponse:
    """Give the queue anew, as it asks for every half minute."""
    return render(request, "servicedesk/_queue.html", _queue(request))


@page("GET", permission=ADD)
def find_callers(request: PageRequest) -> HttpResponse:
    """Give the customers that may be calling."""
    return render(request, "servicedesk/_callers.html", _found(request))


@page("GET", "POST", permission=ADD)
def call(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show who is calling with what matters now; open the ticket, and settle it where the answer was given."""
    customer = fetch(Customer, uid, request.actor, related=("owner", "deputy", "unit"))
    person = _person(request, customer)
    start = {"caller": person.name if person else "", "phone": request.GET.get("phone", "")}
    form = CallForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            return _opened(request, customer, form, person=person)
        except RuleBroken as error:
            _tell(form, error)
    context = {"form": form, "person": person, **_context(request, customer), **_queue(request)}
    status = 422 if form.errors else 200
    return render(
        request, "servicedesk/_call.html" if request.htmx else "servicedesk/call.html", context, status=status
    )


def _opened(
    request: PageRequest, customer: Customer, form: CallForm, *, person: KeyPerson | None
) -> HttpResponse:
    """Open, take and settle all or nothing: a refused settlement would leave a ticket that a second try doubles."""
    given: dict[str, Any] = dict(form.cleaned_data)
    settlement = given.pop("settlement")
    with transaction.atomic():
        ticket = actions.open_ticket(actor=request.actor, customer=customer, key_person=person, **given)
        if request.actor.holds("servicedesk.ticket:change_state"):
            actions.take_ticket(ticket, actor=request.actor)
            if settlement:
                actions.settle_ticket(ticket, actor=request.actor, settlement=settlement)
    response = redirect("resource:record", "tickets", ticket.uid)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": response.url})
    return response


def _tell(form: CallForm, error: RuleBroken) -> None:
    told = error.fields if isinstance(error, Invalid) else {"": [str(error)]}
    for name, sentences in told.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, str(sentence))


def _person(request: PageRequest, customer: Customer) -> KeyPerson | None:
    given = request.GET.get("person", "")
    known = visible(KeyPerson, request.actor).filter(customer=customer)
    try:
        return known.filter(uid=UUID(given)).first() if given else None
    except ValueError:
        return None


def _queue(request: PageRequest) -> dict[str, Any]:
    mine = request.GET.get("all") != "1"
    now = timezone.now()
    rows = queries.queue(request.actor, mine=mine, limit=QUEUE)
    return {"queue": [clocked(one, now) for one in rows], "mine": mine}


def _found(request: PageRequest) -> dict[str, Any]:
    text = entered("q", clean_line, request.GET.get("q", "")[:100], limit=100)
    found = queries.callers(text, request.actor) if request.actor.holds(ADD) else []
    return {"text": text, "callers": found, "phone": text if text.replace("+", "").isdigit() else ""}


def _context(request: PageRequest, customer: Customer) -> dict[str, Any]:
    """Return what an agent should know before saying a word."""
    actor = request.actor
    looks = {"grade": "grade", "service_level": "level", "health": "health"}
    marks = [
        shown(attribute_of(Customer, name, look), getattr(customer, name)) for name, look in looks.items()
    ]
    rows = list(queries.tickets_of(customer, actor)[:5])
    people = list(key_persons_of(customer, actor)[:4]) if actor.holds("customers.keyperson:view") else []
    return {
        "customer": customer,
        "marks": marks,
        "arrears": in_wan(customer.arrears) if customer.arrears else "",
        "tickets": [clocked(one) for one in rows],
        "people": people,
        "repeated": queries.complaints_lately(customer, at=timezone.now()),
        "words": _("The first answer to an enquiry is due within 10 minutes."),
    }
