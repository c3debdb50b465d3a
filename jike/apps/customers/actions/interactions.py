"""Interactions are recorded with whom they were and what follows, completed afterwards, put under another customer."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.actions.people import change_key_person
from jike.apps.customers.actions.records import change_customer
from jike.apps.customers.models import Customer, KeyPerson, PartyInteraction
from jike.apps.customers.queries.group import standing_customer
from jike.apps.customers.rules.interactions import MOST_PEOPLE, subject_of, was_spoken
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import person_of
from jike.apps.tasks.actions import add_task
from jike.apps.tasks.rules import Source
from jike.foundation.audit import Under, changing, creating
from jike.foundation.directory import people as directory_people
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.models import Record
from jike.foundation.scope import Actor, may, require, require_permission, visible

__all__ = [
    "Following",
    "Present",
    "change_interaction",
    "move_interaction",
    "name_present",
    "record_interaction",
    "take_next_step",
]

GIVEN = frozenset(
    {
        *("channel", "direction", "happened_at", "length_minutes", "subject", "words", "outcome", "needs"),
        *("next_step", "next_step_on"),
    }
)
AS_WRITTEN = frozenset({"channel", "direction", "happened_at", "subject", "words"})
"""What of a mail nobody corrects."""
END_OF_WORK = dt.time(18)
AHEAD = dt.timedelta(minutes=5)
"""How far a clock may be wrong before we say that this lies ahead."""


@dataclass(frozen=True)
class Present:
    """Who took part: uids of key persons of the customer, and of our own people beside the one who spoke."""

    people: Collection[UUID] = ()
    colleagues: Collection[UUID] = ()


@dataclass(frozen=True)
class Following:
    """What follows, by when; ``owner`` does it, the one who spoke unless named."""

    what: str
    on: dt.date | None = None
    owner: Person | None = None


@transaction.atomic
def record_interaction(
    *,
    actor: Actor,
    customer: Customer,
    owner: Person | None = None,
    present: Present | None = None,
    following: Following | None = None,
    about: Record | None = None,
    **details: Any,
) -> PartyInteraction:
    """Record that ``owner`` (the actor, or else the account manager) spoke with the customer; whoever sees it may.

    What follows becomes a task and the customer's next step.
    """
    only_known(details, GIVEN)
    require_permission(actor, "customers.partyinteraction:add")
    person = owner or person_of(actor) or customer.owner
    if person is None:
        raise Invalid({"owner": [_("Say who spoke.")]})
    given = {**details, "subject": details.get("subject") or subject_of(details.get("words", ""))}
    row = PartyInteraction(customer=standing_customer(customer), owner=person, **given)
    if about is not None and about.key != customer.key:
        row.about_kind, row.about_uid = about.key
        row.about_title = str(about)[:200]
    _check(row)
    met = _place(row, present or Present(), actor=actor)
    step = following or _typed_step(row)
    if step is not None:
        _follow_up(row, step, actor=actor)
    creating(row, actor=actor, under=Under(row.customer, "view"))
    _pass_on(row, met, actor=actor)
    return row


@transaction.atomic
def change_interaction(
    row: PartyInteraction, *, actor: Actor, version: int | None = None, **details: Any
) -> PartyInteraction:
    """Correct or complete what was recorded; what a mail said stays as it was written."""
    only_known(details, GIVEN | {"customer", "owner"})
    customer = details.pop("customer", None)
    if customer is not None and customer.pk != row.customer_id:
        move_interaction(row, actor=actor, customer=customer, version=version)
        version = None
    with changing(row, actor=actor, version=version):
        if row.mails.exists():
            if any(getattr(row, name) != value for name, value in details.items() if name in AS_WRITTEN):
                raise RuleBroken(_("A mail stays as it was written."))
        elif details.get("owner", row.owner) is None:
            raise Invalid({"owner": [_("Say who spoke.")]})
        for name, value in details.items():
            setattr(row, name, value)
        _check(row)
    return row


@transaction.atomic
def name_present(
    row: PartyInteraction, *, actor: Actor, present: Present, version: int | None = None
) -> PartyInteraction:
    """Say who took part; those spoken to are so from that day on."""
    with changing(row, actor=actor, version=version):
        met = _place(row, present, actor=actor)
    _pass_on(row, met, actor=actor)
    return row


@transaction.atomic
def take_next_step(
    row: PartyInteraction, *, actor: Actor, following: Following, version: int | None = None
) -> PartyInteraction:
    """Say what follows; it becomes a task and the customer's next step."""
    if not following.what.strip():
        raise Invalid({"next_step": [_("Say what is the next step.")]})
    with changing(row, actor=actor, version=version):
        _follow_up(row, following, actor=actor)
    _pass_on(row, [], actor=actor)
    return row


