"""How interactions look on screen: list, record and timeline; who took part and what follows, in small dialogs."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.actions import interactions as actions
from jike.apps.customers.models import Customer, KeyPerson, PartyInteraction
from jike.apps.customers.models.interaction_labels import OUTCOMES
from jike.apps.customers.pages.noting import ICONS, PresentForm, present_in
from jike.apps.customers.queries import interactions as queries
from jike.apps.customers.rules.interactions import Channel, Direction, Outcome
from jike.foundation.directory import address_of
from jike.foundation.errors import NotFound
from jike.foundation.happenings import Happening, Mark, Source, latest
from jike.foundation.models import Record
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource import Panel, Resource, Section, Verb
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.resource.fields import form_field
from jike.foundation.scope import Actor, fetch, fetch_key

__all__ = ["INTERACTIONS", "OF_CUSTOMERS", "OF_KEY_PERSONS", "OF_OTHERS", "next_step", "present"]

VIEW = "customers.partyinteraction:view"
WORDS_SHOWN = 600
TONES = {
    Outcome.INTERESTED: "ok",
    Outcome.SETTLED: "ok",
    Outcome.REFUSED: "bad",
    Outcome.UNREACHED: "warn",
}
ACTS: Mapping[tuple[str, str], Any] = {
    (Channel.CALL, Direction.OUTGOING): gettext_lazy("called"),
    (Channel.CALL, Direction.INCOMING): gettext_lazy("was called by"),
    (Channel.MESSAGE, Direction.OUTGOING): gettext_lazy("sent a message to"),
    (Channel.MESSAGE, Direction.INCOMING): gettext_lazy("had a message from"),
    (Channel.MEETING, Direction.OUTGOING): gettext_lazy("met"),
    (Channel.MEETING, Direction.INCOMING): gettext_lazy("met"),
    (Channel.MAIL, Direction.OUTGOING): gettext_lazy("wrote to"),
    (Channel.MAIL, Direction.INCOMING): gettext_lazy("had a mail from"),
}


def is_mail(row: PartyInteraction) -> bool:
    """Whether the interaction was a mail that can be answered."""
    return row.channel == Channel.MAIL


def strip(row: PartyInteraction, actor: Actor) -> Mapping[str, Any]:
    """Return whom it was with, what was said, what follows, and what it concerned."""
    about: Record | None = None
    try:
        about = fetch_key(row.about, actor) if row.about else None
    except NotFound:
        about = None
    return {
        "customer_address": address_of(row.customer.key) or "",
        "people": [(one, address_of(one.key) or "") for one in queries.people_in(row, actor)],
        "colleagues": queries.colleagues_in(row),
        "about": about,
        "about_address": address_of(row.about) if about is not None and row.about else "",
        "task_address": address_of(row.task.key) if row.task else "",
        "outcome": OUTCOMES.get(Outcome(row.outcome)) if row.outcome else "",
        "tone": TONES.get(Outcome(row.outcome), "") if row.outcome else "",
    }


def thread(row: PartyInteraction, actor: Actor) -> Mapping[str, Any] | None:
    """Return the mails of the same conversation."""
    found = queries.thread_of(row, actor) if row.channel == Channel.MAIL else []
    return {"mails": found} if found else None


def of_customers(
    rows: Sequence[Customer], actor: Actor, *, before: Mark | None, limit: int
) -> list[Happening]:
    """Return the interactions with a customer and those below it."""
    if not actor.holds(VIEW):
        return []
    found = latest(queries.interactions_of(rows, actor), "happened_at", before=before, limit=limit)
    return _told(found, actor, first=rows[0])


def of_key_person(person: KeyPerson, actor: Actor, *, before: Mark | None, limit: int) -> list[Happening]:
    """Return the interactions in which the key person took part."""
    if not actor.holds(VIEW):
        return []
    found = latest(queries.interactions_with(person, actor), "happened_at", before=before, limit=limit)
    return _told(found, actor)


def about_record(record: Record, actor: Actor, *, before: Mark | None, limit: int) -> list[Happening]:
    """Return the interactions that concern a record beside the customer."""
    if not actor.holds(VIEW):
        return []
    found = latest(queries.interactions_about(record, actor), "happened_at", before=before, limit=limit)
    return _told(found, actor)


def _told(rows: list[PartyInteraction], actor: Actor, *, first: Customer | None = None) -> list[Happening]:
    names = queries.names_of_people(rows, actor)
    return [_happening(one, names=names, first=first) for one in rows]


def _happening(row: PartyInteraction, *, names: Mapping[UUID, str], first: Customer | None) -> Happening:
    channel, met = Channel(row.channel), [names[uid] for uid in row.people if uid in names]
    opening = row.subject.rstrip("…")
    words = row.words if row.words.startswith(opening) else f"{row.subject}\n{row.words}".strip()
    step = f"{row.next_step} {row.next_step_on:%m-%d}" if row.next_step_on else row.next_step
    return Happening(
        moment=row.happened_at,
        id=row.pk,
        who=row.owner.name,
        act=ACTS[channel, row.direction],
        title="、".join(met) or row.customer.name,
        link=address_of(row.key) or "",
        status=OUTCOMES[Outcome(row.outcome)] if row.outcome else "",
        tone=TONES.get(Outcome(row.outcome), "") if row.outcome else "",
        words=words if len(words) <= WORDS_SHOWN else f"{words[:WORDS_SHOWN]}…",
        next_step=step,
        icon=ICONS[channel],
        of="" if first is None or row.customer_id == first.pk else row.customer.name,
    )


LABEL = gettext_lazy("Interactions")
OF_CUSTOMERS = Source(
    "interactions", LABEL, "messages", of_customers, several=True, rows=(PartyInteraction, "customer")
)
OF_KEY_PERSONS = Source("interactions", LABEL, "messages", of_key_person)
OF_OTHERS = Source("interactions", LABEL, "messages", about_record)

INTERACTIONS = Resource(
    model=PartyInteraction,
    slug="interactions",
    icon="messages",
    columns=(
        *("subject", "customer", "channel", "happened_at", "owner", "outcome"),
        *("next_step", "next_step_on"),
    ),
    more_columns=(
        *("direction", "length_minutes", "happened_on", "about_title", "words", "needs"),
        *("customer__grade", "customer__region"),
    ),
    looks={"customer__grade": "grade", "customer__region": "region"},
    sorts=("-happened_at", "next_step_on"),
    form=(
        Section(
            gettext_lazy("What happened"),
            ("customer", "channel", "direction", "happened_at", "length_minutes", "subject", "words"),
        ),
        Section(gettext_lazy("What came of it"), ("outcome", "needs", "next_step", "next_step_on")),
    ),
    inline=("outcome", "needs", "length_minutes"),
    actions={"add": actions.record_interaction, "change": actions.change_interaction},
    panels=(
        Verb("view", gettext_lazy("Answer"), "send", "customers:answer", when=is_mail),
        Verb("change", gettext_lazy("Who took part"), "users", "customers:interaction_present"),
        Verb("change", gettext_lazy("Next step"), "corner-down-right", "customers:interaction_step"),
        Panel("strip", gettext_lazy("Interaction"), "customers/_interaction.html", strip, "head"),
        Panel("thread", gettext_lazy("Conversation"), "customers/_thread.html", thread, "rail"),
    ),
    dates="happened_on",
)


@page("GET", "POST", permission="customers.partyinteraction:change")
def present(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask who took part, and name them."""
    row = fetch(PartyInteraction, uid, request.actor, action="change", related=("customer", "owner"))
    initial = {"people": [str(one) for one in row.people]}
    form = PresentForm(row.customer, request.actor, data=request.POST or None, initial=initial)
    stored = queries.colleagues_in(row)
    form.fields["colleagues"] = forms.MultipleChoiceField(
        label=_("Our people there"),
        required=False,
        choices=[(str(one.uid), one.name) for one in stored],
        widget=forms.SelectMultiple(attrs={"data-choices": "organisation.person"}),
    )
    form.initial["colleagues"] = [str(one.uid) for one in stored]
    if request.method == "POST":
        chosen = form.fields["colleagues"]
        chosen.choices = [(one, one) for one in request.POST.getlist("colleagues")]  # type: ignore[attr-defined]

    def act(given: dict[str, Any]) -> str:
        actions.name_present(row, actor=request.actor, present=present_in(request.POST))
        return _("Who took part is noted.")

    return ask(request, row, form, title=_("Who took part"), act=act)


@page("GET", "POST", permission="customers.partyinteraction:change")
def next_step(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask what follows; it becomes a task."""
    row = fetch(PartyInteraction, uid, request.actor, action="change", related=("customer", "owner"))
    attributes = [attribute_of(PartyInteraction, name) for name in ("next_step", "next_step_on")]
    form = RecordForm(attributes, request.actor, data=request.POST or None)
    who = form_field(attribute_of(PartyInteraction, "owner"), request.actor, stored=row.owner)
    who.label, who.required = _("Who does it"), False
    form.fields["who"] = who

    def act(given: dict[str, Any]) -> str:
        step = actions.Following(given["next_step"], given["next_step_on"], given["who"])
        actions.take_next_step(row, actor=request.actor, following=step)
        return _("“%(step)s” is a task now.") % {"step": given["next_step"]}

    return ask(request, row, form, title=_("Next step"), act=act)
