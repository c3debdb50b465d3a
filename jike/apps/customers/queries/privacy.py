"""What is known of one key person, wherever it lies: for the copy they may ask for, and for what is to be erased."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.models import KeyPerson, MemberSnapshotLine
from jike.apps.customers.models.labels import TOPICS
from jike.apps.customers.queries.files_around import count_files, doubtful_files
from jike.apps.customers.queries.member_traces import MemberTraces, member_traces
from jike.apps.customers.rules import FileFound
from jike.apps.customers.rules.requests import FILES_READ
from jike.foundation.audit import histories_of
from jike.foundation.audit.encoding import decode
from jike.foundation.customising.completing import definitions_of
from jike.foundation.models import Change, Merge
from jike.foundation.models.custom_field import COLUMN
from jike.foundation.privacy import Finding, places
from jike.foundation.privacy.places import findings
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.scope import Actor, visible
from jike.values.blotting import Words

__all__ = [
    "Copied",
    "Reveal",
    "around_uids",
    "copied",
    "findings_of",
    "own_rows",
    "reveals",
    "uids_of",
    "words_of",
]

NOT_OURS = ("id", "uid", "version", "removed_at", "name_key", "forgotten_at", "birthday_key", "day_key")
FOUND_VERBS = {"restore": gettext_lazy("Restored"), "export": gettext_lazy("Exported")}
CHANGES = 1000
SEEN = ("reveal", "copy_out")


class Copied(NamedTuple):
    """One section of a copy: its name and its lines, each a mapping of what a field is called to what it says."""

    name: str
    lines: list[dict[str, str]]


def words_of(person: KeyPerson) -> Words:
    """Return by what the person is named in texts."""
    return Words.of([person.name, person.email, person.wechat], person.phone.split(";"))


def uids_of(person: KeyPerson) -> list[UUID]:
    """Return the person's uid and those of the records that were merged into it."""
    merged = Merge.objects.filter(kind=KeyPerson.kind(), kept=person.uid, undone_at=None)
    return [person.uid, *(uid for one in merged for uid in one.others)]


def own_rows(person: KeyPerson) -> Iterator[Any]:
    """Return the rows that are the person's own: days, career, consents, and whatever else is declared so."""
    for reference in sorted(places().rows):
        label, _dot, field = reference.rpartition(".")
        yield from apps.get_model(label)._base_manager.filter(**{field: person}).order_by("pk")


def around_uids(person: KeyPerson) -> list[UUID]:
    """Return the uids of the customer and of what lies around it, upon which may be commented."""
    found = [person.customer.uid, *uids_of(person)]
    for label, path in places().texts.items():
        model: Any = apps.get_model(label)
        if path not in ("about_uid", "pk") and hasattr(model, "uid"):
            found += model._base_manager.filter(**{path: person.customer_id}).values_list("uid", flat=True)
    return found


def findings_of(person: KeyPerson, words: Words) -> Iterator[Finding]:
    """Return every text that names the person, kind by kind."""
    declared, uids = places(), around_uids(person)
    for label in declared.texts:
        yield from findings(
            apps.get_model(label), words, subject=person.customer_id, uids=uids, declared=declared
        )


def copied(person: KeyPerson, actor: Actor) -> list[Copied]:
    """Return all that is known of the person: fields, rows of their own, texts that name them, what was changed."""
    own = [(str(row._meta.verbose_name), _fields(row)) for row in own_rows(person)]
    named = dict.fromkeys(name for name, _lines in own)
    texts = [
        {
            capfirst(_("record")): f"{one.row._meta.verbose_name}: {one.row}",
            capfirst(_("field")): _label(one.row, one.field),
            capfirst(_("text")): one.text,
        }
        for one in findings_of(person, words_of(person))
        if one.row != person
    ]
    traces = member_traces(person)
    lines = [{_("Kind"): str(row._meta.verbose_name), **_numbered(row, traces)} for row in traces.rows()]
    changes = [
        {
            _("When"): _words(one.recorded_at),
            _("Who"): one.actor_name,
            _("What"): _verb(one.verb),
            _("Fields"): ", ".join(_label(person, name) for name in one.values),
        }
        for one in histories_of([person], actor, limit=CHANGES)
    ]
    sections = [Copied(capfirst(str(person._meta.verbose_name)), [_fields(person)])]
    sections += [Copied(capfirst(name), [line for kind, line in own if kind == name]) for name in named]
    sections += [
        Copied(_("Telephone among the members"), lines),
        Copied(_("Texts that name the person"), texts),
    ]
    sections += [Copied(_("Files that name the person"), _files(person)), Copied(_("What was done"), changes)]
    return [one for one in sections if one.lines]


