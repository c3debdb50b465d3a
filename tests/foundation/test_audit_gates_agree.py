"""The two write gates agree: what is changed set-wise is stored, refused and recorded as if one by one."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jike.apps.customers.models import KeyPerson
from jike.apps.organisation.models import Person, Unit
from jike.foundation.audit import changing, changing_many, creating, creating_many, history_of
from jike.foundation.audit.encoding import stored_fields
from jike.foundation.errors import Invalid
from jike.foundation.models import Record
from tests.apps.customers.making import a_customer, a_key_person
from tests.making import SYSTEM, a_person, a_unit

pytestmark = [
    pytest.mark.django_db,
    # The connection pool's own thread draws random pauses, which Hypothesis takes for the strategy's doing.
    pytest.mark.filterwarnings(
        "ignore:Do not use the `random` module:hypothesis.errors.HypothesisDeprecationWarning"
    ),
]
EXAMPLES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=90)
NAMES = TEXT | st.sampled_from(["王芳", "  ", "", "长" * 61, 'quote " and \\', "tab\tline\n", "\x1d\x1e\x7f"])
MAILS = st.sampled_from(["", "a@example.com", "not a mail", "b@example.cn", None])
PERSON = st.fixed_dictionaries(
    {},
    optional={
        "name": NAMES,
        "email": MAILS,
        "theme": st.sampled_from(["dark", "light", "auto", "green", ""]),
        "is_active": st.booleans(),
        "password": st.sampled_from(["!one", "!two"]),
        "password_set_at": st.none(),
        "former_passwords": st.lists(st.sampled_from(["x", "y\\", '"']), max_size=2),
    },
)
KEY_PERSON = st.fixed_dictionaries(
    {},
    optional={
        "name": NAMES,
        "phone": st.sampled_from(["13800138000", " 138 0013 8000 ", "12", ""]),
        "email": MAILS,
        "remarks": TEXT,
        "job_title": NAMES,
    },
)


def one_by_one(row: Record, edit: dict[str, Any]) -> bool:
    """Edit through the gate for one row; whether it was let through."""
    try:
        with changing(row, actor=SYSTEM):
            for name, value in edit.items():
                setattr(row, name, value)
    except Invalid:
        return False
    return True


def state(row: Record) -> dict[str, Any]:
    """Return what is stored, without what must differ between twins."""
    fresh = type(row)._default_manager.get(pk=row.pk)
    kept = {
        name: getattr(fresh, name)
        for name in stored_fields(type(row))
        if name not in ("staff_no", "password")
    }
    return {**kept, "version": fresh.version}


def told(row: Record) -> list[Any]:
    """Return the history of the row as its readers see it."""
    fresh = type(row)._default_manager.get(pk=row.pk)
    return [
        (one.verb, one.version, {name: pair for name, pair in one.values.items() if name != "staff_no"})
        for one in history_of(fresh, SYSTEM)
    ]


def assert_twins(first: Record, second: Record, edits: list[dict[str, Any]]) -> None:
    for edit in edits:
        alone = one_by_one(first, dict(edit))
        outcome = changing_many(type(second), {second.pk: dict(edit)}, actor=SYSTEM)
        assert (second.pk not in outcome.refused) == alone, (edit, outcome.refused)
    assert state(first) == state(second)
    assert told(first) == told(second)


@EXAMPLES
@given(edits=st.lists(PERSON, min_size=1, max_size=3))
def test_an_edit_of_a_person_leaves_the_same_traces_either_way(edits):
    with transaction.atomic():
        unit = a_unit()
        assert_twins(a_person(unit, name="李雷"), a_person(unit, name="李雷"), edits)
        transaction.set_rollback(True)


@EXAMPLES
@given(edits=st.lists(KEY_PERSON, min_size=1, max_size=3))
def test_an_edit_of_a_key_person_leaves_the_same_traces_either_way(edits):
    with transaction.atomic():
        customer = a_customer()
        assert_twins(a_key_person(customer, name="韩梅梅"), a_key_person(customer, name="韩梅梅"), edits)
        transaction.set_rollback(True)


@EXAMPLES
@given(values=PERSON)
def test_a_new_person_leaves_the_same_traces_either_way(values):
    with transaction.atomic():
        given_values = {"name": "李雷", "password": "!", "unit_id": a_unit().pk, **values}
        outcome = creating_many(Person, [{**given_values, "staff_no": "T-2"}], actor=SYSTEM)
        try:
            first = creating(Person(**given_values, staff_no="T-1"), actor=SYSTEM)
        except Invalid:
            assert outcome.written == []
        else:
            second = Person.objects.get(pk=outcome.written[0])
            assert state(first) == state(second)
            assert told(first) == told(second)
        transaction.set_rollback(True)


def test_many_edits_at_once_leave_the_traces_of_single_ones():
    unit = a_unit()
    singly, together = ([a_person(unit, name=f"人{n}") for n in range(40)] for _ in range(2))
    edits = [{"name": f"新\t名\\{n}", "email": f"x{n}@example.com"} | {"theme": "dark"} for n in range(40)]
    for row, edit in zip(singly, edits, strict=True):
        assert one_by_one(row, edit)
    wanted = {row.pk: edit for row, edit in zip(together, edits, strict=True)}
    outcome = changing_many(Person, wanted, actor=SYSTEM)
    assert len(outcome.written) == 40
    for one, other in zip(singly, together, strict=True):
        assert state(one) == state(other)
        assert told(one) == told(other)


def test_a_row_that_refers_to_nothing_is_refused_alone():
    unit = a_unit()
    people = [a_person(unit) for _ in range(3)]
    edits: dict[int, dict[str, Any]] = {one.pk: {"name": "改名"} for one in people}
    edits[people[1].pk] = {"unit_id": 10**12}
    outcome = changing_many(Person, edits, actor=SYSTEM)
    assert (sorted(outcome.written), list(outcome.refused)) == ([people[0].pk, people[2].pk], [people[1].pk])
    assert Unit.objects.get(pk=unit.pk).people.count() == 3


def test_a_value_is_judged_as_it_will_be_stored():
    person = a_key_person(a_customer())
    outcome = changing_many(KeyPerson, {person.pk: {"name": "   "}}, actor=SYSTEM)
    assert list(outcome.refused) == [person.pk]
