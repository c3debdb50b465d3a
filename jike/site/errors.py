"""Errors as answers: a page for people, a fragment for htmx, JSON for programs."""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jike.foundation.errors import Invalid, JikeError, NotFound, Refused, TooLarge, Unavailable

__all__ = ["bad_request", "csrf_failure", "not_found", "permission_denied", "respond", "server_error"]


def respond(request: HttpRequest, error: JikeError) -> HttpResponse:
    """Return the answer that fits who asks."""
    context = {"status": error.status, "message": str(error) or default_sentence(error.status)}
    if wants_json(request):
        body: dict[str, Any] = {"error": type(error).__name__, "message": context["message"]}
        if isinstance(error, Invalid):
            body["fields"] = error.fields
        response: HttpResponse = JsonResponse(body, status=error.status)
    elif getattr(request, "htmx", False):
        response = render(request, "errors/_error.html", context, status=error.status)
        response["HX-Retarget"], response["HX-Reswap"] = "#notice", "innerHTML"
    else:
        response = render(request, "errors/error.html", context, status=error.status)
    if isinstance(error, Unavailable):
        response["Retry-After"] = "5"
    return response


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks."""
    return request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", "")


def default_sentence(status: int) -> str:
    """Return what happened, what is safe and what to do, for errors that bring no words of their own."""
    return {
        400: _("The request could not be understood. Nothing was changed."),
        403: _("You may not do this here. Nothing was changed."),
        404: _("There is nothing here, or nothing that you may see."),
        503: _(
            "The database does not answer at the moment. What was saved is safe; please try again in a moment."
        ),
    }.get(status, _("Something went wrong on our side. It has been noted; what was saved is safe."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an unknown address."""
    return respond(request, NotFound())


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what Django itself refuses."""
    return respond(request, Refused())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that Django cannot read."""
    if isinstance(exception, RequestDataTooBig):
        return respond(request, TooLarge(_("This is more than can be sent at once. Nothing was changed.")))
    error = JikeError()
    error.status = 400  # type: ignore[misc]
    return respond(request, error)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours, without its inner life; or what a middleware met, which Django brings here."""
    failure = sys.exc_info()[1]
    if isinstance(failure, OperationalError | InterfaceError):
        return respond(request, Unavailable())
    return respond(request, failure if isinstance(failure, JikeError) else JikeError())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid token."""
    return respond(
        request,
        Refused(
            _("This form was open for too long or came from elsewhere. Reload the page and send it again.")
        ),
    )
