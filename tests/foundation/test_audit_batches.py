"""Records in batches: brought in whole by the system alone, and columns refreshed without making forms stale."""

import pytest
from django.db import connection

from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Unit
from jike.foundation.audit import history_of, load_records, loading, maintain_columns, reserve_ids
from jike.foundation.errors import Refused, RuleBroken
from jike.foundation.models import Change
from jike.values.identifiers import uid7
from jike.values.rights import Breadth
from tests.foundation.searched import a_customer
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db

COLUMNS = ("id", "uid", "code", "name", "name_key", "name_en", "level", "region", "ancestors")


def rows(first: int, count: int):
    for number in range(first, first + count):
        yield number, uid7(), f"B{number}", f"批{number}", f"pi{number}", "a\tb\\c\n", "team", "", "{}"


def test_a_batch_of_records_is_stored_exactly_and_leaves_one_change():
    first = reserve_ids(Unit, 3)
    batch, count = load_records(Unit, COLUMNS, rows(first, 3), actor=SYSTEM)
    assert count == 3
    unit = Unit.objects.get(pk=first + 2)
    assert (unit.version, unit.name_en, history_of(unit, SYSTEM)) == (1, "a\tb\\c\n", [])
    assert Change.objects.filter(verb="load", uid=batch).count() == 1
    assert a_unit().pk > first + 2


def test_only_the_system_brings_in_batches():
    _, actor = someone_with({"organisation.unit:view": Breadth.ALL}, at=a_unit())
    with pytest.raises(Refused):
        load_records(Unit, COLUMNS, rows(10**9, 1), actor=actor)


def test_rows_may_ask_the_database_before_they_begin():
    def asking(first: int):
        known = Unit.objects.count()
        for row in rows(first, 1):
            yield (*row[:3], f"第{known}", *row[4:])

    first = reserve_ids(Unit, 1)
    load_records(Unit, COLUMNS, asking(first), actor=SYSTEM)
    assert Unit.objects.get(pk=first).name == f"第{Unit.objects.count() - 1}"


def test_maintained_columns_change_where_they_differ_and_versions_stay():
    units = [a_unit() for _ in range(4)]
    wanted = [(unit.pk, "440000" if place else "") for place, unit in enumerate(units)]
    options = {"actor": SYSTEM, "permission": "organisation.unit:change"}
    assert maintain_columns(Unit, ("id", "region"), iter(wanted), **options) == 3
    assert maintain_columns(Unit, ("id", "region"), wanted, **options) == 0
    assert set(Unit.objects.filter(region="440000").values_list("version", flat=True)) == {1}
    assert Change.objects.filter(verb="refresh", kind="organisation.unit").count() == 2


def test_maintaining_needs_the_named_right():
    _, actor = someone_with({"organisation.unit:view": Breadth.ALL}, at=a_unit())
    with pytest.raises(Refused):
        maintain_columns(Unit, ("id", "region"), [], actor=actor, permission="organisation.unit:change")


SHAPE = """
    SELECT indexdef FROM pg_indexes WHERE tablename = 'customers_customer'
    UNION ALL
    SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'customers_customer'::regclass
    ORDER BY 1"""


def shape_of_customers():
    """Every index and constraint of the customers' table."""
    with connection.cursor() as cursor:
        cursor.execute(SHAPE)
        return [definition for (definition,) in cursor.fetchall()]


def test_an_empty_table_is_loaded_without_indexes_and_has_them_all_afterwards():
    before = shape_of_customers()
    with loading(Customer):
        during = shape_of_customers()
    assert len(during) < len(before) == len(shape_of_customers())
    assert shape_of_customers() == before


def test_a_table_that_holds_rows_keeps_its_indexes_while_more_are_loaded():
    a_customer("岚屿", a_unit())
    before = shape_of_customers()
    with loading(Customer):
        assert shape_of_customers() == before


def test_a_loading_that_fails_leaves_every_index_as_it_was():
    before = shape_of_customers()
    with pytest.raises(RuleBroken), loading(Customer):
        raise RuleBroken("the file ends too early")
    assert shape_of_customers() == before
