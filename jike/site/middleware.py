"""What happens around every request: an id, the actor, the language, and errors turned into answers."""

import logging
import time
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

from jike.apps.organisation import queries
from jike.apps.organisation.actions import note_token_use
from jike.apps.organisation.actions.sessions import SEEN_EVERY, note_session_use
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries.people import has_second_factor
from jike.apps.organisation.rules import password_expired
from jike.foundation.errors import JikeError, Refused, Unavailable
from jike.site.errors import respond, wants_json
from jike.values.identifiers import uid7

__all__ = ["SignedIn", "actor", "database_down", "duties", "errors", "language", "request_id"]

Handler = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("jike.request")

SEEN_AS = "see_as"
"""Session key: the uid of the person through whose eyes a security administrator looks."""
PASSWORD_PAGE, SECOND_FACTOR_PAGE = "account_change_password", "mfa_activate_totp"
DUTY_SENTENCES = {
    PASSWORD_PAGE: gettext_lazy("Change your password first."),
    SECOND_FACTOR_PAGE: gettext_lazy("Set up a second factor first."),
}
ALWAYS_OPEN = (
    "/static/",
    "/account/logout/",
    "/account/confirm/",
    "/account/second-factor/confirm/",
    "/preferences/",
)


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
        chosen = getattr(request.user, "language", "") or request.COOKIES.get(
            settings.LANGUAGE_COOKIE_NAME, ""
        )
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
    """Build the actor once: the person signed in, seen through by a security administrator where so, or a token's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        secret = bearer(request)
        if secret is not None:
            return _as_token(request, secret, get_response)
        if request.user.is_authenticated:
            # The row itself, not Django's lazy stand-in, whose type the write gate could not tell.
            request.user = getattr(request.user, "_wrapped", request.user)
            seen_as = request.session.get(SEEN_AS)
            found = queries.actor_of(
                request.user,
                now=timezone.now(),
                request=request.jike_id,  # type: ignore[attr-defined]
                see_as=UUID(seen_as) if seen_as else None,
            )
            if seen_as and found.on_behalf is None:
                del request.session[SEEN_AS]
            request.actor = found  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


class SignedIn(LoginRequiredMiddleware):
    """Every page needs somebody, unless it says that it does not (``login_not_required``)."""

    def process_view(self, request: HttpRequest, view_func: Any, *arguments: Any) -> HttpResponseBase | None:
        if hasattr(request, "actor"):
            return None
        return super().process_view(request, view_func, *arguments)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """Send a page to the sign-in; tell a fragment or a program, whose typed text then stays where it is."""
        if not (getattr(request, "htmx", False) or wants_json(request)):
            return super().handle_no_permission(request, view_func)
        sentence = gettext(
            "You are signed out. What you typed is still here: sign in in another tab, then try again."
        )
        response = respond(request, Refused(sentence))
        response.status_code = 401
        return response


def bearer(request: HttpRequest) -> str | None:
    """Return the integration token of an interface request; pages know sessions only."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and request.path.startswith("/api/") else None


def _as_token(request: HttpRequest, secret: str, get_response: Handler) -> HttpResponse:
    now = timezone.now()
    found = queries.actor_of_token(secret, now=now, request=request.jike_id)  # type: ignore[attr-defined]
    if found is None:
        response = respond(request, Refused(gettext("This token is not known, was revoked or has expired.")))
        response.status_code = 401
        response["WWW-Authenticate"] = "Bearer"
        return response
    request.user = AnonymousUser()
    request.actor, token = found  # type: ignore[attr-defined]
    note_token_use(token, actor=request.actor, now=now)  # type: ignore[attr-defined]
    return get_response(request)


def duties(get_response: Handler) -> Handler:
    """Let nobody go on who must first change the password or set up a second factor; note the session's use."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        duty = "" if request.path.startswith(ALWAYS_OPEN) else _duty(request)
        if duty and request.path != reverse(duty):
            if request.htmx or request.method != "GET":  # type: ignore[attr-defined]
                return respond(request, Refused(DUTY_SENTENCES[duty]))
            return HttpResponseRedirect(reverse(duty))
        _note_use(request)
        return get_response(request)

    return middleware


def _duty(request: HttpRequest) -> str:
    """Return the name of the page that must be done with first, or nothing."""
    person, session = cast(Person, request.user), request.session
    records = get_authentication_records(request, person)
    by_company = any(one.get("method") == "socialaccount" for one in records)
    expired = password_expired(person.password_set_at, days=settings.CONFIG.password_days, now=timezone.now())
    if (person.must_change_password or expired) and not by_company:
        return PASSWORD_PAGE
    if settings.CONFIG.require_second_factor and not session.get("second_factor"):
        if not has_second_factor(person):
            return SECOND_FACTOR_PAGE
        session["second_factor"] = True
    return ""


def _note_use(request: HttpRequest) -> None:
    last = request.session.get("used", 0)
    if time.time() - last > SEEN_EVERY.total_seconds():
        request.session["used"] = int(time.time())
        note_session_use(str(request.session.session_key), actor=request.actor)  # type: ignore[attr-defined]
