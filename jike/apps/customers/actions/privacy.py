"""What a person may ask of us about their own data: a copy, correction, deletion; asked, answered, recorded."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.actions.coverage import refresh_coverage
from jike.apps.customers.actions.member_traces import erase_member_traces
from jike.apps.customers.actions.people import free_from_superior
from jike.apps.customers.models import FileToDecide, KeyPerson, PersonRequest
from jike.apps.customers.queries.files_around import Judged, doubtful_files
from jike.apps.customers.queries.people import lock_reporting
from jike.apps.customers.queries.privacy import (
    Copied,
    around_uids,
    copied,
    findings_of,
    own_rows,
    uids_of,
    words_of,
)
from jike.apps.customers.rules import REQUEST_NEXT, Asked, RequestState
from jike.apps.organisation.queries import person_of
from jike.foundation.audit import (
    Under,
    blotting,
    changing,
    creating,
    creating_many,
    erasing,
    forget,
    forgetting,
    note,
    restoring,
)
from jike.foundation.audit.gate import may_write
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.files.sweeping import sweep_contents
from jike.foundation.models import Attachment, Comment, Record
from jike.foundation.privacy import places
from jike.foundation.privacy.clearing import Beside, clear_beside, remembered
from jike.foundation.scope import Actor, require
from jike.values.blotting import BLOT

__all__ = [
    "ask_about_person",
    "change_request",
    "copy_person",
    "forget_person",
    "refuse_request",
    "settle_request",
]

LIST = "key-persons"
STANDS = ("id", "uid", "version", "removed_at", "customer", "forgotten_at")
"""What stays of a person who is erased: that there was one, where, and when that was erased."""


@transaction.atomic
def ask_about_person(
    *, actor: Actor, key_person: KeyPerson, asked: str, wish: str = "", asked_on: dt.date | None = None
) -> PersonRequest:
    """Record what a person asks of us; the answer is due within fifteen days."""
    day = asked_on or timezone.localdate()
    if day > timezone.localdate():
        raise Invalid({"asked_on": [_("This day lies ahead.")]})
    if key_person.forgotten_at is not None:
        raise RuleBroken(_("What was known of this person has been erased."))
    request = PersonRequest(key_person=key_person, asked=asked, wish=wish, asked_on=day)
    return creating(request, actor=actor)


@transaction.atomic
def change_request(
    request: PersonRequest, *, actor: Actor, version: int | None = None, **details: Any
) -> PersonRequest:
    """Correct what was asked for, as long as it is open."""
    only_known(details, frozenset({"key_person", "asked", "wish", "asked_on"}))
    with changing(request, actor=actor, version=version):
        _require_open(request)
        for name, value in details.items():
            setattr(request, name, value)
    return request


@transaction.atomic
def settle_request(
    request: PersonRequest, *, actor: Actor, outcome: str, judged: Judged | None = None
) -> PersonRequest:
    """Say what was done; a deletion is settled by erasing what is known of the person, in the same transaction."""
    if request.asked == Asked.DELETION and request.key_person.forgotten_at is None:
        forget_person(request.key_person, actor=actor, judged=judged)
    if not outcome.strip():
        raise Invalid({"outcome": [_("Say what was done.")]})
    return _end(request, RequestState.DONE, actor=actor, outcome=outcome)


@transaction.atomic
def refuse_request(request: PersonRequest, *, actor: Actor, outcome: str) -> PersonRequest:
    """Refuse the request with the reason that the person is told; the law names when that may be."""
    if not outcome.strip():
        raise Invalid({"outcome": [_("Say why; the person is entitled to the reason.")]})
    return _end(request, RequestState.REFUSED, actor=actor, outcome=outcome)


def copy_person(person: KeyPerson, *, actor: Actor) -> list[Copied]:
    """Return all that is known of the person, to be given to them; the history says who took it out."""
    may_write(actor)
    require(actor, "copy_out", person)
    found = copied(person, actor)
    note(person, actor=actor, verb="copy_out", facts={"lines": (None, sum(len(one.lines) for one in found))})
    return found


@transaction.atomic
def forget_person(person: KeyPerson, *, actor: Actor, judged: Judged | None = None) -> Mapping[str, int]:
    """Erase what is known of the person wherever it lies; a row that says nothing stays for what refers to it.

    Whoever reported to them reports to nobody. The chain of seals still verifies: it holds digests, not values.

    Parameters
    ----------
    judged
        What the contents of files around the person are known to say; the others are read now.

    Returns
    -------
    Mapping
        How many texts, rows, files and numbers were erased, and at how many files somebody has to look.
    """
    require(actor, "forget", person)
    lock_reporting()
    if person.removed_at is not None:
        restoring(person, actor=actor, under=Under(person, "forget"))
    under, words, own = Under(person, "forget"), words_of(person), uids_of(person)
    beside = Beside(person, own=own, around=around_uids(person), words=words)
    numbers = erase_member_traces(person, actor=actor)
    texts, originals = _blot_texts(person, beside, actor=actor)
    doubtful = _list_files(person, beside, but=[*own, *originals], judged=judged, actor=actor)
    files = list(Attachment.objects.filter(about_uid__in=[*own, *originals]))
    rows = _rows(own_rows(person), Comment.objects.filter(about_uid__in=own), files)
    for some in rows.values():
        erasing(some, actor=actor, under=under)
    transaction.on_commit(lambda: sweep_contents([one.sha256 for one in files]))
    forgetting(remembered(beside), actor=actor, under=under)
    cleared = clear_beside(beside, slug=LIST, actor=actor)
    free_from_superior(KeyPerson.objects.filter(reports_to=person), actor=actor)
    for one in KeyPerson.objects.filter(uid__in=own[1:]):
        _empty(one, actor=actor, under=under)
    _empty(person, actor=actor, under=under)
    refresh_coverage([person.customer_id])
    counts = {"texts": texts, "rows": sum(map(len, rows.values())), "files": len(files), "numbers": numbers}
    return {**counts, "doubtful": doubtful, **cleared}


def _list_files(
    person: KeyPerson, beside: Beside, *, but: Collection[UUID], judged: Judged | None, actor: Actor
) -> int:
    """List the files around the person at which somebody has to look; return how many these are."""
    around = [uid for uid in beside.around if uid not in but]
    found = list(doubtful_files(around, beside.words, judged=judged))
    rows = [
        {
            "key_person_id": person.pk,
            "attachment": one.file.uid,
            "file_name": beside.words.blotted(one.file.name),
            "found": one.found.value,
        }
        for one in found
    ]
    creating_many(FileToDecide, rows, actor=actor, under=Under(person, "forget"))
    return len(rows)


def _empty(person: KeyPerson, *, actor: Actor, under: Under) -> None:
    """Empty every field of the row, put it where nothing finds it, and erase what is remembered of it."""
    if person.removed_at is not None:
        restoring(person, actor=actor, under=under)
    with changing(person, actor=actor, under=under):
        for field in person._meta.concrete_fields:
            if field.name not in STANDS:
                setattr(person, field.name, _nothing(field))
        person.name = BLOT
        person.forgotten_at = person.removed_at = timezone.now()
    forget(person, actor=actor, under=under)


def _nothing(field: models.Field) -> Any:
    if field.null:
        return None
    if isinstance(field, ArrayField):
        return []
    return field.get_default() if field.has_default() else ""


def _blot_texts(person: KeyPerson, beside: Beside, *, actor: Actor) -> tuple[int, list[UUID]]:
    """Take what names the person out of every text around their customer.

    Returns
    -------
    tuple
        How many texts, and the uids of rows whose attachments repeat them.
    """
    found: dict[type[models.Model], dict[int, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    originals = []
    for one in findings_of(person, beside.words):
        found[type(one.row)][one.row.pk][one.field] = one.blotted(beside.words)
        if one.row._meta.label_lower in places().originals:
            originals.append(one.row.uid)
    under = Under(person, "forget")
    for model, texts in found.items():
        if issubclass(model, Record):
            blotting(model, texts, actor=actor, under=under)
        else:
            for number, values in texts.items():
                model._base_manager.filter(pk=number).update(**values)
    return sum(len(values) for texts in found.values() for values in texts.values()), originals


def _rows(*sources: Any) -> dict[type[Record], list[Record]]:
    grouped: dict[type[Record], list[Record]] = defaultdict(list)
    for source in sources:
        for row in source:
            grouped[type(row)].append(row)
    return grouped


def _end(request: PersonRequest, state: RequestState, *, actor: Actor, outcome: str) -> PersonRequest:
    verb = "settle" if state is RequestState.DONE else "refuse"
    with changing(request, actor=actor, verb=verb, permit="settle"):
        _require_open(request)
        request.state, request.outcome = state.value, outcome
        request.settled_by, request.settled_at = person_of(actor), timezone.now()
    return request


def _require_open(request: PersonRequest) -> None:
    if RequestState.DONE not in REQUEST_NEXT[RequestState(request.state)]:
        raise RuleBroken(_("This request was answered before."))
