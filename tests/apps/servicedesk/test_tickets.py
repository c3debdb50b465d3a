"""The life of a ticket through its actions: along the table only, its clocks true at every step."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.servicedesk.actions import (
    TicketOverdue,
    answer_ticket,
    assign_ticket,
    cancel_ticket,
    change_ticket,
    confirm_settlement,
    escalate_tickets,
    open_ticket,
    reopen_ticket,
    resume_ticket,
    settle_ticket,
    take_ticket,
    tell_superiors,
    wait_for_customer,
)
from jike.apps.servicedesk.models import Ticket
from jike.apps.servicedesk.queries import callers, clock_of, queue, rests_until, superiors_of
from jike.apps.servicedesk.rules import ENDED, NEXT, RUNNING, Cause, State, may_follow
from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, Refused, RuleBroken, Stale
from jike.foundation.notify import notices_of
from jike.values.rights import Breadth
from tests.apps.customers.making import a_customer, a_key_person
from tests.apps.servicedesk.making import AGENT, a_ticket, at
from tests.making import SYSTEM, a_person, a_unit, someone_with

pytestmark = pytest.mark.django_db
STATES = st.sampled_from(list(State))


@given(STATES, st.lists(STATES, max_size=12))
def test_whatever_is_tried_a_ticket_moves_along_the_table_only(state, tried):
    for then in tried:
        if may_follow(state, then):
            assert then in NEXT[state]
            state = then
    assert state in State
    assert not RUNNING & ENDED


def test_a_complaint_is_answered_settled_and_confirmed_in_time():
    ticket = a_ticket()
    assert ticket.code.startswith("TS2611")
    assert ticket.next_due_at == at("2026-11-18 10:00")
    answer_ticket(ticket, actor=SYSTEM, at=at("2026-11-18 09:50"))
    assert (ticket.state, ticket.answer_minutes, ticket.answered_in_time) == ("handling", 20, True)
    assert ticket.next_due_at == ticket.settle_due_at == at("2026-11-18 14:45")
    settle_ticket(ticket, actor=SYSTEM, settlement="更换光模块", at=at("2026-11-18 14:00"))
    assert (ticket.settle_minutes, ticket.settled_in_time, ticket.next_due_at) == (180, True, None)
    confirm_settlement(ticket, actor=SYSTEM, rating=5, at=at("2026-11-18 15:00"))
    assert [one.verb for one in history_of(ticket, SYSTEM)] == ["confirm", "settle", "answer", "add"]


def test_waiting_for_the_customer_does_not_count():
    ticket = a_ticket()
    answer_ticket(ticket, actor=SYSTEM, at=at("2026-11-18 09:40"))
    wait_for_customer(ticket, actor=SYSTEM, at=at("2026-11-18 10:00"))
    assert ticket.next_due_at is None
    assert clock_of(ticket, at("2026-12-01 10:00")).tone == "stopped"
    resume_ticket(ticket, actor=SYSTEM, at=at("2026-11-19 10:00"))
    assert ticket.settle_due_at == at("2026-11-19 14:45")
    settle_ticket(ticket, actor=SYSTEM, settlement="已处理", at=at("2026-11-19 14:45"))
    assert (ticket.settle_minutes, ticket.paused_minutes, ticket.settled_in_time) == (225, 450, True)


def test_what_the_customer_does_not_accept_is_handled_again_with_a_new_clock():
    ticket = a_ticket()
    settle_ticket(ticket, actor=SYSTEM, settlement="已处理", at=at("2026-11-18 10:00"))
    reopen_ticket(ticket, actor=SYSTEM, at=at("2026-11-19 09:00"))
    assert (ticket.reopened, ticket.settled_at) == (1, None)
    assert ticket.next_due_at == at("2026-11-19 14:15")
    settle_ticket(ticket, actor=SYSTEM, settlement="再处理", at=at("2026-11-19 16:00"))
    assert ticket.settled_in_time is False


@pytest.mark.parametrize(
    ("step", "given"),
    [
        (resume_ticket, {}),
        (confirm_settlement, {}),
        (reopen_ticket, {}),
        (answer_ticket, {"at": at("2026-11-18 09:00")}),
        (settle_ticket, {"settlement": "早", "at": at("2026-11-17 09:00")}),
        (take_ticket, {}),
    ],
)
def test_steps_out_of_order_or_before_their_time_are_refused(step, given):
    ticket = a_ticket()
    with pytest.raises(RuleBroken):
        step(ticket, actor=SYSTEM, **given)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.version) == ("open", 1)


def test_a_settlement_says_what_was_done_and_a_cancellation_why():
    ticket = a_ticket()
    with pytest.raises(Invalid):
        settle_ticket(ticket, actor=SYSTEM, settlement="  ")
    with pytest.raises(Invalid):
        cancel_ticket(ticket, actor=SYSTEM, reason="")
    cancel_ticket(ticket, actor=SYSTEM, reason="误开")
    with pytest.raises(RuleBroken):
        settle_ticket(ticket, actor=SYSTEM, settlement="做了")


def test_two_people_settling_one_ticket_do_not_overwrite_each_other():
    ticket = a_ticket()
    other = Ticket.objects.get(pk=ticket.pk)
    settle_ticket(ticket, actor=SYSTEM, settlement="甲", version=1)
    with pytest.raises(Stale):
        settle_ticket(other, actor=SYSTEM, settlement="乙", version=1)


def test_priority_follows_the_service_level_and_a_second_complaint_comes_higher():
    customer = a_customer()
    first = a_ticket(customer, opened="2026-11-02 09:30")
    assert (first.priority, a_ticket(customer).priority) == ("3_normal", "2_high")
    assert a_ticket(priority="1_urgent").priority == "1_urgent"


def test_a_ticket_needs_a_kind_that_exists_and_a_person_of_the_same_customer():
    customer, stranger = a_customer(), a_key_person(a_customer())
    with pytest.raises(Invalid):
        open_ticket(actor=SYSTEM, customer=customer, title="?", ticket_type="wish")
    with pytest.raises(Invalid):
        open_ticket(actor=SYSTEM, customer=customer, title="?", ticket_type="enquiry", key_person=stranger)
    with pytest.raises(RuleBroken):
        change_ticket(a_ticket(customer), actor=SYSTEM, customer=stranger.customer)


def test_an_agent_takes_calls_for_the_units_of_their_post_and_no_others():
    here = a_unit(level="province")
    below = a_unit(under=here, level="city")
    person, agent = someone_with(AGENT, at=here)
    customer = a_customer(unit=below)
    ticket = open_ticket(actor=agent, customer=customer, title="查询账单", ticket_type="enquiry")
    assert ticket.unit == here
    take_ticket(ticket, actor=agent)
    assert ticket.owner == person
    assert [one.pk for one in queue(agent, mine=True, limit=5)] == [ticket.pk]
    elsewhere = a_ticket(a_customer())
    with pytest.raises(Refused):
        settle_ticket(elsewhere, actor=agent, settlement="做了")


def test_the_queue_holds_what_is_due_next_first_of_ones_own_and_of_nobodys():
    unit = a_unit()
    _person, agent = someone_with(AGENT, at=unit)
    customer = a_customer(unit=unit)
    moments = [f"2026-11-02 09:{minute}" for minute in (20, 30, 40, 50)]
    nobodys, waiting, own, dropped = (a_ticket(customer, opened=moment) for moment in moments)
    for one in (own, waiting):
        take_ticket(one, actor=agent, at=at("2026-11-02 10:00"))
    wait_for_customer(waiting, actor=agent, at=at("2026-11-02 10:05"))
    cancel_ticket(dropped, actor=SYSTEM, reason="重复")
    found = queue(agent, mine=True, limit=5)
    assert {one.pk for one in found} == {own.pk, nobodys.pk}
    assert [one.next_due_at for one in found] == sorted(one.next_due_at for one in found)
    assert queue(agent, mine=True, limit=1) == found[:1]


def test_a_call_whose_answer_is_refused_opens_no_ticket():
    unit = a_unit()
    agent, _actor = someone_with(AGENT, at=unit)
    address = reverse("servicedesk:call", args=[a_customer(unit=unit).uid])
    client = Client()
    client.force_login(agent, backend="jike.apps.organisation.pages.signing_in.StaffBackend")
    said = {"ticket_type": "enquiry", "cause": "other", "channel": "phone", "title": "查询账单"}
    assert client.post(address, {**said, "settlement": "已答\x01"}).status_code == 422
    assert not Ticket.objects.exists()
    assert client.post(address, {**said, "settlement": "已答"}).status_code == 302
    assert Ticket.objects.get().state == "settled"


def test_a_caller_is_found_by_the_whole_number_although_it_is_sealed():
    here = a_unit()
    _person, agent = someone_with(AGENT, at=here)
    customer = a_customer("云岭制造有限公司", unit=here)
    caller = a_key_person(customer, "程远", phone="13800138123")
    assert [one.person for one in callers("138 0013 8123", agent)] == [caller]
    assert callers("8123", agent) == []
    assert [one.customer for one in callers("yljjzz", agent) + callers("云岭", agent)] == [customer]


def test_an_overdue_ticket_is_told_up_the_tree_once_per_level():
    province = a_unit(level="province")
    county = a_unit(under=province, level="county")
    oversee = {"servicedesk.ticket:oversee": Breadth.BELOW, "servicedesk.ticket:view": Breadth.BELOW}
    head, _actor = someone_with(oversee, at=county)
    boss, _actor = someone_with(oversee, at=province)
    handler = a_person(county)
    ticket = a_ticket(a_customer(unit=county))
    assign_ticket(ticket, actor=SYSTEM, owner=handler)
    soon, later = ticket.next_due_at + dt.timedelta(minutes=1), ticket.next_due_at + dt.timedelta(hours=3)
    assert escalate_tickets(at=ticket.next_due_at) == 0
    assert (escalate_tickets(at=soon), escalate_tickets(at=soon)) == (1, 0)
    assert escalate_tickets(at=later) == 1
    ticket.refresh_from_db()
    assert ticket.escalation == 2
    today = timezone.localdate()
    assert superiors_of(ticket.uid, level=1, today=today) == {head.uid}
    assert superiors_of(ticket.uid, level=2, today=today) == {boss.uid}
    event = TicketOverdue(ticket.uid, 2)
    for _twice in range(2):
        tell_superiors(ticket=str(event.ticket), level=event.level)
    told = {one.uid: notices_of(one.uid).count() for one in (head, boss, handler)}
    assert told == {head.uid: 1, boss.uid: 1, handler.uid: 1}


def test_the_list_shows_the_running_clock_red_when_overdue_and_stopped_while_the_customer_is_waited_for():
    unit = a_unit()
    agent, _actor = someone_with(AGENT, at=unit)
    now, customer = timezone.now(), a_customer(unit=unit)

    for title, left in (("剩余", 20), ("超时", -200), ("等待", 60)):
        given = {"actor": SYSTEM, "customer": customer, "title": title, "ticket_type": "complaint"}
        ticket = open_ticket(**given, at=now - dt.timedelta(days=1))
        Ticket.objects.filter(pk=ticket.pk).update(next_due_at=now + dt.timedelta(minutes=left))
    waiting = Ticket.objects.get(title="等待")
    wait_for_customer(answer_ticket(waiting, actor=SYSTEM), actor=SYSTEM)
    client = Client()
    client.force_login(agent, backend="jike.apps.organisation.pages.signing_in.StaffBackend")
    page = client.get("/tickets/?scope=all").content.decode().split("</tbody>")[0]
    rows = {name: row for row in page.split("<tr") for name in ("剩余", "超时", "等待") if name in row}
    assert 'class="clk clk-warn"' in rows["剩余"]
    assert 'class="clk clk-bad"' in rows["超时"]
    assert "clk-" not in rows["等待"]
    assert "<time" not in rows["等待"]
    assert 'class="clk"' in rows["等待"]


def test_a_clock_in_working_time_rests_at_night_and_a_trouble_never_does():
    evening, customer = at("2026-03-02 19:00"), a_customer(unit=a_unit())
    given = {"actor": SYSTEM, "customer": customer, "title": "中断", "at": at("2026-03-02 17:55")}
    asked, broken = (open_ticket(**given, ticket_type=one) for one in ("enquiry", "trouble"))
    assert rests_until(asked, evening) == at("2026-03-03 09:00")
    assert rests_until(asked, at("2026-03-02 17:56")) is None
    assert rests_until(broken, evening) is None


def test_a_ticket_needs_no_product_and_any_cause_may_be_complained_of():
    for cause in Cause:
        ticket = open_ticket(
            actor=SYSTEM, customer=a_customer(), title=cause, ticket_type="complaint", cause=cause
        )
        assert (ticket.cause, ticket.state) == (cause, "open")
