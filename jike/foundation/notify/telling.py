"""Telling people: topics, their subscriptions, and notices as their reader may see them.

A capability declares its topics as data and calls `notify`. Words of ours are the topic's label, shown in the reader's
language; the notice's text is content (names, what somebody wrote). A notice about a record that its reader may no
longer see shows no content: that is decided when it is read, here, for page and mail alike.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise

from jike.foundation.directory import address_of
from jike.foundation.errors import NotFound
from jike.foundation.models import Notice, RecordKey, Subscription
from jike.foundation.scope import Actor, visible
from jike.foundation.scope.reading import model_of

__all__ = [
    "Channel",
    "Shown",
    "Telling",
    "Topic",
    "choose_channel",
    "declare_topics",
    "mark_read",
    "notices_of",
    "notify",
    "notify_each",
    "shown",
    "subscriptions_of",
    "topics",
    "unread_count",
    "withdraw",
]

Channel = Subscription.Channel
TEXT_LENGTH = 400
COUNTED = 100
PIECE = 1000


@dataclass(frozen=True)
class Topic:
    """A kind of notice: its lasting name (``capability.event``), its words, its channel unless a person chose one.

    Notices that are about no record lead to ``page``, the name of a route.
    """

    name: str
    label: str | Promise
    channel: Channel = Channel.DIGEST
    page: str = ""


class Telling(NamedTuple):
    """What one person is told: see `notify` for ``about`` and ``once``."""

    person: UUID
    text: str
    about: RecordKey | None = None
    once: str = ""


class Shown(NamedTuple):
    """A notice as its reader may see it; without the right ``hidden`` is true, ``text`` and ``address`` are empty."""

    notice: Notice
    label: str
    text: str
    address: str
    hidden: bool


_topics: dict[str, Topic] = {}


def declare_topics(*declared: Topic) -> None:
    """Add topics; call it where the module is loaded at start."""
    _topics.update({topic.name: topic for topic in declared})


def topics() -> tuple[Topic, ...]:
    """Return every topic, by name."""
    return tuple(_topics[name] for name in sorted(_topics))


def notify(
    people: Iterable[UUID], topic: str, text: str = "", *, about: RecordKey | None = None, once: str = ""
) -> int:
    """Tell ``people`` within the caller's transaction; return how many of them were told.

    Parameters
    ----------
    topic
        The name of a declared topic; those who chose not to hear of it are left out.
    about
        The record that the notice leads to, and whose rights decide whether the text is shown.
    once
        Key under which each person is told at most once, so that a job that runs twice does not tell twice.
    """
    return notify_each([Telling(person, text, about, once) for person in set(people)], topic)


def notify_each(told: Collection[Telling], topic: str) -> int:
    """Tell each person something of their own under one topic, set-wise; return how much was told."""
    channels = chosen_channels({one.person for one in told}, _topics[topic])
    rows = [
        Notice(
            person=one.person,
            topic=topic,
            text=_shortened(one.text.replace("\0", "")),
            about_kind=one.about.kind if one.about else "",
            about_uid=one.about.uid if one.about else None,
            once=one.once,
        )
        for one in sorted(told, key=lambda one: (one.person, one.once))
        if channels[one.person] != Channel.NONE
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=PIECE)
    return len(rows)


def _shortened(text: str) -> str:
    return text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1] + "…"


def withdraw(people: Iterable[UUID], once: str) -> None:
    """Take back what these people were told under the key ``once``; mails that went out stay out."""
    Notice.objects.filter(person__in=set(people), once=once).delete()


def chosen_channels(people: Collection[UUID], topic: Topic) -> dict[UUID, str]:
    """Return how each person wants to hear of ``topic``."""
    chosen = Subscription.objects.filter(person__in=people, topic=topic.name).values_list("person", "channel")
    return {**dict.fromkeys(people, str(topic.channel)), **dict(chosen)}


def subscriptions_of(person: UUID) -> list[tuple[Topic, str]]:
    """Return every topic with the channel that holds for ``person``."""
    chosen = dict(Subscription.objects.filter(person=person).values_list("topic", "channel"))
    return [(topic, chosen.get(topic.name, str(topic.channel))) for topic in topics()]


def choose_channel(person: UUID, topic: str, channel: str) -> None:
    """Set how ``person`` hears of ``topic``; NotFound for a topic or channel there is not."""
    if topic not in _topics or channel not in Channel.values:
        raise NotFound
    Subscription.objects.update_or_create(person=person, topic=topic, defaults={"channel": channel})


def notices_of(person: UUID, *, unread: bool = False, before: int | None = None) -> QuerySet[Notice]:
    """Return the person's notices, newest first, those with an id below ``before``."""
    rows = Notice.objects.filter(person=person)
    if unread:
        rows = rows.filter(read_at=None)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return rows.order_by("-pk")


_UNREAD = """
    SELECT count(*) FROM (
        SELECT FROM foundation_notice WHERE person = %s AND read_at IS NULL LIMIT %s) AS unread"""


def unread_count(person: UUID, *, limit: int = COUNTED) -> int:
    """Return how many notices the person has not read, counted up to ``limit`` (an index holds just these)."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [person, limit])
        [(number,)] = cursor.fetchall()
        return int(number)


def mark_read(person: UUID, notices: Collection[int] | None = None) -> int:
    """Mark these notices of the person as read (all of them without ``notices``); return how many were not yet."""
    unread = Notice.objects.filter(person=person, read_at=None)
    if notices is not None:
        unread = unread.filter(pk__in=notices)
    return unread.update(read_at=Now())


def shown(notices: Sequence[Notice], actor: Actor) -> list[Shown]:
    """Return the notices as ``actor`` may see them; one query for each kind of record among them."""
    seen = _visible_keys(notices, actor)
    return [_shown(notice, seen) for notice in notices]


def _shown(notice: Notice, seen: set[RecordKey]) -> Shown:
    topic = _topics.get(notice.topic)
    label = str(topic.label) if topic else notice.topic
    if notice.about_uid is None:
        address = reverse(topic.page) if topic and topic.page else ""
        return Shown(notice, label, notice.text, address, hidden=False)
    key = RecordKey(notice.about_kind, notice.about_uid)
    if key not in seen:
        return Shown(notice, label, "", "", hidden=True)
    return Shown(notice, label, notice.text, address_of(key), hidden=False)


def _visible_keys(notices: Sequence[Notice], actor: Actor) -> set[RecordKey]:
    wanted: Mapping[str, set[UUID]] = {
        notice.about_kind: {
            one.about_uid for one in notices if one.about_kind == notice.about_kind and one.about_uid
        }
        for notice in notices
        if notice.about_kind
    }
    found = set()
    for kind, uids in wanted.items():
        try:
            model = model_of(kind)
        except NotFound:
            continue
        rows = visible(model, actor).filter(Q(uid__in=uids)).values_list("uid", flat=True)
        found |= {RecordKey(kind, uid) for uid in rows}
    return found
