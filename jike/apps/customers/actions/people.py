"""Key persons come, change, leave; their personal fields are revealed one at a time, and that is recorded."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.actions.coverage import refresh_coverage
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.queries.group import standing_customer
from jike.apps.customers.queries.people import lock_reporting, may_reveal, shown_value, superiors_of
from jike.apps.customers.rules import PERSONAL, REASON_LENGTH
from jike.foundation.audit import Under, changing, creating, note, removing, restoring
from jike.foundation.audit.gate import may_write
from jike.foundation.customising.completing import definitions_of
from jike.foundation.entering import only_known, sentence_of
from jike.foundation.errors import Invalid, NotFound, RuleBroken
from jike.foundation.lines import LinesInvalid, Taken, store_lines
from jike.foundation.scope import Actor, require_permission
from jike.foundation.scope.reading import refusal
from jike.values.errors import InvalidValue
from jike.values.text import clean_line

__all__ = [
    "CHANGEABLE",
    "add_key_person",
    "change_key_person",
    "enter_key_persons",
    "free_from_superior",
    "remove_key_person",
    "restore_key_person",
    "reveal_field",
]

CHANGEABLE = frozenset(
    {
        *(
            "name",
            "job_title",
            "department",
            "role",
            "attitude",
            "influence",
            "reports_to",
            "spoken_on",
            "left_on",
            "birthday_lunar",
            "custom",
        ),
        *PERSONAL,
    }
)

COVERING = frozenset({"role", "attitude", "spoken_on", "left_on", "customer"})
"""What gaps in coverage follow from."""


@transaction.atomic
def add_key_person(*, actor: Actor, customer: Customer, name: str, **details: Any) -> KeyPerson:
    """Add somebody with a part in the decisions of ``customer``; whoever may change that may add its people."""
    only_known(details, CHANGEABLE)
    require_permission(actor, "customers.keyperson:add")
    person = KeyPerson(customer=standing_customer(customer), name=name, **details)
    _check_days(person)
    if person.reports_to is not None:
        _check_superior(person)
    creating(person, actor=actor, under=Under(person.customer, "change"))
    refresh_coverage([person.customer_id])
    return person


@transaction.atomic
def change_key_person(
    person: KeyPerson, *, actor: Actor, version: int | None = None, **details: Any
) -> KeyPerson:
    """Correct or complete what is known of the person."""
    only_known(details, CHANGEABLE | {"customer"})
    former = person.customer_id
    with changing(person, actor=actor, version=version):
        for name, value in details.items():
            setattr(person, name, value)
        _check_days(person)
        if person.reports_to is not None and not details.keys().isdisjoint({"reports_to", "customer"}):
            _check_superior(person)
    if not COVERING.isdisjoint(details):
        refresh_coverage({former, person.customer_id})
    return person


@transaction.atomic
def enter_key_persons(customer: Customer, taken: Taken, *, actor: Actor) -> None:
    """Take in the people of ``customer`` as a whole table; whoever is taken out goes to the recycle bin."""
    require_permission(actor, "customers.keyperson:add")
    standing = standing_customer(customer)
    _require_nothing_more(taken, actor=actor)
    for person in KeyPerson.objects.filter(customer=standing, uid__in=taken.gone, removed_at=None):
        remove_key_person(person, actor=actor)
    store_lines(KeyPerson, Taken(taken.entries), parent=standing, by="customer", actor=actor)
    refresh_coverage([standing.pk])


@transaction.atomic
def remove_key_person(person: KeyPerson, *, actor: Actor) -> KeyPerson:
    """Put the person into the recycle bin; whoever reported to them reports to nobody."""
    lock_reporting()
    free_from_superior(KeyPerson.objects.filter(reports_to=person), actor=actor)
    removing(person, actor=actor)
    refresh_coverage([person.customer_id])
    return person


@transaction.atomic
def free_from_superior(people: QuerySet[KeyPerson], *, actor: Actor) -> None:
    """Let ``people`` report to nobody, as far as they stand; for whoever holds the lock under which that changes."""
    for one in people.filter(removed_at=None).select_related("customer"):
        with changing(one, actor=actor, permit="change"):
            one.reports_to = None


@transaction.atomic
def restore_key_person(person: KeyPerson, *, actor: Actor) -> KeyPerson:
    """Take the person out of the recycle bin."""
    standing_customer(person.customer)
    if person.forgotten_at is not None:
        raise RuleBroken(_("What was known of this person has been erased; it does not come back."))
    restoring(person, actor=actor)
    refresh_coverage([person.customer_id])
    return person


@transaction.atomic
def reveal_field(person: KeyPerson, *, actor: Actor, field: str, reason: str) -> str:
    """Return one personal field as people read it, and record who saw it and what for."""
    may_write(actor)
    if field not in PERSONAL:
        raise NotFound(_("There is nothing here, or nothing that you may see."))
    if not may_reveal(actor, person):
        raise refusal("customers.keyperson:reveal")
    facts = {"revealed": (None, field), "reason": (None, _stated(reason))}
    note(person, actor=actor, verb="reveal", facts=facts)
    return shown_value(person, field)


def _stated(reason: str) -> str:
    """Return the reason as it is kept; refuse what says nothing."""
    try:
        stated = clean_line(reason, limit=REASON_LENGTH)
    except InvalidValue as error:
        raise Invalid({"reason": [sentence_of(error)]}) from error
    if not stated:
        raise Invalid({"reason": [_("Say what you need it for.")]})
    return stated


def _require_nothing_more(taken: Taken, *, actor: Actor) -> None:
    """Refuse new rows when a custom field must be filled in, for which a table has no column."""
    new = [place for place, entry in enumerate(taken.entries) if entry.uid is None]
    needed = definitions_of(KeyPerson.kind()).filter(required=True) if new else ()
    asked = [str(one) for one in needed if actor.holds(f"{KeyPerson.kind()}:{one.change or 'change'}")]
    if asked:
        sentence = _("%(name)s: a value is needed. Add this person by a form of their own.")
        raise LinesInvalid({place: {"": [sentence % {"name": ", ".join(asked)}]} for place in new})


def _check_days(person: KeyPerson) -> None:
    today = timezone.localdate()
    ahead = [
        name
        for name in ("birthday", "spoken_on")
        if isinstance(day := getattr(person, name), dt.date) and day > today
    ]
    if ahead:
        raise Invalid({name: [_("This day lies ahead.")] for name in ahead})


def _check_superior(person: KeyPerson) -> None:
    lock_reporting()
    named = KeyPerson.objects.filter(pk=person.reports_to_id or 0, removed_at=None)
    superior = named.select_related("customer").first()
    if superior is None:
        raise RuleBroken(_("The person to report to has been removed; choose somebody else."))
    if _top(superior.customer) != _top(person.customer):
        sentence = _("%(superior)s belongs to another group than %(customer)s.")
        raise RuleBroken(sentence % {"superior": superior.name, "customer": person.customer.name})
    if person.pk is not None and person.pk in superiors_of(superior):
        sentence = _("%(name)s cannot report to %(superior)s, who already reports to them.")
        raise RuleBroken(sentence % {"name": person.name, "superior": superior.name})


def _top(customer: Customer) -> int:
    return customer.ancestors[0] if customer.ancestors else customer.pk
