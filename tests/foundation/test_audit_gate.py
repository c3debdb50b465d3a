"""The write gate for single rows: what it stores, records and refuses."""

import pytest

from jike.apps.organisation.models import Unit
from jike.foundation.audit import changing, creating, history_of, removing, restoring
from jike.foundation.errors import Invalid, NotFound, Refused, Stale
from jike.foundation.models import Change
from jike.foundation.scope import fetch, visible
from jike.values.rights import Breadth
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db


def test_a_new_row_begins_at_version_one_and_is_recorded_with_its_values():
    unit = a_unit("福州分公司")
    entry = history_of(unit, SYSTEM)[0]
    assert (unit.version, entry.verb, entry.version, entry.actor_name) == (1, "add", 1, "test")
    assert entry.values["name"] == (None, "福州分公司")


def test_a_change_records_old_and_new_values_and_counts_the_version_up():
    unit = a_unit("福州分公司")
    with changing(unit, actor=SYSTEM):
        unit.name = "福州市分公司"
    entry = history_of(unit, SYSTEM)[0]
    assert Unit.objects.get(pk=unit.pk).version == 2
    assert entry.values["name"] == ("福州分公司", "福州市分公司")
    assert "name_key" in entry.values


def test_an_edit_that_changes_nothing_leaves_no_trace():
    unit = a_unit()
    with changing(unit, actor=SYSTEM):
        unit.name = str(unit.name)
    assert Unit.objects.get(pk=unit.pk).version == 1
    assert Change.objects.filter(uid=unit.uid).count() == 1


def test_a_stale_version_is_refused_and_names_both_versions():
    unit = a_unit()
    with changing(unit, actor=SYSTEM):
        unit.name = "先到"
    with pytest.raises(Stale) as caught, changing(unit, actor=SYSTEM, version=1):
        unit.name = "后到"
    assert (caught.value.expected, caught.value.current) == (1, 2)
    assert Unit.objects.get(pk=unit.pk).name == "先到"


def test_the_block_edits_what_is_stored_now_not_what_was_read_before():
    first = a_unit("旧名")
    second = Unit.objects.get(pk=first.pk)
    with changing(second, actor=SYSTEM):
        second.name = "新名"
    with changing(first, actor=SYSTEM):
        assert first.name == "新名"


def test_wrong_values_are_refused_by_field_and_nothing_is_stored():
    unit = a_unit("原名")
    with pytest.raises(Invalid) as caught, changing(unit, actor=SYSTEM):
        unit.name = ""
    assert "name" in caught.value.fields
    assert Unit.objects.get(pk=unit.pk).name == "原名"
    assert Change.objects.filter(uid=unit.uid).count() == 1


def test_a_row_cannot_be_moved_out_of_the_editors_own_reach():
    home, elsewhere = a_unit(), a_unit()
    person, actor = someone_with(
        {"organisation.person:change": Breadth.TEAM, "organisation.person:view": Breadth.TEAM}, at=home
    )
    with pytest.raises(Refused), changing(person, actor=actor):
        person.unit = elsewhere
    person.refresh_from_db()
    assert person.unit_id == home.pk


def test_without_the_right_nothing_can_be_created():
    home = a_unit()
    _, actor = someone_with({"organisation.unit:view": Breadth.ALL}, at=home)
    with pytest.raises(Refused) as caught:
        creating(Unit(code="X", name="某", level="team", parent=home), actor=actor)
    assert caught.value.permission == "organisation.unit:add"


def test_a_removed_row_is_hidden_until_it_is_restored():
    unit = a_unit()
    removing(unit, actor=SYSTEM)
    with pytest.raises(NotFound):
        fetch(Unit, unit.uid, SYSTEM)
    assert visible(Unit, SYSTEM, removed=True).filter(pk=unit.pk).exists()
    restoring(unit, actor=SYSTEM)
    assert fetch(Unit, unit.uid, SYSTEM).pk == unit.pk
    assert [entry.verb for entry in history_of(unit, SYSTEM)] == ["restore", "remove", "add"]


def test_a_removed_row_cannot_be_edited():
    unit = a_unit()
    removing(unit, actor=SYSTEM)
    with pytest.raises(NotFound), changing(unit, actor=SYSTEM):
        unit.name = "幽灵"


def test_a_database_constraint_speaks_in_its_own_sentence():
    first, second = a_unit(), a_unit()
    with pytest.raises(Invalid) as caught, changing(second, actor=SYSTEM):
        second.code = first.code
    assert caught.value.fields
