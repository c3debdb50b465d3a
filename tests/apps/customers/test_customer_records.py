"""Customers: what is stored of them, what is refused, and in whose reach they lie."""

import datetime as dt
from decimal import Decimal

import pytest

from jike.apps.customers.actions import (
    add_customer,
    add_customers,
    assign_deputy,
    assign_many,
    assign_owner,
    change_customer,
    change_customers,
    grade_customer,
    remove_customer,
    restore_customer,
)
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.queries import likely_duplicates, size_explained
from jike.foundation.audit import changing_many, history_of
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken
from jike.foundation.scope import fetch, visible
from tests.apps.customers.making import HEAD, MANAGER, a_customer, a_key_person
from tests.making import SYSTEM, a_person, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db

GOOD_CODE = "91350100M000100Y43"
ODD_CODE = "91350211M0000XUF46"
"""Really issued, with a wrong check character."""


def test_a_managers_new_customer_is_their_own_and_lies_in_their_unit():
    home = a_unit()
    person, actor = someone_with(MANAGER, at=home)
    customer = add_customer(actor=actor, name="青禾实业有限公司")
    assert (customer.owner, customer.unit, customer.state) == (person, home, "potential")
    assert customer.code.startswith("KH")
    assert history_of(customer, actor)[0].verb == "add"


def test_a_customer_without_a_unit_to_look_after_it_is_refused():
    with pytest.raises(Invalid) as caught:
        add_customer(actor=SYSTEM, name="无归属公司")
    assert "unit" in caught.value.fields


def test_what_is_typed_is_stored_plain():
    customer = a_customer(
        "  青禾\u200b  实业 ", phone="020 8888-6666", credit_code=" 91350100m000100y43 ", code="kh-1 "
    )
    assert customer.name == "青禾 实业"
    assert customer.phone == "+862088886666"
    assert customer.credit_code == GOOD_CODE
    assert customer.code == "KH-1"


def test_bulk_edits_store_the_same_plain_values_as_single_ones():
    customer = a_customer()
    edits = {customer.pk: {"phone": "（020）88886666", "name": " 云岭  物流 "}}
    assert changing_many(Customer, edits, actor=SYSTEM).written == [customer.pk]
    customer.refresh_from_db()
    assert (customer.phone, customer.name) == ("+862088886666", "云岭 物流")
    assert customer.name_key == "yun ling wu liu\t云岭 物流"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "12"),
        ("credit_code", "91350100I000100Y43"),
        ("credit_code", "9135"),
        ("region", "999999"),
        ("industry", "A64"),
        ("industry", "64"),
        ("name", "坏\x00名"),
        ("our_share", 101),
        ("registered_capital", Decimal(-1)),
        ("needs", "长" * 2001),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_alone_and_in_bulk(field, value):
    customer = a_customer()
    with pytest.raises(Invalid) as caught:
        change_customer(customer, actor=SYSTEM, **{field: value})
    assert list(caught.value.fields) == [field]
    outcome = changing_many(Customer, {customer.pk: {field: value}}, actor=SYSTEM)
    assert list(outcome.refused) == [customer.pk]


def test_a_credit_code_whose_check_fails_must_be_confirmed():
    customer = a_customer()
    with pytest.raises(Invalid) as caught:
        change_customer(customer, actor=SYSTEM, credit_code=ODD_CODE)
    assert list(caught.value.fields) == ["credit_code"]
    change_customer(customer, actor=SYSTEM, credit_code=ODD_CODE, credit_code_confirmed=True)
    assert Customer.objects.get(pk=customer.pk).credit_code == ODD_CODE


def test_whoever_edits_or_removes_a_customer_with_an_imported_odd_code_is_not_asked_about_it():
    added = add_customers(
        [{"name": "澄江机械有限公司", "unit_id": a_unit().pk, "credit_code": ODD_CODE}], actor=SYSTEM
    )
    customer = Customer.objects.get(pk=added.written[0])
    change_customer(customer, actor=SYSTEM, short_name="澄江", credit_code=ODD_CODE)
    remove_customer(customer, actor=SYSTEM)
    customer.refresh_from_db()
    assert (customer.short_name, customer.removed_at is not None) == ("澄江", True)


