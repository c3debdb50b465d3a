"""The task centre: one's background tasks with progress, results, failures in a sentence, cancel and retry."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jike.foundation import background
from jike.foundation.background import Standing
from jike.foundation.exchange.releasing import note_download
from jike.foundation.models import BackgroundTask
from jike.foundation.pages.entry import PageRequest, before_of, page

__all__ = ["again", "cancel", "download", "tasks", "watch"]

PAGE_ROWS = 50
State = BackgroundTask.State
STOP_POLLING = 286
"""The status by which htmx swaps the answer in and asks no more."""


@page("GET")
def tasks(request: PageRequest) -> HttpResponse:
    """Show one's tasks, newest first; asked by htmx, only the part that changes."""
    rows = background.mine(request.actor, before=before_of(request), limit=PAGE_ROWS + 1)
    context = {
        "tasks": rows[:PAGE_ROWS],
        "next_before": rows[PAGE_ROWS - 1].task.pk if len(rows) > PAGE_ROWS else None,
        "days": background.KEEP_RESULTS.days,
        "polling": before_of(request) is None and any(row.unfinished for row in rows),
    }
    return render(request, "foundation/_tasks.html" if request.htmx else "foundation/tasks.html", context)


@page("GET")
def watch(request: PageRequest, uid: UUID) -> HttpResponse:
    """Tell a page, while it stays open, how a task begun there ends: nothing until then, at last a toast."""
    standing = background.standing_of(uid, request.actor)
    if standing.unfinished:
        return HttpResponse(status=204)
    response = HttpResponse(status=STOP_POLLING)
    response["HX-Trigger"] = json.dumps({"toast": _told(standing)})
    return response


@page("GET")
def download(request: PageRequest, uid: UUID) -> HttpResponseBase:
    """Stream the result to its owner; it never opens in the browser."""
    path, name = background.result_of(uid, request.actor)
    note_download(background.standing_of(uid, request.actor).task, request.actor)
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@page("POST")
def cancel(request: PageRequest, uid: UUID) -> HttpResponse:
    """Give a task up."""
    background.cancel(uid, actor=request.actor)
    messages.success(request, _("The task is cancelled; it leaves nothing behind."))
    return redirect("foundation:tasks")


@page("POST")
def again(request: PageRequest, uid: UUID) -> HttpResponse:
    """Run a task once more."""
    background.again(uid, actor=request.actor)
    messages.success(request, _("The task runs again."))
    return redirect("foundation:tasks")


def _told(standing: Standing) -> dict[str, object]:
    task = standing.task
    sentence = task.sentence or task.get_state_display()
    told: dict[str, object] = {"text": f"{task.title}: {sentence}", "bad": task.state == State.FAILED}
    if standing.downloadable:
        told["link"] = {"text": _("Download"), "url": reverse("foundation:task_file", args=[task.uid])}
    else:
        told["link"] = {"text": _("Task centre"), "url": reverse("foundation:tasks")}
    return told
