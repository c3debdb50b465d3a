"""The page of notices: what one was told, marking it as read, and choosing how to be told of what."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from jike.foundation.audit.gate import may_write
from jike.foundation.errors import NotFound
from jike.foundation.notify import (
    Channel,
    choose_channel,
    mail_is_configured,
    mark_read,
    notices_of,
    shown,
    subscriptions_of,
    unread_count,
)
from jike.foundation.pages.entry import PageRequest, before_of, page

__all__ = ["choices_of", "choose", "count", "follow_notice", "notices", "read_all"]

PAGE_ROWS = 50


@page("GET")
def notices(request: PageRequest) -> HttpResponse:
    """Show one's notices, newest first, and one's subscriptions."""
    unread = request.GET.get("unread") == "1"
    person = _person(request)
    rows = list(notices_of(person, unread=unread, before=before_of(request))[: PAGE_ROWS + 1])
    context = {
        "notices": shown(rows[:PAGE_ROWS], request.actor),
        "unread": unread,
        "next_before": rows[PAGE_ROWS - 1].pk if len(rows) > PAGE_ROWS else None,
        **choices_of(person),
    }
    return render(request, "foundation/_notices.html" if request.htmx else "foundation/notices.html", context)


def choices_of(person: UUID) -> dict[str, object]:
    """Return how the person wants to be told of what, for this page and that of the account."""
    return {
        "subscriptions": subscriptions_of(person),
        "channels": Channel.choices,
        "mail": mail_is_configured(),
    }


@page("POST")
def follow_notice(request: PageRequest, number: int) -> HttpResponse:
    """Mark the notice as read and go where it leads."""
    found = notices_of(_person(request)).filter(pk=number).first()
    if found is None:
        raise NotFound
    if request.actor.on_behalf is None:
        mark_read(_person(request), [number])
    (one,) = shown([found], request.actor)
    return redirect(one.address or "foundation:notices")


@page("POST")
def read_all(request: PageRequest) -> HttpResponse:
    """Mark everything as read."""
    may_write(request.actor)
    mark_read(_person(request))
    return redirect("foundation:notices")


@page("POST")
def choose(request: PageRequest) -> HttpResponse:
    """Set how one wants to hear of a topic."""
    may_write(request.actor)
    choose_channel(_person(request), request.POST.get("topic", ""), request.POST.get("channel", ""))
    return redirect("foundation:notices")


@page("GET")
def count(request: PageRequest) -> HttpResponse:
    """Give the number of unread notices as a fragment for the top bar."""
    return render(request, "foundation/_unread.html", {"unread": unread_count(_person(request))})


def _person(request: PageRequest) -> UUID:
    if request.actor.uid is None:
        raise NotFound
    return request.actor.uid
