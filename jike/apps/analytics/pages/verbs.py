"""The steps of a warning's loop, each in a small dialog; and the way to one's own warnings."""

import datetime as dt
import json
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.analytics import actions
from jike.apps.analytics.models import EarlyWarning
from jike.apps.analytics.models.labels import OUTCOMES
from jike.apps.analytics.pages.reasons import reason
from jike.apps.analytics.rules import Kind, outcomes_of
from jike.apps.sales.models import Opportunity
from jike.foundation.models.shapes import choices
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import fetch

__all__ = ["answer", "assign", "dismiss", "mine", "retain", "settle"]

KIND = "analytics.earlywarning"
CLOSING = dt.time(18)


class PlanForm(forms.Form):
    """Asks what will be done, and until when."""

    use_required_attribute = False
    plan = forms.CharField(label=gettext_lazy("what will be done"), max_length=200)
    due_on = forms.DateField(
        label=gettext_lazy("until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


class OutcomeForm(forms.Form):
    """Asks what came of it."""

    use_required_attribute = False
    outcome = forms.ChoiceField(
        label=gettext_lazy("outcome"), choices=choices(OUTCOMES), widget=forms.RadioSelect
    )
    remark = forms.CharField(
        label=gettext_lazy("remark"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """Asks why nothing needs to be done."""

    use_required_attribute = False
    remark = forms.CharField(
        label=gettext_lazy("reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@page("GET", "POST", permission=f"{KIND}:answer")
def answer(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask what will be done, and give the task."""
    warning = fetch(EarlyWarning, uid, request.actor, action="answer", related=("owner", "customer"))
    form = PlanForm(_sent(request))

    def act(given: dict[str, Any]) -> str:
        due = None
        if given["due_on"]:
            due = dt.datetime.combine(given["due_on"], CLOSING, tzinfo=timezone.get_current_timezone())
        actions.answer_warning(warning, actor=request.actor, plan=given["plan"], due_at=due)
        return _("A retention task was given.")

    return ask(request, warning, form, title=_("Answer with a task"), act=act)


@page("GET", "POST", permission=f"{KIND}:settle")
def settle(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask what came of it, and close the loop."""
    warning = fetch(EarlyWarning, uid, request.actor, action="settle", related=("customer",))

    def act(given: dict[str, Any]) -> str:
        actions.settle_warning(warning, actor=request.actor, **given)
        return _("The loop is closed: %(outcome)s.") % {"outcome": warning.get_outcome_display()}

    form = OutcomeForm(_sent(request))
    possible = {one.value for one in outcomes_of(Kind(warning.sign))}
    field = cast(forms.ChoiceField, form.fields["outcome"])
    field.choices = [one for one in choices(OUTCOMES) if one[0] in possible]
    if len(possible) == 1:
        field.initial = possible.pop()
    return ask(request, warning, form, title=_("Settle with an outcome"), act=act)


@page("GET", "POST", permission=f"{KIND}:dismiss")
def dismiss(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask why nothing needs to be done, and close the warning."""
    warning = fetch(EarlyWarning, uid, request.actor, action="dismiss", related=("customer",))

    def act(given: dict[str, Any]) -> str:
        actions.dismiss_warning(warning, actor=request.actor, **given)
        return _("The warning is dismissed.")

    return ask(request, warning, ReasonForm(_sent(request)), title=_("Dismiss the warning"), act=act)


@page("GET", "POST", permission=f"{KIND}:answer")
def retain(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask what the opportunity to keep the customer is called, and lead to it."""
    warning = fetch(EarlyWarning, uid, request.actor, action="answer", related=("owner", "customer"))
    names = ("name", "family", "expected_on", "monthly_amount", "needs")
    sign = warning.get_sign_display()
    initial = {
        "name": (_("Retention: %(customer)s") % {"customer": warning.customer})[:120],
        "needs": _("Early warning: %(sign)s. %(reason)s") % {"sign": sign, "reason": reason(warning)},
        "monthly_amount": None,
    }
    attributes = [attribute_of(Opportunity, name) for name in names]
    form = RecordForm(attributes, request.actor, data=_sent(request), initial=initial)
    made: list[Opportunity] = []

    def act(given: dict[str, Any]) -> str:
        made.append(actions.open_retention(warning, actor=request.actor, **given))
        return _("“%(name)s” is added.") % {"name": made[0]}

    answer = ask(request, warning, form, title=_("Open a retention opportunity"), act=act)
    if not made:
        return answer
    address = reverse("resource:record", args=["opportunities", made[0].uid])
    return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)


@page("GET", "POST", permission=f"{KIND}:assign")
def assign(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask who answers the warning."""
    warning = fetch(EarlyWarning, uid, request.actor, action="assign", related=("owner", "customer"))
    attributes = [attribute_of(EarlyWarning, "owner")]
    form = RecordForm(attributes, request.actor, data=_sent(request), initial={"owner": warning.owner})

    def act(given: dict[str, Any]) -> str:
        actions.assign_warning(warning, actor=request.actor, owner=given["owner"])
        return _("The warning is assigned.")

    return ask(request, warning, form, title=_("Assign"), act=act)


@page("GET", permission=f"{KIND}:view")
def mine(request: PageRequest) -> HttpResponse:
    """Lead to one's own warnings that wait."""
    where = json.dumps([["state", "in", ["open", "answering"]]], separators=(",", ":"))
    told = urlencode({"scope": "mine", "where": where})
    return redirect(f"{reverse('resource:list', args=['warnings'])}?{told}")


def _sent(request: PageRequest) -> Any:
    return request.POST if request.method == "POST" else None