def _files(person: KeyPerson) -> list[dict[str, str]]:
    """Return the files that name the person, as far as they are read while somebody waits; a line says how far."""
    around = around_uids(person)
    found = [
        {capfirst(_("file")): one.file.name, _("When"): _words(one.file.uploaded_at)}
        for one in doubtful_files(around, words_of(person), most=FILES_READ)
        if one.found is FileFound.NAMES
    ]
    older = count_files(around) - FILES_READ
    if older > 0:
        told = _("Of %(number)s older files only the names were looked at.") % {"number": older}
        found.append({capfirst(_("file")): told})
    return found


def _verb(verb: str) -> str:
    """Return what people call an act upon a key person."""
    return str({**FOUND_VERBS, **KeyPerson.ACTIONS, **KeyPerson.VERBS}.get(verb, verb))


def _numbered(row: Any, traces: MemberTraces) -> dict[str, str]:
    """Return a ledger's row as fields; of a snapshot its day and the numbers that are the person's."""
    if isinstance(row, MemberSnapshotLine):
        mine = ", ".join(one for one in row.numbers if one in traces.numbers)
        return {_("Day"): str(row.snapshot), capfirst(_("number")): mine}
    return _fields(row)


def _fields(row: Any) -> dict[str, str]:
    return {
        capfirst(str(one.verbose_name)): _words(_shown(row, one))
        for one in row._meta.concrete_fields
        if one.name not in NOT_OURS and getattr(row, one.attname) not in (None, "", [], {})
    }


def _shown(row: Any, field: models.Field) -> Any:
    if field.name == COLUMN:
        names = dict(definitions_of(row.kind()).values_list("data_key", "label"))
        return "; ".join(f"{names.get(key, key)}: {value}" for key, value in row.custom.items())
    if isinstance(getattr(row, field.name), bool):
        return _("yes") if getattr(row, field.name) else _("no")
    if isinstance(getattr(row, field.name), list):
        return [str(TOPICS.get(one, one)) for one in getattr(row, field.name)]
    display = getattr(row, f"get_{field.name}_display", None)
    return display() if display is not None else getattr(row, field.name)


def _label(row: Any, name: str) -> str:
    try:
        return capfirst(str(attribute_of(type(row), name.removesuffix("_id")).label))
    except LookupError:
        return name


def _words(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value))
    return str(value)


class Reveal(NamedTuple):
    """Somebody looked at personal fields of a key person."""

    when: dt.datetime
    who: str
    verb: str
    person: KeyPerson
    fields: str
    reason: str
    """What for, where it was asked: one at a time."""


def reveals(actor: Actor, *, before: int | None = None, limit: int = 50) -> tuple[list[Reveal], int | None]:
    """Return who revealed, copied or exported what of the key persons that the actor may give copies of.

    Returns
    -------
    tuple
        At most ``limit`` reveals, the latest first, and the id before which the next ones begin.
    """
    mine = visible(KeyPerson, actor, "copy_out")
    changes = Change.objects.filter(kind=KeyPerson.kind(), verb__in=SEEN, uid__in=mine.values("uid"))
    if before is not None:
        changes = changes.filter(pk__lt=before)
    rows = list(changes.annotate(payloads=F("values_row__payloads")).order_by("-pk")[: limit + 1])
    people = {
        one.uid: one for one in mine.filter(uid__in=[row.uid for row in rows]).select_related("customer")
    }
    found = [
        Reveal(row.recorded_at, row.actor_name, row.verb, people[row.uid], *_seen_fields(row))
        for row in rows[:limit]
        if row.uid in people
    ]
    return found, rows[limit - 1].pk if len(rows) > limit else None


def _seen_fields(change: Any) -> tuple[str, str]:
    """Return labels of the fields, and the reason; both may be forgotten."""
    if change.verb != "reveal":
        return "", ""
    told = dict(zip(change.fields, map(decode, change.payloads or ()), strict=False))
    names, reason = ((told.get(one) or (None, ""))[1] or "" for one in ("revealed", "reason"))
    names = [names] if isinstance(names, str) and names else names
    return ", ".join(str(attribute_of(KeyPerson, name).label) for name in names), reason
