"""The balance of portfolios, for heads: who holds how much, and moving some of it, looked at before it is proposed."""

import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Customer, HandOver
from jike.apps.customers.models.labels import GRADES
from jike.apps.customers.pages.hand_overs import told_proposed
from jike.apps.customers.queries.balance import GRADE_GROUPS, Share, giver_of
from jike.apps.organisation.models import Unit
from jike.foundation.directory import address_of
from jike.foundation.errors import RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.resource.presenting import in_wan
from jike.foundation.scope import Actor

__all__ = ["balance", "move"]

CHARTED, NAMED, MOST = 10, 8, 500
TONES = ("d1", "d2", "d4", "d6")
GOING_ON = ["state", "not_in", ["lost", "archived"]]


class MovingForm(RecordForm):
    """To whom, how many, and of which grades; those with the least revenue go first."""

    number = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=MOST, initial=5)
    grades = forms.MultipleChoiceField(
        label=gettext_lazy("Of these grades alone"),
        choices=list(GRADES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, actor: Actor, data: Any) -> None:
        attributes = [attribute_of(HandOver, name) for name in ("taker", "reason")]
        super().__init__(attributes, actor, data=data, initial={"number": 5})
        self.order_fields(["taker", "number", "grades", "reason"])


@page("GET", permission="customers.customer:assign")
def balance(request: PageRequest) -> HttpResponse:
    """Show how the customers are spread, of all the reader's units or of one of them."""
    units = queries.balanced_units(request.actor)
    unit = next((one for one in units if str(one.uid) == request.GET.get("unit", "")), None)
    found = queries.balance(request.actor, unit=unit)
    held = [one for one in found or () if one.uid]
    context = {
        "units": units,
        "unit": unit,
        "slow": found is None,
        "lines": [(one, _list(one, unit), in_wan(one.revenue)) for one in found or ()],
        "narrowed": f"?{urlencode({'unit': str(unit.uid)})}" if unit is not None else "",
        "grades": [name for name, _grades in GRADE_GROUPS],
        "figures": _figures(found or []),
        "chart": _chart(held[:CHARTED], unit) if held else None,
    }
    return render(request, "customers/balance.html", context)


@page("GET", "POST", permission="customers.customer:hand_over")
def move(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask how many of somebody's customers go to whom; show what that makes of both before it is proposed."""
    giver = giver_of(uid, request.actor)
    unit = next(
        (one for one in queries.balanced_units(request.actor) if str(one.uid) == request.GET.get("unit")),
        None,
    )
    form = MovingForm(request.actor, request.POST or None)
    context: dict[str, Any] = {"giver": giver, "form": form, "address": request.get_full_path()}
    if request.method == "POST" and form.is_valid():
        taker, reason = form.cleaned_data["taker"], form.cleaned_data["reason"]
        rows = queries.movable(request.actor, giver, unit=unit, grades=form.cleaned_data["grades"])
        chosen = list(rows[: form.cleaned_data["number"]])
        if not chosen:
            form.add_error(
                None, _("None of these customers can be proposed: theirs already, waiting, or not yours.")
            )
        elif request.POST.get("act") == "propose":
            try:
                found = actions.propose_hand_over(
                    [one.pk for one in chosen], actor=request.actor, taker=taker, reason=reason
                )
            except RuleBroken as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, told_proposed(found))
                return HttpResponse(headers={"HX-Redirect": address_of(found.hand_over.key)})
        else:
            shares = queries.balance(request.actor, unit=unit) or []
            context |= _preview(queries.moved(shares, chosen, giver=giver.uid, taker=taker), chosen)
    return render(request, "customers/_balance_move.html", context, status=422 if form.errors else 200)


def _preview(told: list[tuple[str, int, int, Decimal, Decimal]], chosen: list[Customer]) -> dict[str, Any]:
    return {
        "sides": [(name, now, then, in_wan(held), in_wan(after)) for name, now, then, held, after in told],
        "chosen": [(one, in_wan(one.monthly_revenue)) for one in chosen[:NAMED]],
        "further": max(len(chosen) - NAMED, 0),
        "number": len(chosen),
    }


def _figures(found: list[Share]) -> list[tuple[str, str, str]]:
    """Return label, figure and tone of the key figures."""
    held = [one.customers for one in found if one.uid]
    nobody = sum(one.customers for one in found if not one.uid)
    over = sum(one.overfull for one in found)
    mean = f"{sum(held) / len(held):.0f}" if held else "–"
    return [
        (_("Account managers"), f"{len(held):,}", ""),
        (_("Customers each, on average"), mean, ""),
        (_("Most and least"), f"{max(held):,} / {min(held):,}" if held else "–", ""),
        (_("Hold too many"), f"{over:,}", "warn" if over else ""),
        (_("Looked after by nobody"), f"{nobody:,}", "warn" if nobody else ""),
    ]


def _chart(shares: list[Share], unit: Unit | None) -> dict[str, Any]:
    """Return the stacked rows: an account manager each, their customers by grade."""
    return {
        "shape": "rows",
        "marks": [one.name for one in shares],
        "series": [
            {"name": name, "values": [one.grades[place] for one in shares], "tone": TONES[place]}
            for place, (name, _grades) in enumerate(GRADE_GROUPS)
        ],
        "stacked": True,
        "target": None,
        "accent": None,
        "links": [_list(one, unit) for one in shares],
    }


def _list(share: Share, unit: Unit | None) -> str:
    owner: list[Any] = ["owner", "in", [str(share.uid)]] if share.uid else ["owner", "empty"]
    where = [owner, GOING_ON] + ([["unit", "below", [str(unit.uid)]]] if unit is not None else [])
    told = {"scope": "all", "where": json.dumps(where, separators=(",", ":"))}
    return f"{reverse('resource:list', args=['customers'])}?{urlencode(told)}"
