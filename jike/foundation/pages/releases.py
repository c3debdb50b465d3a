"""Large exports that wait for a second person: released or refused, one by one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jike.foundation.directory import people
from jike.foundation.errors import Invalid
from jike.foundation.exchange.releasing import RELEASE, decide, waiting
from jike.foundation.pages.entry import PageRequest, page

__all__ = ["act", "releases"]


@page("GET", permission=RELEASE)
def releases(request: PageRequest) -> HttpResponse:
    """Show what waits for this person's release."""
    held = waiting(request.actor)
    owners = people([task.person for task in held])
    context = {"held": [(task, owners.get(task.person)) for task in held]}
    return render(request, "foundation/releases.html", context)


@page("POST", permission=RELEASE)
def act(request: PageRequest, uid: UUID) -> HttpResponse:
    """Release or refuse one."""
    said = request.POST.get("act", "")
    if said not in ("release", "refuse"):
        raise Invalid({"act": [_("Choose one of those offered.")]})
    decide(uid, actor=request.actor, release=said == "release")
    messages.success(
        request, _("The export is released.") if said == "release" else _("The export is refused.")
    )
    return redirect("foundation:releases")