def test_another_credit_code_is_not_covered_by_the_confirmation_of_the_first():
    customer = a_customer(credit_code=ODD_CODE, credit_code_confirmed=True)
    with pytest.raises(Invalid):
        change_customer(customer, actor=SYSTEM, credit_code="91350211M0000XUF47")
    assert Customer.objects.get(pk=customer.pk).credit_code == ODD_CODE


@pytest.mark.parametrize(
    "same",
    [
        {"name": "同名公司"},
        {"code": "K-1"},
        {"national_code": "EC-1"},
        {"certificate_type": "licence", "certificate_number": GOOD_CODE},
    ],
)
def test_what_names_a_customer_is_given_once_among_those_not_removed(same):
    first = a_customer(**same)
    with pytest.raises(Invalid):
        a_customer(**same)
    remove_customer(first, actor=SYSTEM)
    a_customer(**same)
    with pytest.raises(Invalid):
        restore_customer(first, actor=SYSTEM)


def test_one_number_under_two_kinds_of_certificate_is_two_certificates():
    a_customer(certificate_type="licence", certificate_number="1")
    assert a_customer(certificate_type="foreign", certificate_number="1").pk


def test_likely_duplicates_are_those_the_reader_may_see():
    home = a_unit()
    _, actor = someone_with(HEAD, at=home)
    mine = a_customer(unit=home, credit_code=GOOD_CODE)
    a_customer("别处", credit_code=GOOD_CODE)
    assert list(likely_duplicates(actor, credit_code=GOOD_CODE)) == [mine]
    assert not likely_duplicates(actor)


def test_the_size_class_follows_every_change_of_its_figures():
    customer = a_customer(industry="I65", staff_count=300, yearly_turnover=Decimal(100_000_000))
    assert customer.size_class == "large"
    change_customer(customer, actor=SYSTEM, yearly_turnover=Decimal(99_990_000))
    assert customer.size_class == "medium"
    changing_many(Customer, {customer.pk: {"staff_count": 9}}, actor=SYSTEM)
    assert Customer.objects.get(pk=customer.pk).size_class == "micro"
    change_customer(customer, actor=SYSTEM, industry="")
    assert customer.size_class == ""


def test_the_size_class_is_explained_by_each_measure():
    customer = a_customer(industry="C39", staff_count=500)
    lines = size_explained(customer)
    assert len(lines) == 3
    assert "500" in lines[1]
    assert "1,000" in lines[1]
    assert size_explained(a_customer())


def test_a_manager_sees_own_customers_only_and_a_head_those_of_the_units_below():
    city = a_unit()
    grid, elsewhere = a_unit(under=city), a_unit()
    manager, manager_actor = someone_with(MANAGER, at=grid)
    _, head = someone_with(HEAD, at=city)
    own, colleagues = a_customer(unit=grid, owner=manager), a_customer(unit=grid)
    other = a_customer(unit=elsewhere)
    assert list(visible(Customer, manager_actor)) == [own]
    assert set(visible(Customer, head)) == {own, colleagues}
    with pytest.raises(NotFound):
        fetch(Customer, other.uid, head)


def test_a_manager_may_not_hand_customers_on():
    home = a_unit()
    manager, actor = someone_with(MANAGER, at=home)
    customer = a_customer(unit=home, owner=manager)
    with pytest.raises(Refused):
        assign_owner(customer, actor=actor, owner=a_person(home))
    with pytest.raises(Refused):
        change_customer(customer, actor=actor, owner=a_person(home))
    with pytest.raises(Refused):
        change_customer(customer, actor=actor, unit=a_unit())
    many = change_customers({customer.pk: {"unit_id": a_unit().pk}}, actor=actor)
    assert list(many.refused) == [customer.pk]
    with pytest.raises(TypeError):
        change_customer(customer, actor=actor, state="active")


def test_a_head_assigns_many_at_once_and_hears_which_could_not_be():
    city, elsewhere = a_unit(), a_unit()
    _, head = someone_with(HEAD, at=city)
    taker = a_person(city)
    mine = [a_customer(unit=city) for _ in range(5)]
    covered = a_customer(unit=city)
    assign_deputy(covered, actor=SYSTEM, deputy=taker)
    foreign = a_customer(unit=elsewhere)
    numbers = [one.pk for one in (*mine, covered, foreign)]
    outcome = assign_many(numbers, actor=head, owner=taker)
    assert sorted(outcome.written) == [one.pk for one in mine]
    assert set(outcome.refused) == {covered.pk, foreign.pk}
    assert history_of(mine[0], SYSTEM)[0].verb == "assign"