@transaction.atomic
def move_interaction(
    row: PartyInteraction, *, actor: Actor, customer: Customer, version: int | None = None
) -> PartyInteraction:
    """Put what was recorded under the wrong customer under the right one; the other's people are taken off it."""
    require(actor, "reassign", row)
    target = standing_customer(customer)
    with changing(row, actor=actor, verb="reassign", version=version, under=Under(target, "view")):
        row.customer, row.people = target, []
        row.about_kind, row.about_uid, row.about_title = "", None, ""
    return row


def _check(row: PartyInteraction) -> None:
    problems = {}
    if not row.subject.strip():
        problems["subject"] = [_("Say what it was about.")]
    if row.happened_at and row.happened_at > timezone.now() + AHEAD:
        problems["happened_at"] = [_("This lies ahead; plan a visit or a task instead.")]
    if problems:
        raise Invalid(problems)


def _place(row: PartyInteraction, present: Present, *, actor: Actor) -> list[KeyPerson]:
    """Name who took part; people of another customer, and colleagues who are none, are refused."""
    people, colleagues = set(present.people), set(present.colleagues) - {row.owner.uid}
    if max(len(people), len(colleagues)) > MOST_PEOPLE:
        raise Invalid({"people": [_("At most %(limit)s people can be named.") % {"limit": MOST_PEOPLE}]})
    met = (
        list(visible(KeyPerson, actor).filter(uid__in=people, customer_id=row.customer_id)) if people else []
    )
    if len(met) < len(people):
        raise Invalid({"people": [_("Choose people of this customer.")]})
    if len(directory_people(colleagues)) < len(colleagues):
        raise Invalid({"colleagues": [_("Choose one of those offered.")]})
    row.people, row.colleagues = sorted(people), sorted(colleagues)
    return met


def _typed_step(row: PartyInteraction) -> Following | None:
    return Following(row.next_step, row.next_step_on) if row.next_step.strip() else None


def _follow_up(row: PartyInteraction, step: Following, *, actor: Actor) -> None:
    row.next_step, row.next_step_on = step.what, step.on
    due = timezone.make_aware(dt.datetime.combine(step.on, END_OF_WORK)) if step.on else None
    row.task = add_task(
        actor=actor,
        title=step.what,
        owner=step.owner or row.owner,
        due_at=due,
        about=row.customer,
        source=Source.INTERACTION,
    )


def _pass_on(row: PartyInteraction, met: list[KeyPerson], *, actor: Actor) -> None:
    """Let customer and people know of it, as far as the actor may change them."""
    customer = row.customer
    if row.next_step and row.next_step != customer.next_step and may(actor, "change", customer):
        change_customer(customer, actor=actor, next_step=row.next_step, next_step_on=row.next_step_on)
    if not was_spoken(row.channel, row.outcome, direction=row.direction):
        return
    day = timezone.localdate(row.happened_at)
    for person in met:
        later = person.spoken_on is None or person.spoken_on < day
        if later and may(actor, "change", person):
            change_key_person(person, actor=actor, spoken_on=day)
