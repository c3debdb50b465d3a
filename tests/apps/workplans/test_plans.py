"""Plans of the week: written, submitted with what lies in the week, answered by a superior and by nobody else."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.sales.rules import VisitState
from jike.apps.tasks.actions import add_task, settle_task
from jike.apps.workplans.actions import (
    add_item,
    add_plan,
    answer_plan,
    change_plan,
    drop_item,
    submit_plan,
    tick_item,
)
from jike.apps.workplans.models import WeekPlan
from jike.apps.workplans.queries import is_done, items_of, superiors_of, waiting_plans
from jike.apps.workplans.rules import GRANTS, NEXT, PlanState, may_follow, monday_of
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken
from jike.foundation.notify import notices_of
from jike.foundation.scope import fetch
from tests.apps.customers.making import a_customer
from tests.apps.sales.making import LEADER, SELLER, a_visit
from tests.doing import browser_of
from tests.making import SYSTEM, a_unit, acting, someone_with

MEMBER = {**SELLER, **GRANTS["account_manager"]}
HEADS = {**LEADER, **GRANTS["county_head"]}
STATES = st.sampled_from(list(PlanState))
database = pytest.mark.django_db


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), timezone.get_default_timezone())


@given(STATES, st.lists(STATES, max_size=10))
def test_whatever_is_tried_a_plan_moves_along_the_table_only(state, tried):
    for then in tried:
        if may_follow(state, then):
            assert then in NEXT[state]
            state = then
    assert state in PlanState


@given(st.dates(min_value=dt.date(1, 1, 8)))
def test_a_week_begins_on_the_monday_before(day):
    monday = monday_of(day)
    assert monday.weekday() == 0
    assert 0 <= (day - monday).days < 7


@database
def test_a_plan_is_submitted_with_the_visits_and_tasks_of_its_week_and_approved():
    unit = a_unit()
    head, heads = someone_with(HEADS, at=unit)
    person, actor = someone_with(MEMBER, at=unit)
    visit = a_visit(a_customer(unit=unit, owner=person))
    task = add_task(actor=actor, title="送审", due_at=noon(timezone.localdate()))
    add_task(actor=actor, title="以后", due_at=noon(timezone.localdate() + dt.timedelta(days=8)))
    plan = add_plan(actor=actor, aim="完成两份报价")
    work = add_item(plan, actor=actor, day=plan.week, text="例会")
    submit_plan(plan, actor=actor)
    assert superiors_of(plan) == [head.uid]
    assert [one.topic for one in notices_of(head.uid)] == ["workplans.submitted"]
    assert waiting_plans(heads, limit=5) == [plan]
    found = items_of(plan)
    assert {(one.visit_id, one.task_id, one.text) for one in found} >= {
        (None, None, "例会"),
        (None, task.pk, "送审"),
    }
    assert visit.pk in {one.visit_id for one in found}
    assert not any(is_done(one) for one in found)
    settle_task(task, actor=actor)
    tick_item(work, actor=actor, done=True)
    assert visit.state == VisitState.PLANNED
    assert sum(is_done(one) for one in items_of(plan)) == 2
    answer_plan(plan, actor=heads, approve=True, answer="同意")
    assert (plan.state, plan.answerer) == (PlanState.APPROVED, head)
    assert "workplans.answered" in [one.topic for one in notices_of(person.uid)]


@database
def test_what_is_submitted_is_no_longer_written_until_it_is_sent_back():
    unit = a_unit()
    _head, heads = someone_with(HEADS, at=unit)
    _person, actor = someone_with(MEMBER, at=unit)
    plan = add_plan(actor=actor)
    with pytest.raises(RuleBroken):
        submit_plan(plan, actor=actor)
    item = add_item(plan, actor=actor, day=plan.week, text="例会")
    submit_plan(plan, actor=actor)
    for act in (
        lambda: change_plan(plan, actor=actor, aim="改"),
        lambda: add_item(plan, actor=actor, day=plan.week, text="加"),
        lambda: drop_item(item, actor=actor),
        lambda: submit_plan(plan, actor=actor),
    ):
        with pytest.raises(RuleBroken):
            act()
    with pytest.raises(Invalid):
        answer_plan(plan, actor=heads, approve=False)
    answer_plan(plan, actor=heads, approve=False, answer="补充走访")
    drop_item(item, actor=actor)
    add_item(plan, actor=actor, day=plan.week + dt.timedelta(days=4), text="走访三户")
    submit_plan(plan, actor=actor)
    assert [one.text for one in items_of(plan)] == ["走访三户"]


@database
def test_nobody_answers_their_own_plan_nor_one_beside():
    unit = a_unit()
    _head, heads = someone_with(HEADS, at=unit)
    _stranger, strangers = someone_with(HEADS, at=a_unit())
    own = add_plan(actor=heads)
    add_item(own, actor=heads, day=own.week, text="例会")
    submit_plan(own, actor=heads)
    with pytest.raises(RuleBroken):
        answer_plan(own, actor=heads, approve=True)
    with pytest.raises(NotFound):
        fetch(WeekPlan, own.uid, strangers)
    _person, actor = someone_with(MEMBER, at=unit)
    with pytest.raises(Refused):
        answer_plan(own, actor=actor, approve=True)


@database
def test_there_is_one_plan_a_week_and_its_days_lie_in_it():
    _person, actor = someone_with(MEMBER, at=a_unit())
    plan = add_plan(actor=actor, week=dt.date(2031, 5, 14))
    assert plan.week == dt.date(2031, 5, 12)
    with pytest.raises(Invalid):
        add_plan(actor=actor, week=dt.date(2031, 5, 18))
    for days in (-1, 7):
        with pytest.raises(Invalid):
            add_item(plan, actor=actor, day=plan.week + dt.timedelta(days=days), text="外")
    with pytest.raises(Invalid):
        add_plan(actor=SYSTEM)


@database
def test_the_week_is_begun_filled_and_submitted_on_screen_and_answered_by_the_head():
    unit = a_unit()
    head, _ = someone_with(HEADS, at=unit)
    person, actor = someone_with(MEMBER, at=unit)
    add_task(actor=actor, title="核对账单", due_at=noon(timezone.localdate()))
    browser = browser_of(person)
    assert "开始编写" in browser.get("/week/").content.decode()
    browser.post("/week/")
    plan = WeekPlan.objects.get(owner=person)
    assert "核对账单" in browser.get("/week/").content.decode()
    browser.post(f"/week-plans/{plan.uid}/add-item/", {"day": str(plan.week), "text": "例会"})
    browser.post(f"/week-plans/{plan.uid}/submit/")
    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED
    heads = browser_of(head)
    assert person.name in heads.get("/week/").content.decode()
    heads.post(f"/week-plans/{plan.uid}/send-back/", {"answer": "补充走访"}, HTTP_HX_REQUEST="true")
    assert "补充走访" in browser.get("/week/").content.decode()
    for wrong in ("x", "2031-13-01", "0001-01-01"):
        assert browser.get(f"/week/?week={wrong}").status_code == 404
    assert acting(person).holds("workplans.weekplan:view")
