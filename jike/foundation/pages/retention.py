"""For how long what is kept by time is kept: each sort with what would go tonight, tried before it is chosen."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.foundation.entering import whole_number
from jike.foundation.errors import Invalid
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.privacy.retention import CHANGE, VIEW, keep_days, standings

__all__ = ["retention"]


@page("GET", "POST", permission=VIEW)
def retention(request: PageRequest) -> HttpResponse:
    """Show every sort of data; take the days of one, to be tried or to be kept."""
    problem, trying = "", {}
    if request.method == "POST":
        name, days = request.POST.get("name", ""), whole_number(request.POST.get("days", ""))
        if request.POST.get("act") == "try" and days is not None:
            trying = {name: days}
        else:
            try:
                keep_days(name, -1 if days is None else days, actor=request.actor)
                messages.success(request, _("From tonight on it is kept so long."))
                return redirect("foundation:retention")
            except Invalid as error:
                problem = " ".join(str(one) for told in error.fields.values() for one in told)
    context = {
        "standings": standings(now=timezone.now(), trying=trying),
        "tried": trying,
        "problem": problem,
        "may_change": request.actor.holds(CHANGE),
    }
    return render(request, "foundation/retention.html", context, status=422 if problem else 200)
