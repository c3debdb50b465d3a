"""The write gate for many rows: set-wise, and yet each row is judged by itself."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person, Unit
from jike.foundation.audit import changing, changing_many, creating_many, history_of
from jike.foundation.audit.judging import Shape
from jike.foundation.models import Change
from jike.values.rights import Breadth
from tests.making import SYSTEM, a_person, a_unit, someone_with

pytestmark = pytest.mark.django_db


def test_many_rows_are_changed_and_each_has_its_own_history():
    units = [a_unit() for _ in range(30)]
    outcome = changing_many(Unit, {u.pk: {"name": f"新{u.pk}"} for u in units}, actor=SYSTEM, verb="change")
    assert sorted(outcome.written) == [u.pk for u in units]
    fresh = Unit.objects.get(pk=units[7].pk)
    entry = history_of(fresh, SYSTEM)[0]
    assert (fresh.version, entry.values["name"]) == (2, (units[7].name, f"新{fresh.pk}"))
    assert fresh.name_key.startswith("xin")


def test_rows_that_already_are_as_wanted_are_left_alone():
    unit = a_unit("同名")
    outcome = changing_many(Unit, {unit.pk: {"name": "同名"}}, actor=SYSTEM)
    assert (outcome.unchanged, outcome.written) == ([unit.pk], [])
    assert Unit.objects.get(pk=unit.pk).version == 1


def test_a_row_of_wrong_shape_is_refused_alone():
    good, bad = a_unit(), a_unit()
    outcome = changing_many(Unit, {good.pk: {"name": "好"}, bad.pk: {"name": "长" * 81}}, actor=SYSTEM)
    assert outcome.written == [good.pk]
    assert "81" in outcome.refused[bad.pk]


def test_rows_that_break_a_uniqueness_are_named_and_the_rest_is_stored():
    units = [a_unit() for _ in range(9)]
    taken = a_unit()
    edits = {u.pk: {"code": f"C-{u.pk}"} for u in units}
    edits[units[4].pk] = {"code": taken.code}
    outcome = changing_many(Unit, edits, actor=SYSTEM)
    assert len(outcome.written) == 8
    assert list(outcome.refused) == [units[4].pk]


def test_rows_out_of_reach_are_refused_before_and_after_the_edit():
    home, other = a_unit(), a_unit()
    grants = {"organisation.person:change": Breadth.TEAM, "organisation.person:view": Breadth.TEAM}
    mine, actor = someone_with(grants, at=home)
    foreign = a_person(other)
    outcome = changing_many(
        Person, {mine.pk: {"unit_id": other.pk}, foreign.pk: {"name": "别人"}}, actor=actor, verb="change"
    )
    assert sorted(outcome.refused) == sorted([mine.pk, foreign.pk])
    assert not Change.objects.filter(uid=foreign.uid, verb="change").exists()


def test_rows_that_moved_on_are_refused_as_stale():
    unit = a_unit()
    with changing(unit, actor=SYSTEM):
        unit.name = "先到"
    outcome = changing_many(Unit, {unit.pk: {"name": "后到"}}, actor=SYSTEM, versions={unit.pk: 1})
    assert unit.pk in outcome.refused


def test_every_row_given_has_exactly_one_outcome():
    units = [a_unit() for _ in range(4)]
    edits = {
        units[0].pk: {"name": units[0].name},
        units[1].pk: {"name": "新"},
        units[2].pk: {"name": ""},
        10**9: {"name": "无"},
    }
    outcome = changing_many(Unit, edits, actor=SYSTEM)
    told = [*outcome.written, *outcome.unchanged, *outcome.refused]
    assert sorted(told) == sorted(edits)


def test_new_rows_are_created_set_wise_with_derived_fields_and_history():
    home = a_unit()
    rows = [{"staff_no": f"B{n}", "name": "王芳", "unit_id": home.pk, "password": "!"} for n in range(25)]
    rows[3] = {"staff_no": "B1", "name": "重号", "unit_id": home.pk, "password": "!"}
    rows[5] = {"staff_no": "B-5", "unit_id": home.pk, "password": "!"}
    outcome = creating_many(Person, rows, actor=SYSTEM)
    assert (len(outcome.written), sorted(outcome.refused)) == (23, [3, 5])
    person = Person.objects.get(staff_no="B7")
    entry = history_of(person, SYSTEM)[0]
    assert person.name_key.startswith("wang fang") or person.name_key.startswith("wangfang")
    assert entry.values["name"] == (None, "王芳")
    assert entry.values["password"] == ("withheld", "withheld")


def test_new_rows_outside_the_reach_are_refused():
    home, other = a_unit(), a_unit()
    _, actor = someone_with({"organisation.person:add": Breadth.TEAM}, at=home)
    rows = [{"staff_no": f"N{u.pk}", "name": "李雷", "unit_id": u.pk, "password": "!"} for u in (home, other)]
    outcome = creating_many(Person, rows, actor=actor)
    assert (len(outcome.written), list(outcome.refused)) == (1, [1])


NUMBERS = (
    st.integers(-(2**33), 2**33)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.decimals(min_value=-1, max_value=10**17, places=2)
    | st.sampled_from([0, 100, 101, Decimal("9999999999999999.99"), Decimal("1E+3"), Decimal("-0"), True])
)


@pytest.mark.parametrize("name", ["registered_capital", "staff_count", "our_share", "lines"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=NUMBERS)
def test_numbers_are_judged_as_their_fields_judge_them(name: str, value: Any) -> None:
    try:
        Customer._meta.get_field(name).clean(value, None)
        fits = True
    except ValidationError:
        fits = False
    assert (Shape(Customer).problem({name: value}) == "") is fits
