"""Saved views: keep a list's state under a name, share it, open it first, drop it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jike.foundation.errors import RuleBroken
from jike.foundation.pages.resources.lists import entered
from jike.foundation.personal import drop_view, keep_view
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.state import read_state

__all__ = ["drop", "keep"]


@require_POST
def keep(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Keep the list's state; only what this actor may mean enters the view."""
    actor = entered(request, resource)
    state = read_state(resource, QueryDict(request.POST.get("address", "")), actor)
    kept = {name: value for name, value in state.parameters().items() if name != "view"}
    try:
        view = keep_view(
            actor,
            resource.slug,
            request.POST.get("name", ""),
            state=kept,
            shared=bool(request.POST.get("shared")),
            first=bool(request.POST.get("first")),
        )
    except RuleBroken as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('resource:list', args=[resource.slug])}?{state.address()}")
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(f"{reverse('resource:list', args=[resource.slug])}?view={view.uid}")


@require_POST
def drop(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Drop one of one's own views."""
    actor = entered(request, resource)
    drop_view(actor, uid)
    messages.success(request, _("The view is gone; the records stay."))
    return redirect("resource:list", resource.slug)
