"""Early warnings: raised once by set-wise jobs with their reasons, answered by tasks, settled with outcomes."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.analytics.actions import (
    answer_warning,
    assign_warning,
    change_rule,
    dismiss_warning,
    install_rules,
    lapse_warnings,
    open_retention,
    raise_warnings,
    refresh_portfolios,
    refresh_unit_months,
    refresh_warnings,
    settle_warning,
    take_snapshot,
)
from jike.apps.analytics.models import EarlyWarning, WarningRule
from jike.apps.analytics.pages.home import warnings as home_warnings
from jike.apps.analytics.pages.reasons import reason
from jike.apps.analytics.queries import by_month, portfolio, tasks_of, totals
from jike.apps.analytics.queries.boards import waiting_warnings
from jike.apps.analytics.queries.lens import Lens
from jike.apps.analytics.rules import DEFAULTS, ENDED, NEXT, Kind, State, grade_fell, may_follow
from jike.apps.customers.actions import forget_person, grade_customer
from jike.apps.sales.actions import Minutes, finish_visit, plan_visit
from jike.apps.servicedesk.actions import answer_survey, open_ticket, send_survey
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken
from jike.foundation.notify import notices_of
from jike.foundation.pages.home import Viewpoint
from jike.foundation.scope import fetch
from jike.values.rights import Breadth
from tests.apps.analytics.making import LAST, a_served_customer, billed
from tests.apps.customers.making import a_key_person
from tests.apps.servicedesk.making import at
from tests.making import SYSTEM, a_person, a_unit, someone_with

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
STATES = st.sampled_from(list(State))
MANAGER = {
    **dict.fromkeys(
        (f"analytics.earlywarning:{one}" for one in ("view", "answer", "settle", "dismiss")), Breadth.OWN
    ),
    **dict.fromkeys((f"tasks.task:{one}" for one in ("view", "add", "change", "settle")), Breadth.OWN),
    "customers.customer:view": Breadth.OWN,
    "analytics.board:view": Breadth.OWN,
}
STEADY = ["1000"] * 12


def raised(kind: Kind) -> list[EarlyWarning]:
    return list(EarlyWarning.objects.filter(sign=kind).select_related("customer"))


@given(STATES, st.lists(STATES, max_size=8))
def test_whatever_is_tried_a_warning_moves_along_the_table_only(state, tried):
    for then in tried:
        if may_follow(state, then):
            assert then in NEXT[state]
            state = then
    assert all(not NEXT[one] for one in ENDED)


@given(
    st.sampled_from(["A1", "A2", "B1", "B2", "C", "D"]), st.sampled_from(["A1", "A2", "B1", "B2", "C", "D"])
)
def test_a_grade_falls_one_way_only(before, now):
    assert not (grade_fell(before, now) and grade_fell(now, before))


def test_each_sign_is_raised_once_with_its_reason_although_the_job_runs_twice():
    owing, falling, steady = (a_served_customer(revenue=name) for name in ("a", "b", "c"))
    billed((owing, STEADY, "2500"), (falling, ["1000"] * 9 + ["500"] * 3, "0"), (steady, STEADY, "0"))
    take_snapshot(actor=SYSTEM, on=dt.date(2026, 10, 31))
    grade_customer(steady, actor=SYSTEM, grade="D")
    assert sum(raise_warnings(actor=SYSTEM, on=TODAY).values()) == 2
    assert sum(raise_warnings(actor=SYSTEM, on=TODAY).values()) == 0
    (arrears,), (fell,) = raised(Kind.ARREARS), raised(Kind.REVENUE_FELL)
    assert (arrears.customer, arrears.owner, arrears.figures["months"]) == (owing, owing.owner, "2.5")
    assert "0.25" in reason(arrears)
    assert (fell.customer, fell.figures["percent"]) == (falling, "50.0")
    assert fell.answer_due_at == at("2026-11-30 18:00")
    assert notices_of(owing.owner.uid).count() == 1


def test_a_grade_that_fell_since_the_snapshot_is_told():
    customer = a_served_customer()
    grade_customer(customer, actor=SYSTEM, grade="A2")
    take_snapshot(actor=SYSTEM, on=dt.date(2026, 10, 31))
    assert take_snapshot(actor=SYSTEM, on=dt.date(2026, 10, 31)) == 0
    grade_customer(customer, actor=SYSTEM, grade="B2")
    assert raise_warnings(actor=SYSTEM, on=TODAY)[Kind.GRADE_FELL] == 1
    assert raised(Kind.GRADE_FELL)[0].figures == {"before": "A2", "now": "B2"}


def test_complaints_that_repeat_are_told_and_enquiries_are_not():
    customer, calm = a_served_customer(), a_served_customer()
    for day in ("2026-11-02 10:00", "2026-11-16 10:00"):
        open_ticket(actor=SYSTEM, customer=customer, title="账单有误", ticket_type="complaint", at=at(day))
        open_ticket(actor=SYSTEM, customer=calm, title="问一问", ticket_type="enquiry", at=at(day))
    assert raise_warnings(actor=SYSTEM, on=TODAY)[Kind.COMPLAINT_REPEATED] == 1
    assert raise_warnings(actor=SYSTEM, on=dt.date(2027, 3, 1))[Kind.COMPLAINT_REPEATED] == 0


def test_a_survey_that_disappoints_is_told_once_and_a_mild_one_is_not():
    customer, calm = a_served_customer(), a_served_customer()
    for one, perceived in ((customer, 5), (calm, 7)):
        survey = send_survey(actor=SYSTEM, customer=one, at=at("2026-11-18 10:00"))
        answer_survey(survey, answers={"network": (8, perceived)}, at=at("2026-11-19 10:00"))
    assert raise_warnings(actor=SYSTEM, on=TODAY)[Kind.DISSATISFIED] == 1
    assert raise_warnings(actor=SYSTEM, on=TODAY)[Kind.DISSATISFIED] == 0
    (warning,) = raised(Kind.DISSATISFIED)
    assert warning.customer == customer
    assert "5.00" in reason(warning)


def test_visits_that_were_planned_and_not_made_are_told_once_a_quarter():
    unit = a_unit()
    person, _manager = someone_with(MANAGER, at=unit)
    neglected, seen, alone = (
        a_served_customer(unit=unit, owner=person, revenue=name) for name in ("a", "b", "c")
    )
    for customer, made in ((neglected, 0), (seen, 1)):
        for place, day in enumerate(("2026-10-13", "2026-11-10")):
            moment = at(f"{day} 10:00")
            visit = plan_visit(actor=SYSTEM, customer=customer, planned_at=moment, purpose="季度走访")
            if place < made:
                said = Minutes("扩容意向明确", next_step="送方案", next_step_on=dt.date(2026, 12, 1))
                finish_visit(visit, actor=SYSTEM, minutes=said, at=moment)
    plan_visit(actor=SYSTEM, customer=alone, planned_at=at("2026-11-10 10:00"), purpose="拜访")
    assert raise_warnings(actor=SYSTEM, on=TODAY)[Kind.VISITS_BELOW_PLAN] == 1
    assert raise_warnings(actor=SYSTEM, on=TODAY)[Kind.VISITS_BELOW_PLAN] == 0
    (warning,) = raised(Kind.VISITS_BELOW_PLAN)
    assert (warning.customer, warning.figures) == (neglected, {"planned": "2", "done": "0"})


def test_an_occasion_is_attended_to_and_puts_no_customer_at_risk():
    unit = a_unit()
    customer = a_served_customer(unit=unit, owner=someone_with(MANAGER, at=unit)[0])
    a_key_person(customer, birthday=dt.date(1980, 11, 25))
    raise_warnings(actor=SYSTEM, on=TODAY)
    (warning,) = raised(Kind.MEMORIAL_DAY)
    with pytest.raises(RuleBroken):
        open_retention(warning, actor=SYSTEM, name="保有", at=at("2026-11-23 10:00"))
    answer_warning(warning, actor=SYSTEM, plan="电话问候", at=at("2026-11-23 10:00"))
    with pytest.raises(Invalid):
        settle_warning(warning, actor=SYSTEM, outcome="lost", at=at("2026-11-23 11:00"))
    settle_warning(warning, actor=SYSTEM, outcome="done", at=at("2026-11-23 11:00"))
    assert warning.state == State.SETTLED


@pytest.mark.parametrize(
    ("born", "day", "told"),
    [
        (dt.date(1980, 11, 25), TODAY, 1),
        (dt.date(1980, 12, 25), TODAY, 0),
        (dt.date(1980, 1, 2), dt.date(2026, 12, 30), 1),
        (dt.date(1980, 2, 29), dt.date(2027, 2, 25), 1),
        (dt.date(1980, 2, 29), dt.date(2028, 2, 25), 1),
    ],
)
def test_a_memorial_day_is_told_within_a_week_over_the_turn_of_years_and_on_leap_days(born, day, told):
    person = a_key_person(a_served_customer(), birthday=born)
    assert raise_warnings(actor=SYSTEM, on=day)[Kind.MEMORIAL_DAY] == told
    if told:
        warning = raised(Kind.MEMORIAL_DAY)[0]
        assert person.name in reason(warning)
        assert born.isoformat() not in str(warning.figures)


def test_thresholds_stand_in_one_place():
    customer = a_served_customer()
    billed((customer, STEADY, "1500"))
    assert (install_rules(actor=SYSTEM), install_rules(actor=SYSTEM)) == (len(DEFAULTS), 0)
    rule = WarningRule.objects.get(sign=Kind.ARREARS)
    change_rule(rule, actor=SYSTEM, threshold=2)
    assert raise_warnings(actor=SYSTEM, on=TODAY)[Kind.ARREARS] == 0
    change_rule(rule, actor=SYSTEM, enabled=False, threshold=1)
    assert Kind.ARREARS not in raise_warnings(actor=SYSTEM, on=TODAY)
    change_rule(rule, actor=SYSTEM, enabled=True)
    assert raise_warnings(actor=SYSTEM, on=TODAY)[Kind.ARREARS] == 1


def test_a_warning_is_answered_by_a_task_and_settled_with_its_outcome():
    unit = a_unit()
    person, manager = someone_with(MANAGER, at=unit)
    customer = a_served_customer(unit=unit, owner=person)
    billed((customer, STEADY, "5000"))
    raise_warnings(actor=SYSTEM, on=TODAY)
    warning = raised(Kind.ARREARS)[0]
    with pytest.raises(RuleBroken):
        settle_warning(warning, actor=manager, outcome="kept")
    with pytest.raises(Invalid):
        answer_warning(warning, actor=manager, plan="  ")
    task = answer_warning(warning, actor=manager, plan="约财务总监面谈回款", at=at("2026-11-24 10:00"))
    assert (warning.state, task.owner, task.source) == ("answering", person, "warning")
    assert tasks_of(warning, manager) == [task]
    with pytest.raises(Invalid):
        settle_warning(warning, actor=manager, outcome="wonderful")
    settle_warning(warning, actor=manager, outcome="kept", remark="已回款", at=at("2026-11-26 10:00"))
    task.refresh_from_db()
    assert (warning.state, warning.due_at, task.state) == ("settled", None, "done")
    with pytest.raises(RuleBroken):
        dismiss_warning(warning, actor=manager, remark="多余")


def test_arrears_that_go_on_are_not_raised_again_while_somebody_answers_them():
    customer = a_served_customer()
    billed((customer, STEADY, "5000"))
    assert raise_warnings(actor=SYSTEM, on=TODAY)[Kind.ARREARS] == 1
    next_month = dt.date(2026, 12, 23)
    assert raise_warnings(actor=SYSTEM, on=next_month)[Kind.ARREARS] == 0
    dismiss_warning(raised(Kind.ARREARS)[0], actor=SYSTEM, remark="已约定分期")
    assert raise_warnings(actor=SYSTEM, on=next_month)[Kind.ARREARS] == 1


def test_what_was_paid_before_anybody_answered_goes_by_itself():
    customer = a_served_customer()
    billed((customer, STEADY, "5000"))
    raise_warnings(actor=SYSTEM, on=TODAY)
    assert lapse_warnings(actor=SYSTEM, on=TODAY) == 0
    type(customer).objects.filter(pk=customer.pk).update(arrears=0)
    assert (lapse_warnings(actor=SYSTEM, on=TODAY), lapse_warnings(actor=SYSTEM, on=TODAY)) == (1, 0)


def test_a_stranger_neither_sees_nor_answers_a_warning():
    customer = a_served_customer()
    billed((customer, STEADY, "5000"))
    raise_warnings(actor=SYSTEM, on=TODAY)
    warning = raised(Kind.ARREARS)[0]
    _person, stranger = someone_with(MANAGER, at=a_unit())
    with pytest.raises(NotFound):
        fetch(EarlyWarning, warning.uid, stranger)
    with pytest.raises(Refused):
        answer_warning(warning, actor=stranger, plan="偷看")
    assign_warning(warning, actor=SYSTEM, owner=a_person(a_unit()))
    later = at("2026-12-31 10:00")
    refresh_unit_months(actor=SYSTEM, at=later)
    lenses = [Lens(one, True, later, dt.date(2026, 12, 31)) for one in (stranger, SYSTEM)]
    assert [waiting_warnings(one) for one in lenses] == [[], [("arrears", 1, 1)]]


def test_the_nightly_job_runs_twice_and_boards_add_up_what_bills_say():
    unit = a_unit()
    person, manager = someone_with(MANAGER, at=unit)
    mine, other = a_served_customer(unit=unit, owner=person), a_served_customer()
    billed((mine, STEADY * 2, "0"), (other, ["700"] * 24, "0"))
    take_snapshot(actor=SYSTEM, on=dt.date(2025, 12, 31))
    refresh_warnings()
    rows = refresh_portfolios(actor=SYSTEM)
    assert refresh_portfolios(actor=SYSTEM) == rows
    own, whole = portfolio(manager, team=False), portfolio(SYSTEM, team=True)
    assert (totals(own, LAST).revenue, totals(whole, LAST).revenue) == (1000, 1700)
    assert totals(own, LAST).revenue_kept == 1
    assert [one.revenue for one in by_month(own)] == [1000] * 24
    assert list(portfolio(manager, team=True).values_list("owner_id").distinct()) == [(person.pk,)]


def test_ones_own_home_page_leaves_memorial_days_to_the_reminder_and_erasing_blots_the_warning():
    unit = a_unit()
    person, actor = someone_with(MANAGER, at=unit)
    customer = a_served_customer(unit=unit, owner=person)
    known = a_key_person(customer, "欧阳牧野", birthday=dt.date(1980, 11, 25))
    assert raise_warnings(actor=SYSTEM, on=TODAY)[Kind.MEMORIAL_DAY] == 1
    told = [home_warnings(Viewpoint(actor, team, TODAY))["open"] for team in (False, True)]
    assert told == ["0", "1"]
    forget_person(known, actor=SYSTEM)
    assert raised(Kind.MEMORIAL_DAY)[0].figures["person"] == "***"
