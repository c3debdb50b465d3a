"""What people keep for themselves: saved views, drafts, favourites and the records opened last.

Each function takes the actor and touches that person's own rows only; tokens and the system keep nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from jike.foundation.audit.gate import may_write
from jike.foundation.entering import entered
from jike.foundation.errors import Invalid, NotFound, RuleBroken
from jike.foundation.models import Bookmark, Draft, Record, SavedView
from jike.foundation.prepared import Prepared
from jike.foundation.scope import Actor
from jike.values.text import clean_line

__all__ = [
    "draft_of",
    "drop_draft",
    "drop_view",
    "favourites_of",
    "is_favourite",
    "keep_draft",
    "keep_view",
    "mark_favourite",
    "note_opened",
    "recent_of",
    "views_for",
]

MOST_VIEWS, MOST_RECENT, MOST_DRAFT_BYTES = 50, 20, 200_000
NOTE_OPENED = """
    WITH opened AS (
        INSERT INTO foundation_bookmark (person, about_kind, about_uid, favourite)
        VALUES (%(person)s, %(kind)s, %(uid)s, false)
        ON CONFLICT (person, about_uid) DO UPDATE SET opened_at = statement_timestamp())
    DELETE FROM foundation_bookmark WHERE id IN (
        SELECT id FROM foundation_bookmark
        WHERE person = %(person)s AND about_uid <> %(uid)s AND NOT favourite ORDER BY opened_at DESC OFFSET %(kept)s)"""
"""One statement, written out, since every page of a record does this, and two tabs may do it at once."""


@dataclass(frozen=True)
class Opened:
    """A bookmark's record by name."""

    kind: str
    uid: UUID
    favourite: bool


def _reader(actor: Actor) -> UUID:
    """Return whose things these are; the system has none."""
    if actor.uid is None:
        raise NotFound
    return actor.uid


def _keeper(actor: Actor) -> UUID:
    """Return who keeps something here; whoever looks through another person's eyes keeps nothing."""
    may_write(actor)
    return _reader(actor)


_VIEWS = Prepared(
    lambda person, resource: SavedView.objects.filter(Q(person=person) | Q(shared=True), resource=resource),
    UUID(int=1),
    "a resource",
)


def views_for(actor: Actor, resource: str) -> list[SavedView]:
    """Return the views this person sees above a list: their own, then the shared ones of others."""
    person = _reader(actor)
    return sorted(
        _VIEWS.rows(person, resource), key=lambda view: (view.person != person, not view.first, view.pk)
    )


def keep_view(
    actor: Actor,
    resource: str,
    name: str,
    *,
    state: Mapping[str, str],
    shared: bool = False,
    first: bool = False,
) -> SavedView:
    """Save a list's state under ``name``; the person's own view of that name is replaced."""
    person, name = _keeper(actor), entered("name", clean_line, name, limit=40)
    if not name:
        raise Invalid({"name": [_("Give the view a name.")]})
    with transaction.atomic():
        mine = SavedView.objects.select_for_update().filter(person=person, resource=resource)
        if mine.exclude(name=name).count() >= MOST_VIEWS:
            raise RuleBroken(
                _("You have %(most)s views of this list; remove one first.") % {"most": MOST_VIEWS}
            )
        if first:
            mine.filter(first=True).update(first=False)
        values = {"state": dict(state), "shared": shared, "first": first}
        view, _made = SavedView.objects.update_or_create(
            person=person, resource=resource, name=name, defaults=values
        )
    return view


def drop_view(actor: Actor, uid: UUID) -> None:
    """Remove one of the person's own views; others' look absent."""
    gone, _kinds = SavedView.objects.filter(person=_keeper(actor), uid=uid).delete()
    if not gone:
        raise NotFound


def keep_draft(actor: Actor, form: str, about: UUID | None, *, data: Mapping[str, Any]) -> None:
    """Keep what was typed so far; one draft per person, form and record."""
    if sum(len(str(value)) for value in data.values()) > MOST_DRAFT_BYTES:
        raise RuleBroken(_("This is too much text to be kept as a draft."))
    Draft.objects.update_or_create(
        person=_keeper(actor), form=form, about=about, defaults={"data": dict(data), "typed_at": Now()}
    )


def draft_of(actor: Actor, form: str, about: UUID | None) -> Draft | None:
    """Return the person's draft of this form."""
    return Draft.objects.filter(person=_reader(actor), form=form, about=about).first()


def drop_draft(actor: Actor, form: str, about: UUID | None) -> None:
    """Forget the draft: it was saved or thrown away."""
    Draft.objects.filter(person=_keeper(actor), form=form, about=about).delete()


def note_opened(actor: Actor, record: Record) -> None:
    """Remember that the person opened the record just now; only the latest are kept, and the favourites."""
    if actor.person is None or actor.on_behalf is not None:
        return
    opened: dict[str, Any] = {
        "person": _keeper(actor),
        "kind": record.kind(),
        "uid": record.uid,
        "kept": MOST_RECENT - 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE_OPENED, opened)


def mark_favourite(actor: Actor, record: Record, *, on: bool) -> None:
    """Mark or unmark the record as a favourite."""
    Bookmark.objects.update_or_create(
        person=_keeper(actor), about_uid=record.uid, defaults={"about_kind": record.kind(), "favourite": on}
    )


def is_favourite(actor: Actor, record: Record) -> bool:
    """Whether the person marked the record."""
    return Bookmark.objects.filter(person=_reader(actor), about_uid=record.uid, favourite=True).exists()


def recent_of(actor: Actor, *, limit: int = 8) -> list[Opened]:
    """Return the records opened last, latest first; the reader of names decides which may still be seen."""
    return _opened(Bookmark.objects.filter(person=_reader(actor)).order_by("-opened_at")[:limit])


def favourites_of(actor: Actor, *, limit: int = 30) -> list[Opened]:
    """Return the favourites, latest opened first."""
    return _opened(
        Bookmark.objects.filter(person=_reader(actor), favourite=True).order_by("-opened_at")[:limit]
    )


def _opened(bookmarks: Iterable[Bookmark]) -> list[Opened]:
    return [Opened(one.about_kind, one.about_uid, one.favourite) for one in bookmarks]
