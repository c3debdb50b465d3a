"""Random people do random things to leads: none leaves its table, nobody takes what is somebody else's."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jike.apps.sales.actions import (
    assign_lead,
    change_lead,
    change_lead_state,
    claim_lead,
    convert_lead,
    release_lead,
)
from jike.apps.sales.models import Lead
from jike.apps.sales.rules import LEAD_NEXT, LeadState
from tests.apps.sales.making import LEADER, SELLER, a_lead
from tests.doing import attempted
from tests.making import a_unit, someone_with

pytestmark = pytest.mark.django_db
ACTS: Mapping[str, Callable[..., Any]] = {
    "claim": claim_lead,
    "release": release_lead,
    "change": lambda lead, **given: change_lead(lead, needs="组网", **given),
    "convert": lambda lead, **given: convert_lead(lead, opportunity="组网", **given),
    **{
        state.value: lambda lead, state=state.value, **given: change_lead_state(
            lead, state=state, needs="组网", drop_reason="无预算", **given
        )
        for state in LeadState
    },
}
WHO = ("seller", "seller", "colleague", "head", "stranger")
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted([*ACTS, "assign"])), st.sampled_from(WHO)), min_size=4, max_size=16
)


def test_whatever_people_try_a_lead_keeps_to_its_table_and_its_owner() -> None:
    unit, elsewhere = a_unit(), a_unit()
    people = {name: someone_with(SELLER, at=unit) for name in ("seller", "colleague")}
    people["head"] = someone_with(LEADER, at=unit)
    people["stranger"] = someone_with(SELLER, at=elsewhere)
    lead = a_lead(unit=unit)

    # Within, so that hypothesis prints the steps of a failure; shrinking would take minutes of rows.
    @settings(max_examples=8, phases=(Phase.explicit, Phase.generate))
    @given(steps=STEPS)
    def tried(steps: list[tuple[str, str]]) -> None:
        with transaction.atomic():
            for act, who in steps:
                attempt(lead, act, who, people=people)
            transaction.set_rollback(True)

    tried()


def attempt(lead: Lead, act: str, who: str, *, people: Mapping[str, Any]) -> None:
    """Let somebody do something to the lead, and look at whose it is afterwards."""
    actor, owner = people[who][1], Lead.objects.get(pk=lead.pk).owner
    given = {"owner": people["colleague"][0]} if act == "assign" else {}
    does = assign_lead if act == "assign" else ACTS[act]
    moved = attempted(lead, lambda one: does(one, actor=actor, **given), table=LEAD_NEXT)
    now = Lead.objects.get(pk=lead.pk)
    assert not moved or who != "stranger"
    assert not (act == "claim" and moved) or (owner is None and now.owner == people[who][0])
    assert who in ("head", "stranger") or not moved or owner in (None, people[who][0])
    assert (now.customer is not None) == (now.state == LeadState.CONVERTED)
