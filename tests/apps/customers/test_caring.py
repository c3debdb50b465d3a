"""Consents, private matters, memorial days, reminders of them, and people who go from one customer to another."""

import datetime as dt

import pytest
from django.utils import timezone

from jike.apps.customers.actions import add_key_person, change_key_person
from jike.apps.customers.actions.careers import keep_key_person, move_key_person
from jike.apps.customers.actions.caring import DAYS_BEFORE, enter_memorial_days, remind_of_occasions
from jike.apps.customers.actions.consents import describe_person, record_consent, withdraw_consent
from jike.apps.customers.models import KeyPerson
from jike.apps.customers.queries.portfolio import birthdays, memorial_days
from jike.apps.customers.rules import CONSENTED, Topic, topics_standing
from jike.apps.tasks.models import Task
from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.lines import LineEntry, Taken
from jike.foundation.models import ChangeValues
from jike.values.lunar import lunar_day
from jike.values.rights import Breadth
from tests.apps.customers.making import MANAGER, a_customer, a_key_person
from tests.making import SYSTEM, a_person, a_unit, someone_with

TODAY = dt.date(2026, 11, 20)
CARER = {
    **MANAGER,
    **dict.fromkeys(
        (
            "customers.keyperson:move",
            "customers.keyperson:see_personal",
            *(f"customers.consent:{act}" for act in ("view", "add", "withdraw")),
            *(f"customers.memorialday:{act}" for act in ("view", "add")),
        ),
        Breadth.OWN,
    ),
}


def test_a_topic_stands_as_long_as_one_consent_to_it_does():
    day = dt.date(2026, 1, 1)
    assert topics_standing([(["hobbies", "spouse"], None), (["hobbies"], day)]) == ("spouse", "hobbies")
    assert topics_standing([(["hobbies"], day)]) == ()


@pytest.fixture
def person(db) -> KeyPerson:
    return a_key_person(a_customer(), "王敏")


def test_nothing_private_is_kept_without_consent(person):
    with pytest.raises(Invalid):
        describe_person(person, actor=SYSTEM, hobbies="登山")
    with pytest.raises(Invalid):
        change_key_person(person, actor=SYSTEM, spouse="李明")
    with pytest.raises(Invalid):
        add_key_person(actor=SYSTEM, customer=person.customer, name="赵六", circle="校友会")
    record_consent(person, actor=SYSTEM, topics=[Topic.SPOUSE], means="signed")
    with pytest.raises(Invalid):
        describe_person(person, actor=SYSTEM, hobbies="登山")


def test_withdrawn_consent_empties_and_forgets_what_no_other_consent_covers(person):
    first = record_consent(person, actor=SYSTEM, topics=["hobbies", "family"], means="signed", wording="当面")
    record_consent(person, actor=SYSTEM, topics=["family"], means="mail")
    describe_person(person, actor=SYSTEM, hobbies="登山钓鱼", family="一子一女")
    withdraw_consent(first, actor=SYSTEM, how="来电")
    stored = KeyPerson.objects.get(pk=person.pk)
    assert (stored.hobbies, stored.family, stored.consented) == ("", "一子一女", ["family"])
    remembered = ChangeValues.objects.filter(change__uid=person.uid)
    assert "登山" not in repr([one.payloads for one in remembered])
    assert "登山" not in repr(history_of(stored, SYSTEM))
    with pytest.raises(RuleBroken):
        withdraw_consent(first, actor=SYSTEM)


def test_a_consent_names_something_and_lies_not_ahead(person):
    with pytest.raises(Invalid):
        record_consent(person, actor=SYSTEM, topics=[], means="signed")
    ahead = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(Invalid):
        record_consent(person, actor=SYSTEM, topics=CONSENTED, means="signed", given_on=ahead)
    consent = record_consent(person, actor=SYSTEM, topics=CONSENTED, means="signed")
    with pytest.raises(Invalid):
        withdraw_consent(consent, actor=SYSTEM, on=consent.given_on - dt.timedelta(days=1))


@pytest.mark.django_db
def test_whoever_looks_after_the_customer_records_consent_and_nobody_else():
    home = a_unit()
    manager, actor = someone_with(CARER, at=home)
    mine = a_key_person(a_customer(unit=home, owner=manager))
    consent = record_consent(mine, actor=actor, topics=["circle"], means="signed")
    assert consent.recorded_by == manager
    with pytest.raises(Refused):
        record_consent(a_key_person(a_customer(unit=home)), actor=actor, topics=["circle"], means="signed")


