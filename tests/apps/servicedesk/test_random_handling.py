"""Random people do random things to tickets at random moments: no forbidden state, true clocks, a complete history."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jike.apps.servicedesk.actions import (
    answer_ticket,
    cancel_ticket,
    confirm_settlement,
    reopen_ticket,
    resume_ticket,
    settle_ticket,
    take_ticket,
    wait_for_customer,
)
from jike.apps.servicedesk.models import Ticket
from jike.apps.servicedesk.rules import GRANTS, NEXT, RUNNING, State
from jike.foundation.audit import history_of
from jike.foundation.errors import JikeError
from jike.foundation.scope import Actor
from tests.apps.customers.making import a_customer
from tests.apps.servicedesk.making import AGENT, a_ticket, at
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db
OPENED = at("2026-11-18 09:30")
ACTS: Mapping[str, Callable[..., Any]] = {
    "take": take_ticket,
    "answer": answer_ticket,
    "wait": wait_for_customer,
    "resume": resume_ticket,
    "settle": lambda ticket, **given: settle_ticket(ticket, settlement="已处理", **given),
    "confirm": confirm_settlement,
    "reopen": reopen_ticket,
    "cancel": lambda ticket, **given: cancel_ticket(ticket, reason="重复", **given),
}
WHO = ("agent", "agent", "head", "manager", "stranger")
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(WHO), st.integers(-30, 600)), max_size=16
)


def test_whatever_people_try_a_ticket_keeps_to_its_table_and_tells_all_of_it() -> None:
    unit, elsewhere = a_unit(), a_unit()
    roles = {"agent": AGENT, "head": GRANTS["county_head"], "manager": GRANTS["account_manager"]}
    people = {name: someone_with(grants, at=unit) for name, grants in roles.items()}
    actors = {name: actor for name, (_person, actor) in people.items()}
    actors["stranger"] = someone_with(AGENT, at=elsewhere)[1]
    customer = a_customer(unit=unit, owner=people["manager"][0])
    tickets = [a_ticket(customer, ticket_type=kind) for kind in ("enquiry", "complaint", "trouble")]

    # Within, so that hypothesis prints the steps of a failure; shrinking would take minutes of rows.
    @settings(max_examples=8, phases=(Phase.explicit, Phase.generate))
    @given(steps=STEPS, which=st.sampled_from(tickets))
    def tried(steps: list[tuple[str, str, int]], which: Ticket) -> None:
        with transaction.atomic():
            moment = OPENED
            for act, who, minutes in steps:
                moment = max(OPENED, moment + dt.timedelta(minutes=minutes))
                attempt(which.pk, act, actors[who], at=moment)
            transaction.set_rollback(True)

    tried()


def attempt(number: int, act: str, actor: Actor, *, at: dt.datetime) -> None:
    """Let somebody do something to the ticket, and look at it afterwards."""
    ticket = Ticket.objects.get(pk=number)
    before = (State(ticket.state), ticket.version, len(history_of(ticket, SYSTEM)))
    try:
        with transaction.atomic():
            ACTS[act](ticket, actor=actor, at=at)
    except JikeError:
        moved = False
    else:
        moved = True
    ticket = Ticket.objects.get(pk=number)
    state, told = State(ticket.state), history_of(ticket, SYSTEM)
    assert (ticket.version, len(told)) == (before[1] + moved, before[2] + moved)
    assert state == before[0] or (moved and state in NEXT[before[0]])
    assert (ticket.next_due_at is not None) == (state in RUNNING)
    assert not moved or (told[0].verb == act and NEXT[before[0]])
