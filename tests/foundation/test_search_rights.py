"""Search shows nobody what they may not see: not by units, owners, shares, sealed fields, nor across foreign keys."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jike.apps.customers.models import Customer
from jike.foundation.audit import changing, changing_many, removing, restoring
from jike.foundation.errors import Invalid
from jike.foundation.models import SearchEntry
from jike.foundation.search import keeping, narrow
from jike.foundation.sharing import share, unshare
from jike.values.rights import Breadth
from tests.foundation.searched import a_customer, a_key_person, a_seeker, an_owner, titles
from tests.making import SYSTEM, a_deputy, a_person, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db
EITHER_WAY = (10**9, -1)
CHINESE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
NAMES = st.text(
    st.one_of(
        CHINESE,
        st.sampled_from("广东重庆银行公司abcXYZ019 ()（）·-&'\\%_\"😀ß"),
        st.characters(codec="utf-8"),
    ),
    min_size=2,
    max_size=20,
)


@settings(max_examples=60)
@given(name=NAMES)
def test_any_two_adjacent_characters_find_a_record_for_those_who_may_see_it_and_for_nobody_else(name):
    with transaction.atomic():
        unit, other = a_unit(), a_unit()
        try:
            stored = a_customer(name, unit).name
        except (Invalid, ValidationError):
            assume(False)
        seeker, stranger = a_seeker(unit), a_seeker(other)
        for typed in {stored[at : at + 2] for at in range(len(stored) - 1)}:
            if not typed.strip():
                continue
            for frequent in EITHER_WAY:
                assert titles(typed, seeker, frequent=frequent) == [stored], repr(typed)
                assert titles(typed, stranger, frequent=frequent) == []
        transaction.set_rollback(True)


@pytest.mark.parametrize("frequent", EITHER_WAY)
def test_a_manager_finds_own_customers_and_their_key_persons(frequent):
    unit = a_unit()
    person, actor = an_owner(unit)
    mine, foreign = a_customer("岚屿港口", unit, owner=person), a_customer("岚屿银行", unit)
    a_key_person("岚一", mine)
    a_key_person("岚二", foreign)
    assert titles("岚", actor, frequent=frequent) == ["岚一", "岚屿港口"]


@pytest.mark.parametrize("frequent", EITHER_WAY)
def test_who_sees_what_lies_below_a_unit_finds_it_there_and_nowhere_else(frequent):
    city, other = a_unit(level="city"), a_unit(level="city")
    for unit in (city, a_unit(under=city), other):
        a_customer(f"岚屿{unit.pk}", unit)
    found = titles("岚屿", a_seeker(city, breadth=Breadth.BELOW), frequent=frequent)
    assert len(found) == 2
    assert f"岚屿{other.pk}" not in found
    assert len(titles("岚屿", a_seeker(city, breadth=Breadth.ALL), frequent=frequent)) == 3


@pytest.mark.parametrize("frequent", EITHER_WAY)
def test_a_deputy_finds_what_their_principal_owns(frequent):
    unit = a_unit()
    person, _ = an_owner(unit)
    deputy, _ = an_owner(a_unit())
    a_customer("岚屿", unit, owner=person)
    assert titles("岚屿", acting(deputy), frequent=frequent) == []
    a_deputy(person, deputy)
    assert titles("岚屿", acting(deputy), frequent=frequent) == ["岚屿"]


@pytest.mark.parametrize("frequent", EITHER_WAY)
def test_a_collaborator_finds_the_shared_record_and_what_lies_under_it(frequent):
    unit = a_unit()
    customer = a_customer("岚屿", unit)
    a_customer("岚屿二", unit)
    a_key_person("岚", customer)
    person, actor = an_owner(a_unit())
    assert titles("岚", actor, frequent=frequent) == []
    share(customer, person.uid, actor=SYSTEM)
    assert titles("岚", acting(person), frequent=frequent) == ["岚", "岚屿"]
    unshare(customer, person.uid, actor=SYSTEM)
    assert titles("岚", acting(person), frequent=frequent) == []


def test_a_kind_that_one_may_not_see_is_not_found():
    unit = a_unit()
    a_key_person("岚", a_customer("岚屿", unit))
    _, actor = someone_with({"customers.customer:view": Breadth.ALL}, at=unit)
    assert titles("岚", actor) == ["岚屿"]
    assert titles("岚", acting(a_person(unit))) == []


@pytest.mark.parametrize("frequent", EITHER_WAY)
def test_a_sealed_number_is_found_whole_and_only_by_those_who_may_read_it(frequent):
    unit = a_unit()
    person = a_key_person("程远", a_customer("岚屿", unit), phone="13812342607")
    opened = a_seeker(unit, "customers.keyperson:see_personal")
    elsewhere = someone_with(
        {"customers.keyperson:view": Breadth.ALL, "customers.keyperson:see_personal": Breadth.TEAM},
        at=a_unit(),
    )[1]
    rows = type(person).objects.all()
    for typed in ("13812342607", "138 1234 2607", "+86 13812342607"):
        assert titles(typed, opened, frequent=frequent) == ["程远"]
        assert list(narrow(rows, typed, opened)) == [person]
        for nobody in (a_seeker(unit), elsewhere):
            assert titles(typed, nobody, frequent=frequent) == []
            assert not narrow(rows, typed, nobody).exists()
    assert titles("2607", opened, frequent=frequent) == titles("1381234", opened, frequent=frequent) == []


def test_a_sealed_value_stands_nowhere_in_what_is_shown_or_compared():
    a_key_person("程远", a_customer("岚屿", a_unit()), phone="13812342607")
    entry = SearchEntry.objects.get(kind="customers.keyperson")
    assert "1234" not in f"{entry.title}{entry.context}{entry.names}{entry.codes}"


def test_a_moved_customer_takes_its_key_persons_along():
    here, there = a_unit(), a_unit()
    customer = a_customer("岚屿", here)
    a_key_person("岚", customer)
    with changing(customer, actor=SYSTEM):
        customer.unit = there
    assert titles("岚", a_seeker(here)) == []
    assert titles("岚", a_seeker(there)) == ["岚", "岚屿"]


@pytest.mark.parametrize("frequent", EITHER_WAY)
def test_customers_that_change_hands_by_the_thousand_are_found_by_nobody_they_left(frequent, monkeypatch):
    monkeypatch.setattr(keeping, "MANY", 1)
    unit = a_unit()
    (former, left), (new, taker) = an_owner(unit), an_owner(a_unit())
    moved = [a_customer(name, unit, owner=former) for name in ("岚屿港口", "岚屿银行")]
    a_customer("岚屿医院", unit, owner=former)
    a_key_person("岚一", moved[0])
    changing_many(Customer, {one.pk: {"owner_id": new.pk} for one in moved}, actor=SYSTEM)
    assert titles("岚", left, frequent=frequent) == ["岚屿医院"]
    keeping.move_waiting()
    assert titles("岚", left, frequent=frequent) == ["岚屿医院"]
    assert titles("岚", taker, frequent=frequent) == ["岚一", "岚屿港口", "岚屿银行"]
    assert not keeping.moves_wait()


def test_the_recycle_bin_is_not_searched():
    customer = a_customer("岚屿", a_unit())
    removing(customer, actor=SYSTEM)
    assert titles("岚屿") == []
    restoring(customer, actor=SYSTEM)
    assert titles("岚屿") == ["岚屿"]
