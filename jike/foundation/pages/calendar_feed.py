"""The feed of one's own calendar: read by calendar programs without signing in, opened and revoked in my account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jike.foundation import personal_calendar as calendars
from jike.foundation.pages.entry import PageRequest, page

__all__ = ["close", "feed", "renew"]


@require_safe
@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar of whoever this address belongs to."""
    actor, person = calendars.whose(token)
    with translation.override(person.language):
        content = calendars.written(actor, person.name, today=timezone.localdate())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=300"
    answer["Content-Disposition"] = 'inline; filename="jike.ics"'
    return answer


@page("POST")
def renew(request: PageRequest) -> HttpResponse:
    """Give one's own calendar an address, another one where it had one."""
    calendars.open_feed(request.actor)
    messages.success(request, _("Your calendar has an address now; give it to your calendar program."))
    return redirect("me")


@page("POST")
def close(request: PageRequest) -> HttpResponse:
    """Revoke the address of one's own calendar."""
    calendars.close_feed(request.actor)
    messages.success(request, _("The address of your calendar leads nowhere now."))
    return redirect("me")
