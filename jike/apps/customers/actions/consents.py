"""Consents are recorded and withdrawn; what they allowed is filled in, and emptied again and forgotten."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import Consent, KeyPerson
from jike.apps.customers.queries.caring import consented_topics
from jike.apps.customers.rules import CONSENTED
from jike.apps.organisation.queries import person_of
from jike.foundation.audit import changing, creating, forget
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.files import attachments_of
from jike.foundation.scope import Actor, require_permission

__all__ = ["describe_person", "record_consent", "withdraw_consent"]


@transaction.atomic
def record_consent(
    person: KeyPerson,
    *,
    actor: Actor,
    topics: Sequence[str],
    means: str,
    given_on: dt.date | None = None,
    wording: str = "",
    document: UUID | None = None,
) -> Consent:
    """Record that the person consented to our keeping what the ``topics`` name; today, unless another day is named.

    ``document`` is one of the person's files.
    """
    day = given_on or timezone.localdate()
    if day > timezone.localdate():
        raise Invalid({"given_on": [_("This day lies ahead.")]})
    if document is not None and not attachments_of(person).filter(uid=document).exists():
        raise Invalid({"document": [_("Choose one of the files of this person.")]})
    require_permission(actor, "customers.consent:add")
    consent = Consent(
        person=person,
        topics=[topic for topic in CONSENTED if topic in topics],
        given_on=day,
        means=means,
        wording=wording,
        document=document,
        recorded_by=person_of(actor),
    )
    creating(consent, actor=actor)
    with changing(person, actor=actor, verb="consent", permit="change"):
        person.consented = list(consented_topics(person))
    return consent


@transaction.atomic
def withdraw_consent(
    consent: Consent,
    *,
    actor: Actor,
    on: dt.date | None = None,
    how: str = "",
    version: int | None = None,
) -> Consent:
    """Record that the consent is withdrawn: what no other consent covers is emptied, and its recorded values erased."""
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise Invalid({"withdrawn_on": [_("This day lies ahead.")]})
    with changing(consent, actor=actor, verb="withdraw", version=version):
        if consent.withdrawn_on is not None:
            raise RuleBroken(_("This consent was withdrawn before."))
        consent.withdrawn_on, consent.withdrawal = day, how
    person = KeyPerson.objects.select_related("customer").get(pk=consent.person_id)
    standing = consented_topics(person)
    emptied = [topic for topic in consent.topics if topic not in standing]
    with changing(person, actor=actor, verb="withdraw", permit="change"):
        person.consented = list(standing)
        for topic in emptied:
            setattr(person, topic, "")
    if emptied:
        forget(person, actor=actor, fields=emptied, action="change")
    return consent


@transaction.atomic
def describe_person(
    person: KeyPerson, *, actor: Actor, version: int | None = None, **known: Any
) -> KeyPerson:
    """Keep what the person consented to our keeping; anything else is refused."""
    only_known(known, frozenset(CONSENTED))
    with changing(person, actor=actor, version=version):
        for name, value in known.items():
            setattr(person, name, value)
        _require_consent(person)
    return person


def _require_consent(person: KeyPerson) -> None:
    """Refuse what is filled in without the person's consent."""
    bare = [name for name in CONSENTED if getattr(person, name) and name not in person.consented]
    if bare:
        sentence = _("Record first that the person consented to our keeping this.")
        raise Invalid({name: [sentence] for name in bare})
