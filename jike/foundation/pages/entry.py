"""The way into a page: signed in, with the right method, and with the permission; without it there is no such page."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from jike.foundation.directory import address_of
from jike.foundation.errors import NotFound
from jike.foundation.models import Record, RecordKey
from jike.foundation.scope import Actor, fetch_key

__all__ = ["PageRequest", "after", "before_of", "page", "record_at"]

View = Callable[..., HttpResponseBase]


class PageRequest(HttpRequest):
    """A request of somebody signed in."""

    actor: Actor
    htmx: Any


def page(*methods: str, permission: str = "") -> Callable[[View], View]:
    """Let a view be reached by ``methods`` and by those who hold ``permission``; for others there is nothing (404)."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: PageRequest, *given: Any, **named: Any) -> HttpResponseBase:
            if permission and not request.actor.holds(permission):
                raise NotFound
            return view(request, *given, **named)

        entered: View = require_http_methods(methods)(login_required(guarded))
        return entered

    return mark


def record_at(request: PageRequest, kind: str, uid: UUID) -> Record:
    """Return the record named in the address, or NotFound when this person may not view it."""
    try:
        return fetch_key(RecordKey(kind, uid), request.actor)
    except LookupError as error:
        # Comments, files and shares have no rights of their own, so no record of these kinds is shown by itself.
        raise NotFound from error


def before_of(request: HttpRequest) -> int | None:
    """Return the id before which the page of a list begins, None for its head."""
    given = request.GET.get("before", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def after(record: Record) -> HttpResponseRedirect:
    """Return to the record's page, for browsers without scripts."""
    return HttpResponseRedirect(address_of(record.key) or "/")
