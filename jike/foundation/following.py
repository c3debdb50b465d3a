"""Followers hear of changes of fields: a reader of the change stream, every minute, that tells nobody twice.

One person hears of one record's changes by one colleague at most once an hour; how (at once, by mail, not at all) is
that person's choice under the topic.
"""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from jike.foundation.directory import actor_of, people
from jike.foundation.errors import NotFound
from jike.foundation.jobs import job
from jike.foundation.models import Change, Follow, Notice, RecordKey
from jike.foundation.notify import Channel, Topic, declare_topics, notify
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.registry import resource_of_kind
from jike.foundation.scope import fetch_key

__all__ = ["CHANGED", "tell_of_changes"]

CHANGED = Topic("foundation.changed", gettext_lazy("A record you follow was changed"), Channel.APP)
declare_topics(CHANGED)
LOOK_BACK = dt.timedelta(minutes=15)
"""Longer than the job is ever late; what was told already is not told again."""
MOST = 2_000
FIELDS_NAMED = 5


class _Told(NamedTuple):
    """What one colleague did to one record within an hour."""

    key: RecordKey
    actor: UUID | None
    name: str
    fields: tuple[str, ...]
    once: str


@job("foundation.tell_of_changes", label=gettext_lazy("Tell followers of changes"), cron="* * * * *")
def tell_of_changes() -> None:
    """Tell those who follow a record what others changed of it; only who may view it, never who did it."""
    followers: dict[UUID, set[UUID]] = {}
    found = list(_gathered(_recent_changes()))
    follows = Follow.objects.filter(about_uid__in={one.key.uid for one in found})
    for uid, person in follows.values_list("about_uid", "person"):
        followers.setdefault(uid, set()).add(person)
    heard = Notice.objects.filter(topic=CHANGED.name, once__in=[one.once for one in found])
    known = set(heard.values_list("once", "person"))
    for one in found:
        waiting = {
            person
            for person in followers.get(one.key.uid, ())
            if person != one.actor and (one.once, person) not in known
        }
        _tell(one, waiting)


def _recent_changes() -> Iterable[Change]:
    since = timezone.now() - LOOK_BACK
    changes = Change.objects.filter(recorded_at__gte=since, uid__in=Follow.objects.values("about_uid"))
    return changes.exclude(verb="add").exclude(fields=[]).order_by("-id")[:MOST]


def _gathered(changes: Iterable[Change]) -> Iterable[_Told]:
    found: dict[str, _Told] = {}
    for change in changes:
        if resource_of_kind(change.kind) is None:
            continue
        once = f"change:{change.uid}:{change.actor or change.actor_name}:{change.recorded_at:%Y%m%d%H}"
        before = found[once].fields if once in found else ()
        fields = tuple(dict.fromkeys((*change.fields, *before)))
        key = RecordKey(change.kind, change.uid)
        found[once] = _Told(key, change.actor, change.actor_name, fields, once)
    return found.values()


def _tell(one: _Told, waiting: set[UUID]) -> None:
    for uid, person in people(waiting).items():
        actor = actor_of(uid)
        if actor is None:
            continue
        try:
            row = fetch_key(one.key, actor)
        except NotFound:
            continue
        with translation.override(person.language or "zh-hans"), transaction.atomic():
            text = f"{one.name}: {row}{_words(one)}"
            notify([uid], CHANGED.name, text, about=one.key, once=one.once)


def _words(one: _Told) -> str:
    """Return the names of the fields in the language of the moment; never their values."""
    resource = resource_of_kind(one.key.kind)
    labels = []
    for column in one.fields:
        try:
            attribute = attribute_of(resource.model, column.removesuffix("_id")) if resource else None
        except LookupError:
            continue
        if attribute is not None and attribute.field.editable:
            labels.append(str(attribute.label))
    more = " …" if len(labels) > FIELDS_NAMED else ""
    return f" · {' · '.join(labels[:FIELDS_NAMED])}{more}" if labels else ""
