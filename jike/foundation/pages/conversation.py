"""Comments on a record as a fragment that any page may load, with mentions, editing, removal and following."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.foundation import conversation
from jike.foundation.conversation import EDITABLE_MINUTES, MENTION
from jike.foundation.directory import people, people_called
from jike.foundation.entering import whole_number
from jike.foundation.errors import Invalid
from jike.foundation.models import Comment, Record
from jike.foundation.pages.entry import PageRequest, after, before_of, page, record_at
from jike.foundation.scope import may

__all__ = ["comments", "edit", "following", "mention", "people_to_mention", "remove", "restore"]

PAGE_ROWS = 20


@page("GET", "POST")
def comments(request: PageRequest, kind: str, uid: UUID) -> HttpResponse:
    """Show the record's comments; take a new one."""
    record = record_at(request, kind, uid)
    if request.method == "GET":
        return _fragment(request, record)
    try:
        mentions = [UUID(given) for given in request.POST.getlist("mention")]
    except ValueError as error:
        raise Invalid({"mention": [_("This is nobody who can be mentioned.")]}) from error
    conversation.comment_on(record, request.POST.get("body", ""), mentions=mentions, actor=request.actor)
    return _fragment(request, record) if request.htmx else after(record)


@page("GET", "POST")
def edit(request: PageRequest, uid: UUID) -> HttpResponse:
    """Offer one's own comment for editing; take the edited one."""
    row, record = conversation.commented(uid, request.actor)
    if request.method == "GET":
        return render(request, "foundation/_comment_edit.html", {"comment": row})
    version = whole_number(request.POST.get("version", ""))
    body = request.POST.get("body", "")
    conversation.edit_comment(uid, body, actor=request.actor, now=timezone.now(), version=version)
    return _fragment(request, record) if request.htmx else after(record)


@page("POST")
def remove(request: PageRequest, uid: UUID) -> HttpResponse:
    """Remove a comment; the fragment offers to undo it."""
    _row, record = conversation.commented(uid, request.actor)
    conversation.remove_comment(uid, actor=request.actor)
    return _fragment(request, record, removed=uid) if request.htmx else after(record)


@page("POST")
def restore(request: PageRequest, uid: UUID) -> HttpResponse:
    """Bring a removed comment back."""
    _row, record = conversation.commented(uid, request.actor, removed=True)
    conversation.restore_comment(uid, actor=request.actor)
    return _fragment(request, record) if request.htmx else after(record)


@page("POST")
def following(request: PageRequest, kind: str, uid: UUID) -> HttpResponse:
    """Follow the record, or no longer."""
    record = record_at(request, kind, uid)
    if request.POST.get("follow") == "1":
        conversation.follow(record, actor=request.actor)
    else:
        conversation.unfollow(record, actor=request.actor)
    return _fragment(request, record) if request.htmx else after(record)


@page("GET")
def people_to_mention(request: PageRequest) -> HttpResponse:
    """Offer people by the beginning of their name."""
    found = people_called(request.GET.get("who", "")[:60], limit=8)
    return render(request, "foundation/_mention_choices.html", {"people": found})


@page("GET")
def mention(request: PageRequest, uid: UUID) -> HttpResponse:
    """Give the chip that mentions one person in the comment being written."""
    return render(request, "foundation/_mention.html", {"someone": people([uid]).get(uid)})


def _fragment(request: PageRequest, record: Record, *, removed: UUID | None = None) -> HttpResponse:
    rows = list(conversation.comments_of(record, before=before_of(request))[: PAGE_ROWS + 1])
    shown = rows[:PAGE_ROWS]
    known = people({row.author for row in shown} | {uid for row in shown for uid in row.mentions})
    names = {uid: one.name for uid, one in known.items()}
    moderates = may(request.actor, "remove", record) if "remove" in record.ACTIONS else False
    context = {
        "record": record,
        "comments": [_shown(request, row, names=names, moderates=moderates) for row in shown],
        "next_before": shown[-1].pk if len(rows) > PAGE_ROWS else None,
        "follows": request.actor.uid in conversation.followers_of(record),
        "removed": removed,
        "minutes": EDITABLE_MINUTES,
    }
    return render(request, "foundation/_comments.html", context)


def _shown(
    request: PageRequest, row: Comment, *, names: dict[UUID, str], moderates: bool
) -> dict[str, object]:
    own = row.author == request.actor.uid
    age = (timezone.now() - row.said_at).total_seconds()
    return {
        "row": row,
        "author": names.get(row.author, "?"),
        "parts": _parts(row.body, names),
        "editable": own and age < EDITABLE_MINUTES * 60,
        "removable": own or moderates,
        "edited": row.version > 1,
    }


def _parts(body: str, names: dict[UUID, str]) -> list[tuple[str, str]]:
    """Return the text in pieces: ("text", …) and ("mention", name)."""
    pieces = MENTION.split(body)
    return [
        ("mention", names.get(UUID(piece), "?")) if place % 2 else ("text", piece)
        for place, piece in enumerate(pieces)
    ]
