"""Pages that belong to no capability: the start page, my account, my sessions, language and look."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jike.apps.organisation import actions, queries
from jike.foundation.pages.home import cards_for, leads, viewpoint_of
from jike.foundation.pages.notices import choices_of
from jike.foundation.personal_calendar import token_of
from jike.foundation.scope import Actor
from jike.site.shell import THEME_COOKIE, THEMES

__all__ = ["end_session", "home", "me", "preferences", "sign_out_everywhere"]

YEAR = 365 * 24 * 3600


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what now: the cards of this person's capabilities, for themselves or for the units they lead."""
    view = viewpoint_of(request)  # type: ignore[arg-type]
    context = {"person": request.user, "view": view, "leads": leads(view.actor), "cards": cards_for(view)}
    return render(request, "site/home.html", context)


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Show my account: facts, posts, safety, language and look."""
    return render(request, "site/me.html", _about_me(request))


def _about_me(request: HttpRequest) -> dict[str, object]:
    actor = request.actor  # type: ignore[attr-defined]
    person: Any = request.user
    return {
        "person": person,
        "posts": queries.posts_of(person, actor),
        "deputies": queries.deputies_of(person, actor, now=timezone.now()),
        "principals": queries.principals_of(person, now=timezone.now()),
        "sessions": queries.sessions_of(person),
        "session_key": request.session.session_key,
        "second_factor": queries.has_second_factor(person),
        "feed": _calendar_address(actor),
        **choices_of(person.uid),
    }


def _calendar_address(actor: Actor) -> str:
    token = token_of(actor)
    return f"{settings.CONFIG.origin}{reverse('foundation:calendar_feed', args=[token])}" if token else ""


@require_POST
@login_not_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Set language or look: in a cookie, and once signed in for the person on every device."""
    language, theme = request.POST.get("language"), request.POST.get("theme")
    language = language if language in dict(settings.LANGUAGES) else None
    theme = theme if theme in THEMES else None
    onward = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(onward if safe else "/")
    if language:
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    if theme:
        _remember(response, THEME_COOKIE, theme)
    if request.user.is_authenticated and (language or theme):
        actions.set_preferences(request.user, actor=request.actor, language=language, theme=theme)  # type: ignore[attr-defined]
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=YEAR, secure=settings.SECURE_TRANSPORT, httponly=True, samesite="Lax"
    )


@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one of my sessions."""
    actions.end_session(request.user, actor=request.actor, number=number)  # type: ignore[attr-defined, arg-type]
    messages.success(request, _("The session has ended."))
    return redirect("usersessions_list")


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all my sessions, this one too."""
    actions.sign_out_everywhere(request.user, actor=request.actor)  # type: ignore[attr-defined, arg-type]
    return redirect("account_login")