def test_a_head_names_another_manager_while_changing_other_fields():
    home = a_unit()
    _, head = someone_with(HEAD, at=home)
    customer = a_customer(unit=home)
    taker = a_person(home)
    change_customer(customer, actor=head, version=1, owner=taker, address="文昌路 1 号")
    assert [one.verb for one in history_of(customer, SYSTEM)] == ["change", "assign", "add"]
    assert Customer.objects.get(pk=customer.pk).owner == taker


def test_a_customer_keeps_a_code():
    customer = a_customer()
    with pytest.raises(Invalid):
        change_customer(customer, actor=SYSTEM, code="")


def test_who_has_left_takes_no_customers_over():
    customer = a_customer()
    gone = a_person(customer.unit, is_active=False)
    with pytest.raises(RuleBroken):
        assign_owner(customer, actor=SYSTEM, owner=gone)
    with pytest.raises(RuleBroken):
        assign_many([customer.pk], actor=SYSTEM, owner=gone)


def test_a_deputy_sees_and_changes_the_customer_and_its_key_persons_until_replaced():
    home = a_unit()
    deputy, _ = someone_with(MANAGER, at=a_unit())
    customer = a_customer(unit=home, owner=a_person(home))
    person = a_key_person(customer)
    assert not visible(Customer, acting(deputy)).exists()
    assign_deputy(customer, actor=SYSTEM, deputy=deputy)
    actor = acting(deputy)
    assert list(visible(Customer, actor)) == [customer]
    assert list(visible(KeyPerson, actor, "change")) == [person]
    change_customer(customer, actor=actor, needs="专线")
    assert changing_many(KeyPerson, {person.pk: {"job_title": "总监"}}, actor=actor).written == [person.pk]
    assign_deputy(customer, actor=SYSTEM, deputy=None)
    assert not visible(Customer, acting(deputy)).exists()
    assert not visible(KeyPerson, acting(deputy)).exists()
    assign_deputy(customer, actor=SYSTEM, deputy=deputy)
    assert visible(KeyPerson, acting(deputy)).exists()


def test_the_manager_is_not_their_own_deputy():
    manager, _ = someone_with(MANAGER, at=a_unit())
    customer = a_customer(owner=manager)
    with pytest.raises(Invalid):
        assign_deputy(customer, actor=SYSTEM, deputy=manager)


def test_a_grade_needs_its_own_right():
    home = a_unit()
    manager, actor = someone_with(MANAGER, at=home)
    _, head = someone_with(HEAD, at=home)
    customer = a_customer(unit=home, owner=manager)
    with pytest.raises(Refused):
        grade_customer(customer, actor=actor, grade="A1")
    grade_customer(customer, actor=head, grade="A1", service_level="gold")
    assert Customer.objects.values_list("grade", "service_level").get(pk=customer.pk) == ("A1", "gold")


def test_a_removed_customer_takes_its_key_persons_along_and_brings_them_back():
    customer = a_customer()
    person, former = a_key_person(customer), a_key_person(customer)
    remove_customer(customer, actor=SYSTEM)
    assert not visible(KeyPerson, SYSTEM).filter(customer=customer).exists()
    restore_customer(customer, actor=SYSTEM)
    assert set(visible(KeyPerson, SYSTEM).filter(customer=customer)) == {person, former}


def test_a_customer_with_subsidiaries_is_not_removed():
    parent = a_customer()
    a_customer(parent=parent)
    with pytest.raises(RuleBroken):
        remove_customer(parent, actor=SYSTEM)


def test_a_next_step_is_changed_like_any_field_and_keeps_its_day():
    customer = a_customer()
    change_customer(customer, actor=SYSTEM, next_step="寄方案", next_step_on=dt.date(2027, 1, 4))
    assert history_of(customer, SYSTEM)[0].values["next_step_on"] == (None, "2027-01-04")
