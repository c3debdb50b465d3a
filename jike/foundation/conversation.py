"""Comments on any record, mentions in them, and who follows the record.

Whoever may view a record may comment on it and follow it. A mention is the token ``@{uid}`` in the text, so that it
survives a change of name; who is told of a comment is decided by a job, with the rights people have then.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation.audit import changing, creating, removing, restoring
from jike.foundation.audit.gate import Under, may_write
from jike.foundation.directory import actor_of, people
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken
from jike.foundation.events import publish
from jike.foundation.jobs import job
from jike.foundation.models import Comment, Follow, Record, RecordKey
from jike.foundation.notify import Channel, Topic, declare_topics, notify, withdraw
from jike.foundation.scope import Actor, ActorKind, fetch_key, may
from jike.values.errors import MESSAGES, InvalidValue
from jike.values.text import clean_text

__all__ = [
    "EDITABLE_MINUTES",
    "CommentAdded",
    "comment_on",
    "commented",
    "comments_of",
    "edit_comment",
    "follow",
    "followers_of",
    "plain_text",
    "remove_comment",
    "restore_comment",
    "tell_of_comment",
    "unfollow",
]

EDITABLE_MINUTES = 15
LONGEST = 4000
MOST_MENTIONS = 50
MENTION = re.compile(r"@\{([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}")
MENTIONED = Topic("foundation.mentioned", gettext_lazy("You were mentioned"))
COMMENTED = Topic("foundation.commented", gettext_lazy("New comment on a record you follow"), Channel.APP)
declare_topics(MENTIONED, COMMENTED)


@dataclass(frozen=True)
class CommentAdded:
    """Somebody commented; or edited a comment, which may mention further people."""

    comment: UUID


def comment_on(record: Record, body: str, *, mentions: Iterable[UUID] = (), actor: Actor) -> Comment:
    """Say ``body`` about ``record``; ``mentions`` are added to those in the text. The author follows from then on.

    Raises `Invalid` for an empty or too long text, or one that cannot be stored.
    """
    author = _person(actor)
    text = _clean(body, mentions)
    row = Comment(
        about_kind=record.kind(),
        about_uid=record.uid,
        author=author,
        body=text,
        mentions=_mentioned(text),
    )
    with transaction.atomic():
        creating(row, actor=actor, verb="comment", under=Under(record, "view"))
        follow(record, actor=actor)
        publish(CommentAdded(row.uid))
    return row


def edit_comment(
    uid: UUID, body: str, *, actor: Actor, now: dt.datetime, version: int | None = None
) -> Comment:
    """Change one's own comment within `EDITABLE_MINUTES` of saying it."""
    row, record = commented(uid, actor)
    if row.author != actor.uid:
        raise Refused(_("Only its author can change a comment."))
    if now - row.said_at > dt.timedelta(minutes=EDITABLE_MINUTES):
        words = {"minutes": EDITABLE_MINUTES}
        raise RuleBroken(_("A comment can be changed for %(minutes)s minutes; write another one.") % words)
    text = _clean(body, ())
    with changing(row, actor=actor, verb="edit_comment", version=version, under=Under(record, "view")):
        row.body, row.mentions = text, _mentioned(text)
        publish(CommentAdded(row.uid))
    return row


def remove_comment(uid: UUID, *, actor: Actor) -> Comment:
    """Remove one's own comment, or anybody's from a record that one may remove itself."""
    row, record = commented(uid, actor)
    right = _removal_right(row, record, actor)
    with transaction.atomic():
        removing(row, actor=actor, verb="remove_comment", under=Under(record, right))
        withdraw({*row.mentions, *followers_of(record)}, _told_once(row))
    return row


def restore_comment(uid: UUID, *, actor: Actor) -> Comment:
    """Bring a removed comment back, with the same right as removing it."""
    row, record = commented(uid, actor, removed=True)
    return restoring(row, actor=actor, under=Under(record, _removal_right(row, record, actor)))