def lunar_birthday_on(day: dt.date) -> dt.date:
    """Return a day of birth whose lunar date is that of ``day``."""
    wanted = lunar_day(day)
    year = dt.date(1980, 1, 1)
    return next(
        born
        for born in (year + dt.timedelta(days=ahead) for ahead in range(420))
        if lunar_day(born) == wanted
    )


@pytest.mark.django_db
def test_each_occasion_becomes_one_task_however_often_the_night_comes():
    manager = a_person(a_unit())
    customer = a_customer(owner=manager)
    solar = a_key_person(customer, "阳历", birthday=dt.date(1985, 11, 22))
    born = lunar_birthday_on(dt.date(2026, 11, 23))
    lunar = a_key_person(customer, "农历", birthday=born, birthday_lunar=True)
    a_key_person(customer, "离任", birthday=dt.date(1985, 11, 22), left_on=TODAY)
    a_key_person(a_customer(), "无人管", birthday=dt.date(1985, 11, 22))
    day = {"title": "入职", "day": dt.date(2001, 11, 21), "lunar": False}
    enter_memorial_days(solar, Taken((LineEntry(None, day),)), actor=SYSTEM)
    assert remind_of_occasions(TODAY, actor=SYSTEM) == 3
    assert remind_of_occasions(TODAY, actor=SYSTEM) == 0
    assert remind_of_occasions(TODAY + dt.timedelta(days=1), actor=SYSTEM) == 0
    tasks = {(one.about_uid, one.due_on): one for one in Task.objects.filter(source="care")}
    assert set(tasks) == {
        (solar.uid, dt.date(2026, 11, 21)),
        (solar.uid, dt.date(2026, 11, 20)),
        (lunar.uid, dt.date(2026, 11, 22)),
    }
    assert {one.owner for one in tasks.values()} == {manager}
    assert not any("入职" in one.title for one in tasks.values())
    following = TODAY + dt.timedelta(days=365)
    assert remind_of_occasions(following, actor=SYSTEM) == 2
    kept = [(one, day) for one, day in birthdays(SYSTEM, today=TODAY) if one.customer_id == customer.pk]
    assert kept == [(solar, dt.date(2026, 11, 22)), (lunar, dt.date(2026, 11, 23))]
    assert [one.title for one, _day in memorial_days(SYSTEM, today=TODAY)] == ["入职"]
    assert DAYS_BEFORE == 3


@pytest.mark.django_db
def test_a_moved_person_keeps_history_and_leaves_no_loose_ends():
    old, new = a_customer("旧东家"), a_customer("新东家")
    boss = a_key_person(old, job_title="主任")
    below = a_key_person(old, reports_to=boss)
    version = boss.version
    move_key_person(boss, actor=SYSTEM, customer=new, on=TODAY, job_title="总经理", role="decider")
    entry = boss.career.get()
    assert (entry.customer, entry.job_title, entry.until) == (old, "主任", TODAY)
    below.refresh_from_db()
    assert below.reports_to is None
    assert (boss.customer, boss.job_title, boss.version > version) == (new, "总经理", True)
    assert [one.verb for one in history_of(boss, SYSTEM)][-1] == "add"
    assert new.coverage_gaps == []
    new.refresh_from_db()
    assert "no_decider" not in new.coverage_gaps
    assert "sole_contact" in new.coverage_gaps
    with pytest.raises(Invalid):
        move_key_person(boss, actor=SYSTEM, customer=old, on=TODAY - dt.timedelta(days=1))
    with pytest.raises(RuleBroken):
        move_key_person(boss, actor=SYSTEM, customer=new)


@pytest.mark.django_db
def test_one_moves_people_only_to_customers_that_one_may_change():
    home = a_unit()
    manager, actor = someone_with(CARER, at=home)
    mine = a_customer(unit=home, owner=manager)
    person = a_key_person(mine)
    with pytest.raises(Refused):
        move_key_person(person, actor=actor, customer=a_customer(unit=home))
    also_mine = a_customer(unit=home, owner=manager)
    keep_key_person(person, actor=actor, customer=also_mine, job_title="顾问", remarks="刚到任")
    assert (person.customer, person.job_title, person.remarks) == (also_mine, "顾问", "刚到任")
    assert person.career.count() == 1
