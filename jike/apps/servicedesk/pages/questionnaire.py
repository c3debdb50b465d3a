"""The customer's page of a survey, behind a signed link and without signing in; sending and withdrawing surveys."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jike.apps.servicedesk import actions, queries
from jike.apps.servicedesk.models import Survey, Ticket
from jike.apps.servicedesk.models.labels import ASPECTS
from jike.apps.servicedesk.rules import SCALE, SurveyState, may_answer
from jike.foundation.errors import RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import fetch

__all__ = ["answer", "ask_about", "withdraw"]

POINTS = [(points, str(points)) for points in SCALE]
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class Questionnaire(forms.Form):
    """Two rows of points for each aspect, two questions, and room for a remark."""

    use_required_attribute = False

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for aspect in ASPECTS:
            for part, label in (("expected", _("I expected")), ("perceived", _("I got"))):
                self.fields[f"{aspect}_{part}"] = forms.TypedChoiceField(
                    label=label,
                    coerce=int,
                    empty_value=None,
                    required=False,
                    choices=POINTS,
                    widget=forms.RadioSelect,
                )
        for name, label in (
            ("reputation", _("Do you think well of us?")),
            ("preference", _("Would you ask for us by name, if you needed such a service again?")),
        ):
            self.fields[name] = forms.ChoiceField(
                label=label, choices=YES_NO, widget=forms.RadioSelect, required=False
            )
        self.fields["remark"] = forms.CharField(
            label=_("What should we do better?"),
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    @property
    def lines(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """Each aspect with its two rows of points."""
        return [
            (label, self[f"{aspect}_expected"], self[f"{aspect}_perceived"])
            for aspect, label in ASPECTS.items()
        ]

    def answers(self) -> dict[str, tuple[int, int]]:
        """Return the aspects of which both rows were filled in."""
        pairs = {
            str(aspect): (self.cleaned_data[f"{aspect}_expected"], self.cleaned_data[f"{aspect}_perceived"])
            for aspect in ASPECTS
        }
        return {aspect: pair for aspect, pair in pairs.items() if None not in pair}


@login_not_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the questionnaire, take it once, and thank; whoever holds the link needs no account."""
    survey = queries.survey_behind(token)
    form = Questionnaire(request.POST if request.method == "POST" else None)
    closed = _closed(survey)
    if request.method == "POST" and not closed and form.is_valid():
        given = form.cleaned_data
        try:
            actions.answer_survey(
                survey,
                answers=form.answers(),
                reputation=_yes(given["reputation"]),
                preference=_yes(given["preference"]),
                remark=given["remark"],
            )
            return redirect("servicedesk:questionnaire", token)
        except RuleBroken as error:
            form.add_error(None, str(error))
            closed = _closed(survey)
    status = 422 if form.errors else 200
    context = {"survey": survey, "form": form, "closed": closed}
    return render(request, "servicedesk/questionnaire.html", context, status=status)


@page("GET", "POST", permission="servicedesk.survey:add")
def ask_about(request: PageRequest, uid: UUID) -> HttpResponse:
    """Make a survey about a settled ticket; the link is mailed, and stands on the survey's page."""
    ticket = fetch(Ticket, uid, request.actor, related=("customer", "key_person"))

    def act(given: dict[str, Any]) -> str:
        survey = actions.send_survey(
            actor=request.actor,
            customer=ticket.customer,
            key_person=ticket.key_person,
            ticket=ticket,
            mail_to=given["mail_to"],
        )
        return _("Survey %(code)s waits for the customer's answer.") % {"code": survey}

    title = _("Ask the customer how it was?")
    form = RecordForm([attribute_of(Survey, "mail_to")], request.actor, data=request.POST or None)
    return ask(request, ticket, form, title=title, act=act)


@page("GET", "POST", permission="servicedesk.survey:withdraw")
def withdraw(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask once more, then end the survey's link."""
    survey = fetch(Survey, uid, request.actor, action="withdraw")

    def act(given: dict[str, Any]) -> str:
        actions.withdraw_survey(survey, actor=request.actor)
        return _("The link of “%(code)s” no longer works.") % {"code": survey}

    return ask(request, survey, forms.Form(request.POST), title=_("Withdraw the survey?"), act=act)


def _closed(survey: Survey) -> str:
    if survey.state == SurveyState.ANSWERED:
        return _("Thank you: your answer has been recorded. Each link counts once.")
    if not may_answer(SurveyState(survey.state), survey.valid_until, on=timezone.localdate()):
        return _("This survey is closed.")
    return ""


def _yes(word: str) -> bool | None:
    return {"yes": True, "no": False}.get(word)
