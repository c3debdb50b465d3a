"""Tags are made, hung on records, merged and put away."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from jike.foundation.audit import Outcome, Under, changing, changing_many, creating, removing
from jike.foundation.entering import entered
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.models.record import Record
from jike.foundation.models.tag import COLUMN, Tag
from jike.foundation.scope import Actor, require, system_actor
from jike.foundation.scope.reading import model_of
from jike.values.text import clean_line

__all__ = ["add_tag", "change_tag", "give_tags", "merge_tags", "remove_tag"]

MOST, AT_ONCE, LOCK_SPACE = 20, 5_000, 0x74616773
"""Tags of one record; records edited at a time."""


@transaction.atomic
def add_tag(*, actor: Actor, **details: Any) -> Tag:
    """Make a tag that everybody may use; whoever keeps tags makes managed ones."""
    return creating(Tag(**{"managed": True, **details}), actor=actor)


@transaction.atomic
def change_tag(tag: Tag, *, actor: Actor, version: int | None = None, **details: Any) -> Tag:
    """Rename or colour a tag; records keep it."""
    with changing(tag, actor=actor, version=version):
        for name, value in details.items():
            setattr(tag, name, value)
    return tag


@transaction.atomic
def remove_tag(tag: Tag, *, actor: Actor) -> Tag:
    """Put a tag away; records that have it no longer show it."""
    return removing(tag, actor=actor)


@transaction.atomic
def give_tags(
    record: Record,
    *,
    actor: Actor,
    tags: Sequence[int],
    words: Sequence[str] = (),
    version: int | None = None,
) -> Record:
    """Hang exactly ``tags`` on the record, and new free ones for ``words`` that are no tag yet."""
    with changing(record, actor=actor, version=version):
        known = Tag.objects.filter(of_kind=record.kind(), removed_at=None)
        given = set(known.filter(pk__in=list(tags)).values_list("pk", flat=True))
        given |= {_named(word, record, actor=actor).pk for word in words if word.strip()}
        if len(given) > MOST:
            raise RuleBroken(_("A record takes at most %(most)s tags.") % {"most": MOST})
        record.tags = sorted(given)  # type: ignore[attr-defined]
    return record


@transaction.atomic
def merge_tags(tag: Tag, *, actor: Actor, into: Tag) -> Outcome:
    """Give every record that has ``tag`` the other in its place, and put ``tag`` away."""
    require(actor, "merge", tag)
    if into.pk == tag.pk or into.of_kind != tag.of_kind or into.removed_at is not None:
        raise Invalid({"into": [_("Choose another tag of the same kind of record.")]})
    model: Any = model_of(tag.of_kind)
    having = model._default_manager.filter(removed_at=None, **{f"{COLUMN}__contains": [tag.pk]})
    held = dict(having.order_by("pk").values_list("pk", COLUMN))
    numbers, whole = list(held), Outcome()
    for start in range(0, len(numbers), AT_ONCE):
        edits = {
            number: {COLUMN: sorted({*held[number], into.pk} - {tag.pk})}
            for number in numbers[start : start + AT_ONCE]
        }
        outcome = changing_many(model, edits, actor=system_actor(f"tags: {actor.name}"), verb="change")
        whole.written += outcome.written
        whole.refused |= outcome.refused
    removing(tag, actor=actor)
    return whole


def _named(word: str, record: Record, *, actor: Actor) -> Tag:
    """Return the tag of that name, made where there is none by whoever may change the record."""
    name = entered("words", clean_line, word, limit=20)
    with connection.cursor() as cursor:  # two people who type one new word make one tag
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, name])
    found = Tag.objects.filter(of_kind=record.kind(), name=name, removed_at=None).first()
    return found or creating(
        Tag(of_kind=record.kind(), name=name), actor=actor, under=Under(record, "change")
    )
