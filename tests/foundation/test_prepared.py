"""Questions put together once: they answer as the ORM does, each time for the values given then."""

import pytest

from jike.apps.organisation.models import Person
from jike.foundation.models import SavedView
from jike.foundation.prepared import Prepared
from jike.values.identifiers import uid7
from tests.making import a_person, a_unit

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_orm_as_they_are_now():
    asked = Prepared(lambda number: Person.objects.filter(pk=number), -1)
    unit = a_unit()
    one, other = a_person(unit), a_person(unit)
    assert asked.rows(one.pk) == [one]
    assert vars(asked.rows(other.pk)[0]).keys() == vars(Person.objects.get(pk=other.pk)).keys()
    Person.objects.filter(pk=one.pk).update(name="李四")
    assert [row.name for row in asked.rows(one.pk)] == ["李四"]
    assert asked.rows(0) == []


def test_values_come_out_in_the_types_of_their_fields():
    person = uid7()
    SavedView.objects.create(person=person, resource="units", name="a", state={"sort": "name"})
    asked = Prepared(lambda whose: SavedView.objects.filter(person=whose), uid7())
    (found,) = asked.rows(person)
    assert (found.state, found.name) == ({"sort": "name"}, "a")
    assert not found._state.adding


def test_a_question_that_lacks_its_value_or_asks_for_related_rows_is_refused():
    with pytest.raises(ValueError, match="holds not each"):
        Prepared(lambda number: Person.objects.filter(pk__gt=0), -1).rows(5)
    with pytest.raises(ValueError, match="related rows"):
        Prepared(lambda number: Person.objects.filter(pk=number).select_related("unit"), -1).rows(5)
