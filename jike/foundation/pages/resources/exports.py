"""Exporting a list: which type of file, then a task that the task centre shows."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jike.foundation.background import KEEP_RESULTS
from jike.foundation.errors import Invalid
from jike.foundation.exchange import FileType, order_export
from jike.foundation.exchange.revealing import may_reveal_many
from jike.foundation.pages.resources.bulk import chosen_in
from jike.foundation.pages.resources.lists import entered
from jike.foundation.resource.bulk import rows_chosen
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.listing import count_up_to
from jike.foundation.resource.state import read_state

__all__ = ["choose", "start"]

LABELS = {FileType.XLSX: lambda: _("Excel workbook (.xlsx)"), FileType.CSV: lambda: _("Text (.csv)")}


@require_POST
def choose(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Show the dialog: how many records, and the type of file."""
    actor = entered(request, resource)
    rows = rows_chosen(resource, chosen_in(request, resource, actor), actor, today=timezone.localdate())
    number, complete = count_up_to(rows)
    context: dict[str, Any] = {
        "resource": resource,
        "number": number,
        "complete": complete,
        "file_types": [(file_type, label()) for file_type, label in LABELS.items()],
        "days": KEEP_RESULTS.days,
        "may_reveal": may_reveal_many(resource, actor),
        "rows": request.POST.getlist("row"),
        "every": request.POST.get("every", ""),
        "address": request.POST.get("address", ""),
    }
    return render(request, "resource/_export.html", context)


@require_POST
def start(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Begin the export; the page stays and is told when it ends."""
    actor = entered(request, resource)
    uids: list[UUID] | None = None
    if not request.POST.get("every"):
        uids = list(chosen_in(request, resource, actor).uids)
        if not uids:
            raise Invalid({"row": [_("Choose the records to export first.")]})
    state = read_state(resource, QueryDict(request.POST.get("address", "")), actor)
    try:
        file_type = FileType(request.POST.get("file_type", FileType.XLSX))
    except ValueError as error:
        raise Invalid({"file_type": [_("There is no such type of file.")]}) from error
    task = order_export(
        resource, state, file_type, actor=actor, uids=uids, reveal=bool(request.POST.get("reveal"))
    )
    sentence = _("The export is on its way; you will find it in the task centre.")
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, sentence)
        return redirect("foundation:tasks")
    response = render(request, "resource/_export_watch.html", {"task": task})
    link = {"text": _("Task centre"), "url": reverse("foundation:tasks")}
    response["HX-Trigger"] = json.dumps({"toast": {"text": sentence, "link": link}})
    return response
