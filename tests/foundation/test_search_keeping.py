"""The index says what the tables say: after edits of every sort, after a rebuild, and after a refused edit."""

import random

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.apps.customers.models import Customer, KeyPerson
from jike.foundation.audit import changing, changing_many, creating_many, removing, restoring
from jike.foundation.errors import Invalid
from jike.foundation.exchange import settle_search
from jike.foundation.models import SearchEntry, Share
from jike.foundation.search.kinds import kinds
from jike.foundation.search.rebuilding import index_all, index_every_kind
from tests.foundation.searched import a_customer, a_key_person, titles
from tests.making import SYSTEM, a_person, a_unit


def entries():
    """Everything the index holds."""
    return list(SearchEntry.objects.order_by("uid").values())


def assert_index_equals_tables():
    kept = entries()
    index_every_kind(processes=0)
    assert kept == entries()


class Office:
    """A few records, and the ways in which people change them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.units = [a_unit(f"网格{n}") for n in range(3)]
        self.people = [a_person(self.units[0], f"经理{n}") for n in range(2)]
        self.customers = [a_customer(f"岚屿{n}", self.units[0]) for n in range(3)]
        self.persons = [
            a_key_person(f"程{n}", one, phone="13812342607") for n, one in enumerate(self.customers)
        ]

    def act(self, name: str) -> None:
        getattr(self, name)(self.chance.choice(self.customers), self.chance.choice(self.persons))

    def rename(self, customer, person):
        with changing(customer, actor=SYSTEM):
            customer.name = f"鹭汀{customer.pk}号{self.chance.randrange(10**6)}\t\\N'"

    def move(self, customer, person):
        with changing(customer, actor=SYSTEM):
            customer.unit = self.chance.choice(self.units)

    def hand_over(self, customer, person):
        with changing(customer, actor=SYSTEM):
            customer.owner = self.chance.choice([*self.people, None])

    def move_all(self, customer, person):
        target = self.chance.choice(self.units)
        edits = {one.pk: {"unit_id": target.pk, "grade": "A1"} for one in self.customers}
        changing_many(Customer, edits, actor=SYSTEM)

    def rename_all(self, customer, person):
        changing_many(KeyPerson, {one.pk: {"name": f"甲{one.pk}"} for one in self.persons}, actor=SYSTEM)

    def change_employer(self, customer, person):
        with changing(person, actor=SYSTEM):
            person.customer = customer

    def new_number(self, customer, person):
        with changing(person, actor=SYSTEM):
            person.phone = self.chance.choice(["", "13900001111"])

    def rename_the_unit(self, customer, person):
        unit = self.chance.choice(self.units)
        with changing(unit, actor=SYSTEM):
            unit.name = f"新网格{self.chance.randrange(10**6)}"

    def come_and_go(self, customer, person):
        removing(person, actor=SYSTEM)
        if self.chance.random() < 0.7:
            restoring(person, actor=SYSTEM)
        else:
            self.persons.remove(person)
            self.persons.append(a_key_person("新人", customer))

    def bring_in(self, customer, person):
        rows = [{"name": f"乙{n}", "customer_id": customer.pk} for n in range(3)]
        creating_many(KeyPerson, rows, actor=SYSTEM)


WAYS = sorted(name for name in vars(Office) if not name.startswith("_") and name != "act")


@pytest.mark.django_db
@settings(max_examples=12)
@given(st.lists(st.sampled_from(WAYS), min_size=4, max_size=12), st.randoms(use_true_random=False))
def test_after_any_edits_the_index_says_what_the_tables_say(ways, chance):
    with transaction.atomic():
        office = Office(chance)
        for way in ways:
            office.act(way)
        assert_index_equals_tables()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_rows_created_set_wise_are_found():
    unit = a_unit()
    creating_many(
        Customer, [{"name": f"岚屿{n}", "code": f"K{n}", "unit_id": unit.pk} for n in range(3)], actor=SYSTEM
    )
    assert titles("岚屿") == ["岚屿0", "岚屿1", "岚屿2"]
    assert_index_equals_tables()


@pytest.mark.django_db
def test_many_new_rows_are_found_before_and_after_their_entries_are_put_in_order():
    unit = a_unit()
    rows = [{"name": f"岚屿\\{n}\t号", "code": f"K\\{n}", "unit_id": unit.pk} for n in range(50)]
    assert not creating_many(Customer, rows, actor=SYSTEM).refused
    assert_index_equals_tables()
    assert titles("K\\49") == ["岚屿\\49 号"]
    settle_search()
    assert titles("K\\49") == ["岚屿\\49 号"]


@pytest.mark.django_db
def test_a_refused_edit_leaves_the_index_as_it_was():
    first, second = a_customer("岚屿", a_unit()), a_customer("鹭汀", a_unit())
    before = entries()
    with pytest.raises(Invalid), changing(second, actor=SYSTEM):
        second.name = first.name
    outcome = changing_many(Customer, {second.pk: {"name": first.name}}, actor=SYSTEM)
    assert outcome.refused
    assert entries() == before


@pytest.mark.django_db
def test_an_edit_of_nothing_searched_leaves_the_index_alone():
    customer = a_customer("岚屿", a_unit())
    with connection.execute_wrapper(refuse_entries):
        changing_many(Customer, {customer.pk: {"domain": "lanyu.example"}}, actor=SYSTEM)


def refuse_entries(execute, sql, params, many, context):
    assert "searchentry" not in sql
    return execute(sql, params, many, context)


@pytest.mark.django_db
def test_a_rebuild_makes_the_indexes_that_the_model_declares():
    a_customer("岚屿", a_unit())
    definitions = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'foundation_searchentry' ORDER BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(definitions)
        declared = cursor.fetchall()
        for in_order in (True, False):
            cursor.execute("SELECT foundation_search_begin_rebuild()")
            cursor.execute("SELECT foundation_search_end_rebuild(%s)", [in_order])
            cursor.execute(definitions)
            assert cursor.fetchall() == declared


@pytest.mark.django_db
def test_a_rebuild_in_processes_makes_the_same_entries(monkeypatch):
    customer = a_customer("岚屿\\N 'a\"b", a_unit(), short_name="乙\\t丙")
    a_key_person("程远", customer, phone="13812342607")
    kept = entries()
    monkeypatch.setattr("jike.foundation.search.rebuilding.LARGE", 0)
    told: list[int] = []
    assert index_all(Customer, told.append, processes=1) == sum(told) == 1
    assert entries() == kept


@pytest.mark.django_db
def test_a_kind_that_is_not_searched_has_no_index():
    with pytest.raises(LookupError, match="declares no SEARCH"):
        index_all(Share)


def test_kinds_have_marks_of_their_own():
    assert len({kind.mark for kind in kinds().values()}) == len(kinds())
