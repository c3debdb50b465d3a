"""Calls, messages, meetings and mails noted above a timeline: the ways of noting, and what further one may say."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.actions.interactions import Following, Present, record_interaction
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.models.interaction_labels import CHANNELS, DIRECTIONS, OUTCOMES
from jike.apps.customers.queries.interactions import customer_of, people_offered
from jike.apps.customers.rules.interactions import Channel, Direction
from jike.apps.organisation.models import Person
from jike.foundation.entering import uids_in
from jike.foundation.errors import Invalid, NotFound
from jike.foundation.models import Record
from jike.foundation.noting import Noted, Way
from jike.foundation.pages.entry import PageRequest, page, record_at
from jike.foundation.resource.fields import TextField
from jike.foundation.scope import Actor, fetch

__all__ = ["ICONS", "WAYS", "PresentForm", "further", "present_in"]

ADD = "customers.partyinteraction:add"
ICONS = {Channel.CALL: "phone", Channel.MESSAGE: "message", Channel.MEETING: "users", Channel.MAIL: "mail"}


class PresentForm(forms.Form):
    """Who took part: key persons of the customer, and our own people."""

    def __init__(self, customer: Customer, actor: Actor, **options: Any) -> None:
        super().__init__(**options)
        people = [(str(one.uid), one.name) for one in people_offered(customer, actor)]
        self.fields["people"] = forms.MultipleChoiceField(
            choices=people, required=False, widget=forms.CheckboxSelectMultiple, label=_("Key persons")
        )


class FurtherForm(PresentForm):
    """What one may say of an interaction beside its words; all of it may stay empty."""

    happened_at = forms.DateTimeField(
        required=False,
        label=_("When it was"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    length_minutes = forms.IntegerField(
        required=False, min_value=1, max_value=1440, label=_("Minutes it took")
    )

    def __init__(self, customer: Customer, actor: Actor, **options: Any) -> None:
        super().__init__(customer, actor, **options)
        self.fields["direction"] = forms.ChoiceField(
            choices=[(str(one), label) for one, label in DIRECTIONS.items()],
            required=False,
            label=_("Who began it"),
        )
        self.fields["outcome"] = forms.ChoiceField(
            choices=[("", "—"), *((str(one), label) for one, label in OUTCOMES.items())],
            required=False,
            label=_("Outcome"),
        )
        self.fields["needs"] = TextField(limit=2000, required=False, label=_("Needs found"))


@page("GET", permission=ADD)
def further(request: PageRequest, kind: str, uid: UUID) -> HttpResponse:
    """Give the inputs for who took part, when it was and what came of it."""
    record = record_at(request, kind, uid)
    customer = customer_of(record)
    if customer is None:
        raise NotFound
    initial = {"people": [str(record.uid)] if isinstance(record, KeyPerson) else []}
    form = FurtherForm(customer, request.actor, initial=initial)
    return render(request, "customers/_noting.html", {"form": form, "now": timezone.localtime()})


def present_in(typed: Any) -> Present:
    """Return who took part, of the uids that came with a form."""
    return Present(uids_in(typed, "people"), uids_in(typed, "colleagues"))


def _fits(record: Record, actor: Actor) -> bool:
    return actor.holds(ADD) and (
        isinstance(record, Customer) or getattr(record, "customer_id", None) is not None
    )


def _take(channel: Channel, record: Record, noted: Noted, *, actor: Actor) -> None:
    customer = customer_of(record)
    if customer is None:
        raise NotFound
    form = FurtherForm(customer, actor, data=noted.typed)
    if not form.is_valid():
        raise Invalid({name: [str(one) for one in told] for name, told in form.errors.items()})
    given = form.cleaned_data
    step = noted.step
    record_interaction(
        actor=actor,
        customer=customer,
        channel=channel.value,
        direction=given["direction"] or Direction.OUTGOING.value,
        happened_at=given["happened_at"] or timezone.now(),
        length_minutes=given["length_minutes"],
        words=noted.words,
        outcome=given["outcome"],
        needs=given["needs"],
        present=present_in(noted.typed),
        about=None if isinstance(record, Customer | KeyPerson) else record,
        following=Following(step.what, step.when, fetch(Person, step.who, actor) if step.who else None)
        if step
        else None,
    )


def _way(channel: Channel) -> Way:
    take: Callable[..., None] = partial(_take, channel)
    return Way(channel.value, CHANNELS[channel], ICONS[channel], _fits, take, "customers:noting")


WAYS = tuple(_way(channel) for channel in (Channel.CALL, Channel.MESSAGE, Channel.MEETING, Channel.MAIL))
