"""One click from what a rival supplies or a customer needs to an opportunity: a dialog filled in from what is known."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.models import Need, RivalLine
from jike.apps.customers.rules import NeedState, need_may_follow
from jike.apps.sales import actions
from jike.apps.sales.models import Opportunity
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource import Contribution, Verb
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import fetch

__all__ = ["SALES_ON_ENVIRONMENT", "answer_need", "answer_rival_line"]

AHEAD = dt.timedelta(days=30)
"""An opportunity whose end is not known is expected to be signed in a month."""


@page("GET", "POST", permission="sales.opportunity:add")
def answer_rival_line(request: PageRequest, uid: UUID) -> HttpResponse:
    """Make an opportunity of what a rival supplies."""
    line = fetch(RivalLine, uid, request.actor, action="change", related=("customer",))
    initial = {
        "name": _("%(operator)s's %(family)s at %(site)s")
        % {
            "operator": line.get_operator_display(),
            "family": line.get_family_display(),
            "site": line.site,
        },
        "expected_on": _ahead(line.ends_on),
        "monthly_amount": line.monthly_price,
    }

    def act(given: dict[str, Any]) -> str:
        deal = actions.answer_rival_line(line, actor=request.actor, **given)
        return _("“%(name)s” is added.") % {"name": deal}

    return ask(request, line, _form(request, initial), title=_("Make an opportunity"), act=act)


@page("GET", "POST", permission="sales.opportunity:add")
def answer_need(request: PageRequest, uid: UUID) -> HttpResponse:
    """Make an opportunity of what a customer needs."""
    need = fetch(Need, uid, request.actor, action="change", related=("customer",))
    initial = {"name": need.name, "expected_on": _ahead(need.wanted_on), "monthly_amount": None}

    def act(given: dict[str, Any]) -> str:
        deal = actions.answer_need(need, actor=request.actor, **given)
        return _("“%(name)s” is added.") % {"name": deal}

    return ask(request, need, _form(request, initial), title=_("Make an opportunity"), act=act)


def _ahead(day: dt.date | None) -> dt.date:
    today = timezone.localdate()
    return day if day is not None and day >= today else today + AHEAD


def _form(request: PageRequest, initial: dict[str, Any]) -> RecordForm:
    attributes = [attribute_of(Opportunity, name) for name in initial]
    data = request.POST if request.method == "POST" else None
    return RecordForm(attributes, request.actor, data=data, initial=initial)


def unanswered(row: RivalLine | Need) -> bool:
    """Whether nobody has made an opportunity of it, and somebody may."""
    if isinstance(row, Need) and not need_may_follow(NeedState(row.state), NeedState.ANSWERED):
        return False
    return row.answer_uid is None


def _verb(url: str) -> Verb:
    label = gettext_lazy("Make an opportunity")
    return Verb("change", label, "target-arrow", url, primary=True, when=unanswered)


SALES_ON_ENVIRONMENT = (
    Contribution("customers.rivalline", verbs=(_verb("sales:answer_rival_line"),)),
    Contribution("customers.need", verbs=(_verb("sales:answer_need"),)),
)
