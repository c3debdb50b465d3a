"""The page on which finance bills a month: what was billed so far, and which month comes next."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.inventory import actions, queries
from jike.foundation.errors import RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.presenting import in_wan

__all__ = ["months"]


@page("GET", "POST", permission="inventory.bill:run")
def months(request: PageRequest) -> HttpResponse:
    """Show the months with their sums; begin the run of one as a background task."""
    today = timezone.localdate()
    choices = queries.months_to_bill(today)
    if request.method == "POST":
        chosen = next((one for one in choices if f"{one:%Y-%m}" == request.POST.get("month")), None)
        if chosen is None:
            raise RuleBroken(_("Only a month that is over can be billed."))
        actions.order_run(chosen, actor=request.actor)
        messages.success(request, _("The run is on its way; you will find it in the task centre."))
        return redirect("inventory:months")
    found = queries.billed_months()
    context = {
        "months": [(one, in_wan(one.amount), in_wan(one.owed)) for one in found],
        "choices": choices,
        "next": queries.next_month_to_bill(today),
    }
    return render(request, "inventory/months.html", context)
