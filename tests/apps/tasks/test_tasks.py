"""Tasks: who may be given what, their life, reminders, and how they stand on other records' pages."""

import datetime as dt
from functools import partial

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jike.apps.tasks.actions import (
    add_task,
    cancel_task,
    change_state,
    change_task,
    reassign_task,
    remind_of_tasks,
    reopen_task,
    settle_task,
)
from jike.apps.tasks.models import Task
from jike.apps.tasks.queries import counts_by_due, open_tasks, tasks_about
from jike.apps.tasks.rules import GRANTS, NEXT, State, is_overdue, may_follow, reminder_for
from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken
from jike.foundation.notify import notices_of
from jike.foundation.scope import fetch
from tests.apps.customers.making import MANAGER, a_customer
from tests.doing import attempted, browser_of
from tests.making import SYSTEM, a_person, a_unit, acting, someone_with

HTMX = {"HTTP_HX_REQUEST": "true"}
OWN = {**MANAGER, **GRANTS["account_manager"]}
database = pytest.mark.django_db


def tomorrow() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=1)


@given(st.sampled_from(list(State)), st.lists(st.sampled_from(list(State)), max_size=10))
def test_whatever_is_tried_a_task_moves_along_the_table_only(state, tried):
    for then in tried:
        if may_follow(state, then):
            assert then in NEXT[state]
            state = then
    assert state in State


@database
def test_whatever_people_try_a_task_keeps_to_its_table_and_is_nobodys_who_may_not_see_it():
    unit = a_unit()
    owner, mine = someone_with(OWN, at=unit)
    actors = {"owner": mine, "stranger": someone_with(OWN, at=a_unit())[1]}
    task = add_task(actor=mine, title="送合同", owner=owner, due_at=tomorrow())
    acts = {
        "settle": settle_task,
        "cancel": lambda one, **given: cancel_task(one, reason="不需要了", **given),
        "reopen": reopen_task,
        "rename": lambda one, **given: change_task(one, title="送协议", **given),
    }
    steps = st.lists(
        st.tuples(st.sampled_from(sorted(acts)), st.sampled_from(("owner", "owner", "stranger"))),
        min_size=4,
        max_size=14,
    )

    @settings(max_examples=8, phases=(Phase.explicit, Phase.generate))
    @given(steps=steps)
    def tried(steps):
        with transaction.atomic():
            for act, who in steps:
                does, actor = acts[act], actors[who]
                moved = attempted(task, partial(does, actor=actor), table=NEXT)
                assert not moved or who == "owner"
            transaction.set_rollback(True)

    tried()


@given(st.datetimes(timezones=st.just(dt.UTC)), st.datetimes(timezones=st.just(dt.UTC)))
def test_only_open_tasks_are_late_and_the_reminder_comes_before(due, now):
    assert not is_overdue(State.DONE, due, now=now)
    assert is_overdue(State.OPEN, due, now=now) == (due < now)
    if due.year > 1:
        remind = reminder_for(due)
        assert remind is not None
        assert remind < due
    assert reminder_for(None) is None


@database
def test_one_gives_oneself_a_task_and_settles_it_with_its_outcome():
    person, actor = someone_with(OWN, at=a_unit())
    task = add_task(actor=actor, title="回访沐川", due_at=tomorrow())
    assert (task.owner, task.giver, task.due_on) == (person, None, timezone.localdate(task.due_at))
    settle_task(task, actor=actor, outcome="已答复")
    assert (task.state, task.outcome) == (State.DONE, "已答复")
    assert task.settled_at is not None
    reopen_task(task, actor=actor)
    assert (task.state, task.settled_at) == (State.OPEN, None)
    assert [entry.verb for entry in history_of(task, actor)] == ["reopen", "settle", "add"]


@database
def test_a_task_about_a_record_goes_only_to_those_who_see_the_record():
    unit = a_unit()
    manager, actor = someone_with(OWN, at=unit)
    colleague, colleagues = someone_with(OWN, at=unit)
    customer = a_customer(unit=unit, owner=manager)
    with pytest.raises(Invalid) as refused:
        add_task(actor=actor, title="送审", owner=colleague, about=customer)
    assert "owner" in refused.value.fields
    with pytest.raises(Refused):
        add_task(actor=colleagues, title="越权", about=customer)
    task = add_task(actor=actor, title="送审", about=customer)
    assert (task.about, task.about_title) == (customer.key, customer.name)
    assert tasks_about(customer, actor) == [task]


@database
def test_the_giver_sees_what_becomes_of_a_task_and_its_owner_is_told():
    unit = a_unit()
    manager, actor = someone_with(OWN, at=unit)
    colleague, colleagues = someone_with(OWN, at=unit)
    task = add_task(actor=actor, title="代送合同", owner=colleague, due_at=tomorrow())
    assert [one.topic for one in notices_of(colleague.uid)] == ["tasks.given"]
    assert fetch(Task, task.uid, acting(manager)) == task
    with pytest.raises(Refused):
        settle_task(task, actor=actor)
    settle_task(task, actor=colleagues)
    assert task.state == State.DONE


