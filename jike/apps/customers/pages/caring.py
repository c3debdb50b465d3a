"""What a key person's page shows beside the office: consents with what they cover, memorial days, and the career."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.actions.careers import enter_career, move_key_person
from jike.apps.customers.actions.caring import enter_memorial_days
from jike.apps.customers.actions.consents import describe_person, record_consent, withdraw_consent
from jike.apps.customers.models import CareerEntry, Consent, KeyPerson, MemorialDay
from jike.apps.customers.models.labels import TOPICS
from jike.apps.customers.pages.revealing import MASKED
from jike.apps.customers.queries import may_reveal, personal_fields
from jike.apps.customers.queries.careers import career_of, consents_of, memorial_days_of
from jike.apps.customers.rules import CONSENTED, Topic
from jike.foundation.errors import NotFound
from jike.foundation.files import attachments_of
from jike.foundation.lines import Lines
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource import Panel, Verb
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import Actor, fetch, may, sealed_fields

__all__ = ["PERSON_PANELS", "PERSON_PATHS"]

FILES = 30


def private(person: KeyPerson, actor: Actor) -> Mapping[str, Any] | None:
    """Return the consents, and of what they cover as much as the reader may read."""
    if not actor.holds("customers.consent:view"):
        return None
    consents = consents_of(person, actor)
    names = {str(one.uid): one.name for one in attachments_of(person)}
    fields = {one.name: one for one in personal_fields(person, actor)}
    changes = may(actor, "change", person)
    return {
        "consents": [
            (one, [TOPICS[Topic(topic)] for topic in one.topics], names.get(str(one.document), ""))
            for one in consents
        ],
        "topics": [(TOPICS[Topic(name)], fields[name], name in person.consented) for name in CONSENTED],
        "revealable": may_reveal(actor, person),
        "may_add": changes and actor.holds("customers.consent:add"),
        "may_withdraw": changes and actor.holds("customers.consent:withdraw"),
        "may_describe": changes and bool(person.consented) and "spouse" not in sealed_fields(actor, person),
    }


PERSON_PANELS: tuple[Panel | Verb, ...] = (
    Verb("move", gettext_lazy("Move to another customer"), "arrow-right", "customers:move_person"),
    MASKED,
    Panel("private", gettext_lazy("Consents"), "customers/_private.html", private, "tab"),
    Lines(
        "memorial",
        gettext_lazy("Memorial days"),
        model=MemorialDay,
        columns=("title", "day", "lunar"),
        rows=memorial_days_of,
        store=enter_memorial_days,
        ordered=False,
        in_form=False,
    ),
    Lines(
        "career",
        gettext_lazy("Career"),
        model=CareerEntry,
        columns=("customer", "employer", "job_title", "department", "since", "until"),
        rows=career_of,
        store=enter_career,
        ordered=False,
        in_form=False,
    ),
)


class ConsentForm(RecordForm):
    """To what the person consented, when, how, and by which file that is shown."""

    def __init__(self, actor: Actor, person: KeyPerson, **options: Any) -> None:
        names = ("given_on", "means", "wording")
        super().__init__([attribute_of(Consent, name) for name in names], actor, **options)
        topics = forms.MultipleChoiceField(
            choices=[(str(topic), label) for topic, label in TOPICS.items()],
            widget=forms.CheckboxSelectMultiple,
            label=_("Consents to our keeping"),
        )
        files = [("", "")] + [(str(one.uid), one.name) for one in attachments_of(person)[:FILES]]
        self.fields = {"topics": topics, **self.fields}
        self.fields["document"] = forms.ChoiceField(
            choices=files,
            required=False,
            label=_("Document"),
            help_text=_("Attach the signed paper to the person first, under “Files”; then choose it here."),
        )


@page("GET", "POST", permission="customers.consent:add")
def consent(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask to what the person consented, and record it."""
    person = fetch(KeyPerson, uid, request.actor, action="change", related=("customer",))

    def act(given: dict[str, Any]) -> str:
        document = UUID(given.pop("document")) if given["document"] else given.pop("document") or None
        record_consent(person, actor=request.actor, document=document, **given)
        return _("The consent of %(name)s is recorded.") % {"name": person}

    form = ConsentForm(request.actor, person, data=request.POST or None)
    return ask(request, person, form, title=_("Record a consent"), act=act)


@page("GET", "POST", permission="customers.consent:withdraw")
def withdraw(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask when and how the consent was withdrawn; what it covered is emptied."""
    found = fetch(Consent, uid, request.actor, action="withdraw", related=("person",))

    def act(given: dict[str, Any]) -> str:
        withdraw_consent(found, actor=request.actor, on=given["withdrawn_on"], how=given["withdrawal"])
        return _("The consent is withdrawn; what it covered is emptied and forgotten.")

    attributes = [attribute_of(Consent, name) for name in ("withdrawn_on", "withdrawal")]
    form = RecordForm(attributes, request.actor, data=request.POST or None)
    return ask(request, found, form, title=_("Withdraw the consent"), act=act)


@page("GET", "POST", permission="customers.keyperson:change")
def describe(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for what the person consented to our keeping."""
    person = fetch(KeyPerson, uid, request.actor, action="change", related=("customer",))
    hidden = sealed_fields(request.actor, person)
    names = [name for name in CONSENTED if name in person.consented and name not in hidden]
    if not names:
        raise NotFound

    def act(given: dict[str, Any]) -> str:
        describe_person(person, actor=request.actor, **given)
        return _("What %(name)s consented to is kept.") % {"name": person}

    attributes = [attribute_of(KeyPerson, name) for name in names]
    initial = {name: getattr(person, name) for name in names}
    form = RecordForm(attributes, request.actor, data=request.POST or None, initial=initial)
    return ask(request, person, form, title=_("Private matters"), act=act)


@page("GET", "POST", permission="customers.keyperson:move")
def move(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask where the person works now and as what, and let them go there with their history."""
    person = fetch(KeyPerson, uid, request.actor, action="move", related=("customer", "reports_to"))
    there = ("job_title", "department", "role", "influence")

    def act(given: dict[str, Any]) -> str:
        move_key_person(person, actor=request.actor, **given)
        return _("%(name)s works at “%(customer)s” now.") % {"name": person, "customer": person.customer}

    attributes = [attribute_of(KeyPerson, name) for name in ("customer", *there)]
    initial = {"role": person.role, "influence": person.influence}
    form = RecordForm(attributes, request.actor, data=request.POST or None, initial=initial)
    form.fields["on"] = RecordForm([attribute_of(CareerEntry, "until")], request.actor).fields["until"]
    form.fields["on"].label = _("since")
    return ask(request, person, form, title=_("Move to another customer"), act=act)


PERSON_PATHS = [
    path("key-persons/<uuid:uid>/consent/", consent, name="consent"),
    path("key-persons/<uuid:uid>/private/", describe, name="describe"),
    path("key-persons/<uuid:uid>/move/", move, name="move_person"),
    path("consents/<uuid:uid>/withdraw/", withdraw, name="withdraw_consent"),
]