def comments_of(record: Record, *, before: int | None = None) -> QuerySet[Comment]:
    """Return the record's comments, newest first, for whoever was allowed to fetch the record."""
    rows = Comment.objects.filter(about_uid=record.uid, about_kind=record.kind(), removed_at=None)
    return (rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")


def commented(uid: UUID, actor: Actor, *, removed: bool = False) -> tuple[Comment, Record]:
    """Return the comment and its record; NotFound when ``actor`` may not view the record, as if there were none."""
    row = Comment.objects.filter(uid=uid, removed_at__isnull=not removed).first()
    if row is None:
        raise NotFound(_("There is nothing here, or nothing that you may see."))
    return row, fetch_key(RecordKey(row.about_kind, row.about_uid), actor)


def plain_text(body: str, *, known: dict[UUID, str] | None = None) -> str:
    """Return the text with names instead of tokens; ``known`` saves asking for them."""
    names = known if known is not None else {uid: one.name for uid, one in people(_mentioned(body)).items()}
    return MENTION.sub(lambda found: "@" + names.get(UUID(found[1]), "?"), body)


def follow(record: Record, *, actor: Actor) -> None:
    """Let the actor hear of the record from now on; nothing changes for those who do already."""
    fetch_key(record.key, actor)
    may_write(actor)
    person = _person(actor)
    row = Follow(about_kind=record.kind(), about_uid=record.uid, person=person)
    Follow.objects.bulk_create([row], ignore_conflicts=True)


def unfollow(record: Record, *, actor: Actor) -> None:
    """Let the actor no longer hear of the record."""
    may_write(actor)
    Follow.objects.filter(about_uid=record.uid, person=_person(actor)).delete()


def followers_of(record: Record) -> frozenset[UUID]:
    """Return who follows the record, for whoever was allowed to fetch it."""
    return frozenset(Follow.objects.filter(about_uid=record.uid).values_list("person", flat=True))


@job("foundation.tell_of_comment", label=gettext_lazy("Tell people of a comment"))
def tell_of_comment(comment: str) -> None:
    """Tell those mentioned, then the followers; only who may view the record, nobody twice, never the author."""
    row = Comment.objects.filter(uid=UUID(comment), removed_at=None).first()
    if row is None:
        return
    about = RecordKey(row.about_kind, row.about_uid)
    author = people([row.author]).get(row.author)
    text = f"{author.name if author else '?'}: {plain_text(row.body)}"
    follows = Follow.objects.filter(about_uid=row.about_uid).values_list("person", flat=True)
    mentioned = _who_may_view(about, set(row.mentions) - {row.author})
    following = _who_may_view(about, set(follows) - {row.author} - mentioned)
    once = _told_once(row)
    with transaction.atomic():
        notify(mentioned, MENTIONED.name, text, about=about, once=once)
        notify(following, COMMENTED.name, text, about=about, once=once)


def _told_once(row: Comment) -> str:
    return f"comment:{row.uid}"


def _who_may_view(about: RecordKey, persons: Collection[UUID]) -> set[UUID]:
    return {person for person in persons if _may_view(about, actor_of(person))}


def _may_view(about: RecordKey, actor: Actor | None) -> bool:
    if actor is None:
        return False
    try:
        fetch_key(about, actor)
    except NotFound:
        return False
    return True


def _removal_right(row: Comment, record: Record, actor: Actor) -> str:
    if row.author == actor.uid:
        return "view"
    if not may(actor, "remove", record):
        raise Refused(_("Only its author, or who may remove the record, can remove a comment."))
    return "remove"


def _person(actor: Actor) -> UUID:
    if actor.uid is None or actor.kind is not ActorKind.PERSON:
        raise Refused(_("Only people comment on and follow records."))
    return actor.uid


def _clean(body: str, mentions: Iterable[UUID]) -> str:
    try:
        text = clean_text(body, limit=LONGEST)
    except InvalidValue as error:
        raise Invalid({"body": [_(MESSAGES[error.code]) % error.params]}) from error
    if not text:
        raise Invalid({"body": [_("Write something first.")]})
    missing = [uid for uid in dict.fromkeys(mentions) if uid not in _mentioned(text)]
    text = " ".join([text, *(f"@{{{uid}}}" for uid in missing)])
    if len(_mentioned(text)) > MOST_MENTIONS or len(text) > LONGEST:
        raise Invalid(
            {"body": [_("At most %(limit)s people can be mentioned at once.") % {"limit": MOST_MENTIONS}]}
        )
    return text


def _mentioned(text: str) -> list[UUID]:
    return list(dict.fromkeys(UUID(found) for found in MENTION.findall(text)))