@database
def test_a_stranger_neither_sees_nor_is_given_tasks_of_other_units():
    _person, actor = someone_with(OWN, at=a_unit())
    other = a_person(a_unit())
    with pytest.raises(Refused):
        add_task(actor=actor, title="跨部门", owner=other)
    task = add_task(actor=SYSTEM, title="别人的", owner=other)
    with pytest.raises(NotFound):
        fetch(Task, task.uid, actor)


@database
def test_handing_on_moves_the_task_to_the_others_unit_and_closed_ones_stay():
    unit = a_unit()
    manager, actor = someone_with(OWN, at=unit)
    colleague, _colleagues = someone_with(OWN, at=unit)
    task = add_task(actor=actor, title="代为跟进", due_at=tomorrow())
    reassign_task(task, actor=actor, owner=colleague)
    assert (task.owner, task.giver) == (colleague, manager)
    assert fetch(Task, task.uid, acting(manager))
    mine = add_task(actor=actor, title="已办")
    settle_task(mine, actor=actor)
    with pytest.raises(RuleBroken):
        reassign_task(mine, actor=actor, owner=colleague)


@database
def test_somebody_who_left_is_given_nothing():
    gone = a_person(a_unit(), is_active=False)
    with pytest.raises(RuleBroken):
        add_task(actor=SYSTEM, title="无人", owner=gone)


@database
def test_settling_twice_and_cancelling_without_a_reason_are_refused():
    person = a_person(a_unit())
    task = add_task(actor=SYSTEM, title="一次", owner=person)
    with pytest.raises(Invalid):
        cancel_task(task, actor=SYSTEM, reason=" ")
    settle_task(task, actor=SYSTEM)
    with pytest.raises(RuleBroken):
        settle_task(task, actor=SYSTEM)
    with pytest.raises(Invalid):
        change_state(task, actor=SYSTEM, state="lost")


@database
def test_a_reminder_comes_once_and_anew_for_a_new_due_time():
    person = a_person(a_unit())
    soon = timezone.now() + dt.timedelta(minutes=30)
    task = add_task(actor=SYSTEM, title="马上到期", owner=person, due_at=soon)
    later = add_task(actor=SYSTEM, title="以后", owner=person, due_at=soon + dt.timedelta(days=2))
    remind_of_tasks()
    remind_of_tasks()
    assert [one.topic for one in notices_of(person.uid)] == ["tasks.due"]
    task.refresh_from_db()
    later.refresh_from_db()
    assert task.reminded_at is not None
    assert later.reminded_at is None
    change_task(task, actor=SYSTEM, due_at=soon + dt.timedelta(minutes=5))
    assert task.reminded_at is None
    remind_of_tasks()
    assert notices_of(person.uid).count() == 2


@database
def test_counts_tell_overdue_today_and_the_week():
    person, actor = someone_with(OWN, at=a_unit())
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    for days in (-3, -1, 0, 2, 9):
        add_task(actor=actor, title=f"第{days}天", owner=person, due_at=noon + dt.timedelta(days=days))
    found = counts_by_due(open_tasks(actor), today=timezone.localdate())
    assert {name: count for name, (count, _) in found.items()} == {"overdue": 2, "today": 1, "week": 1}


@database
def test_the_circle_settles_and_opens_again_and_a_hidden_task_is_not_there():
    person, actor = someone_with(OWN, at=a_unit())
    task = add_task(actor=actor, title="打勾")
    browser = browser_of(person)
    page = browser.post(f"/tasks/{task.uid}/tick/", **HTMX)
    assert "tick-done" in page.content.decode()
    again = browser.post(f"/tasks/{task.uid}/tick/", **HTMX)
    assert "HX-Trigger" in again.headers
    browser.post(f"/tasks/{task.uid}/tick/", {"open": "1"}, **HTMX)
    task.refresh_from_db()
    assert task.state == State.OPEN
    other = add_task(actor=SYSTEM, title="别人的", owner=a_person(a_unit()))
    assert browser.post(f"/tasks/{other.uid}/tick/", **HTMX).status_code == 404


@database
def test_a_task_is_added_from_a_customers_page_and_stands_there():
    unit = a_unit()
    person, _ = someone_with(OWN, at=unit)
    customer = a_customer(unit=unit, owner=person)
    browser = browser_of(person)
    address = f"/tasks/about/customers.customer/{customer.uid}/"
    assert browser.get(address, **HTMX).status_code == 200
    browser.post(
        address, {"title": "核对账单", "due_at": "2031-05-06T10:00", "owner": str(person.uid)}, **HTMX
    )
    page = browser.get(f"/customers/{customer.uid}/around/?rail=1").content.decode()
    assert "核对账单" in page
    assert browser.get(f"/tasks/about/foundation.share/{customer.uid}/", **HTMX).status_code == 404
    assert tasks_about(customer, acting(person))[0].about_title == customer.name


@database
def test_the_list_and_the_page_of_tasks_are_found_beside_the_task_centre():
    person, actor = someone_with(OWN, at=a_unit())
    task = add_task(actor=actor, title="寄送样本")
    browser = browser_of(person)
    assert "寄送样本" in browser.get("/tasks/").content.decode()
    assert "寄送样本" in browser.get(f"/tasks/{task.uid}/").content.decode()
    assert browser.get(reverse("foundation:tasks")).status_code == 200
