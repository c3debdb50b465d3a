"""What happens around every request: an id, the actor, the language, and errors turned into answers."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from jike.apps.organisation import queries
from jike.foundation.errors import JikeError, Unavailable
from jike.site.errors import respond
from jike.values.identifiers import uid7

__all__ = ["actor", "database_down", "errors", "language", "request_id"]

Handler = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("jike.request")


def request_id(get_response: Handler) -> Handler:
    """Give each request an id, which its changes carry and its answer shows."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.jike_id = uid7()  # type: ignore[attr-defined]
        response = get_response(request)
        response["X-Request-Id"] = str(request.jike_id)  # type: ignore[attr-defined]
        return response

    return middleware


def database_down(get_response: Handler) -> Handler:
    """Answer 503 with a page that says so while PostgreSQL is away; nothing that was typed is lost by it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            return get_response(request)
        except (OperationalError, InterfaceError):
            log.exception("database unreachable (request %s)", request.jike_id)  # type: ignore[attr-defined]
            return respond(request, Unavailable())

    return middleware


def language(get_response: Handler) -> Handler:
    """Speak the person's language; before sign-in the cookie's, else Chinese."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        code = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
            response.headers.setdefault("Content-Language", code)
            return response

    return middleware


def errors(get_response: Handler) -> Handler:
    """Turn every error of our tree into a page, a fragment or JSON."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
            if isinstance(exception, OperationalError | InterfaceError):
                log.error("database unreachable (request %s): %s", request.jike_id, exception)  # type: ignore[attr-defined]
                return respond(request, Unavailable())
            return respond(request, exception) if isinstance(exception, JikeError) else None

    return Middleware()


def actor(get_response: Handler) -> Handler:
    """Build the actor once: the person signed in, seen through by a security administrator where so."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            seen_as = request.session.get("see_as")
            request.actor = queries.actor_of(  # type: ignore[attr-defined]
                request.user,
                now=timezone.now(),
                request=request.jike_id,  # type: ignore[attr-defined]
                see_as=UUID(seen_as) if seen_as else None,
            )
        return get_response(request)

    return middleware
