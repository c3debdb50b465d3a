"""The lookup ``among``: which rows hold one of many ids."""

import pytest

from jike.apps.organisation.models import Person
from tests.making import a_person, a_unit

pytestmark = pytest.mark.django_db


def test_among_finds_what_in_finds() -> None:
    units = [a_unit(f"网格{n}") for n in range(4)]
    people = [a_person(unit) for unit in units]
    for chosen in ({units[2].pk}, {one.pk for one in units[1:]}, {units[0].pk, 9_999_999}):
        wanted = set(Person.objects.filter(unit__in=chosen))
        assert set(Person.objects.filter(unit__among=chosen)) == wanted
        assert set(Person.objects.filter(unit_id__among=frozenset(chosen))) == wanted
        assert set(Person.objects.exclude(unit__among=chosen)) == set(Person.objects.exclude(unit__in=chosen))
    assert set(Person.objects.filter(pk__among=[one.pk for one in people])) == set(people)


def test_among_none_finds_nothing() -> None:
    a_person(a_unit())
    assert not Person.objects.filter(unit__among=()).exists()


def test_a_thousand_ids_are_one_value_of_the_query() -> None:
    sql, values = Person.objects.filter(unit__among=range(1, 1001)).order_by().query.sql_with_params()
    assert len(values) == 1
    assert len(sql) < 2_000
