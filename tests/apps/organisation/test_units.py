"""The tree of units through its actions."""

import pytest

from jike.apps.organisation import actions, queries
from jike.apps.organisation.models import Person, Unit
from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, Refused, RuleBroken, Stale
from jike.foundation.scope import visible
from tests.making import SYSTEM


def test_a_moved_unit_takes_everything_below_along(organisation):
    units = organisation.units
    actions.move_unit(units["GZ"], actor=organisation.actor("SYS"), parent=units["HQ"])
    below = {unit.code for unit in queries.below(units["HQ"])}
    assert below == {"HQ", "GD", "GZ", "SZ", "TH", "YX"}
    assert {unit.code for unit in queries.below(units["GD"])} == {"GD", "SZ"}
    county = Unit.objects.get(code="TH")
    assert county.ancestors == [units["HQ"].pk, units["GZ"].pk]


def test_a_head_sees_people_of_a_unit_from_the_moment_it_moves_under_theirs(organisation):
    team = actions.add_unit(
        actor=SYSTEM, code="T9", name="直销组", level="team", parent=organisation.units["SZ"]
    )
    new = actions.add_person(actor=SYSTEM, staff_no="P9", name="李九", unit=team).person
    head = organisation.actor("HEAD")
    assert not visible(Person, head).filter(pk=new.pk).exists()
    actions.move_unit(team, actor=organisation.actor("SYS"), parent=organisation.units["GZ"])
    assert visible(Person, organisation.actor("HEAD")).filter(pk=new.pk).exists()


@pytest.mark.parametrize("under", ["GZ", "TH"])
def test_a_unit_cannot_move_under_itself_or_what_lies_below_it(organisation, under):
    with pytest.raises(RuleBroken):
        actions.move_unit(
            organisation.units["GZ"], actor=organisation.actor("SYS"), parent=organisation.units[under]
        )


def test_a_unit_cannot_lie_under_a_lower_level(organisation):
    with pytest.raises(RuleBroken):
        actions.move_unit(
            organisation.units["GZ"], actor=organisation.actor("SYS"), parent=organisation.units["YX"]
        )
    with pytest.raises(RuleBroken):
        actions.change_unit(organisation.units["GZ"], actor=organisation.actor("SYS"), level="grid")


def test_only_an_empty_unit_can_be_removed_and_it_comes_back(organisation):
    sys, units = organisation.actor("SYS"), organisation.units
    with pytest.raises(RuleBroken):
        actions.remove_unit(units["GZ"], actor=sys)
    with pytest.raises(RuleBroken):
        actions.remove_unit(units["TH"], actor=sys)
    actions.remove_unit(units["YX"], actor=sys)
    assert "YX" not in {unit.code for unit in queries.below(units["GZ"])}
    actions.restore_unit(units["YX"], actor=sys)
    assert "YX" in {unit.code for unit in queries.below(units["GZ"])}


def test_nobody_is_added_to_a_removed_unit(organisation):
    sys = organisation.actor("SYS")
    actions.remove_unit(organisation.units["YX"], actor=sys)
    with pytest.raises(RuleBroken):
        actions.add_person(actor=sys, staff_no="N1", name="新人", unit=organisation.units["YX"])
    with pytest.raises(RuleBroken):
        actions.add_unit(actor=sys, code="N2", name="新组", level="team", parent=organisation.units["YX"])


def test_moves_are_in_the_history_of_the_moved_unit(organisation):
    sys, units = organisation.actor("SYS"), organisation.units
    actions.move_unit(units["TH"], actor=sys, parent=units["SZ"])
    entry = history_of(units["TH"], sys)[0]
    assert entry.verb == "move"
    assert entry.values["parent_id"] == (units["GZ"].pk, units["SZ"].pk)


def test_heads_change_no_units(organisation):
    head = organisation.actor("HEAD")
    for act in (
        lambda: actions.change_unit(organisation.units["TH"], actor=head, name="改名"),
        lambda: actions.move_unit(organisation.units["TH"], actor=head, parent=organisation.units["GZ"]),
        lambda: actions.remove_unit(organisation.units["YX"], actor=head),
        lambda: actions.add_unit(
            actor=head, code="X", name="某组", level="team", parent=organisation.units["TH"]
        ),
        lambda: actions.add_unit(actor=head, code="X", name="某组", level="team", parent=None),
    ):
        with pytest.raises(Refused):
            act()


def test_a_stale_editor_is_told_and_nothing_is_overwritten(organisation):
    sys, unit = organisation.actor("SYS"), organisation.units["TH"]
    seen = unit.version
    actions.change_unit(unit, actor=sys, version=seen, name="天河分公司")
    with pytest.raises(Stale):
        actions.change_unit(Unit.objects.get(pk=unit.pk), actor=sys, version=seen, name="别的名字")
    assert Unit.objects.get(pk=unit.pk).name == "天河分公司"


def test_codes_are_cleaned_and_unique(organisation):
    sys = organisation.actor("SYS")
    unit = actions.add_unit(
        actor=sys, code=" ａb-1 ", name="某 \u202e组", level="team", parent=organisation.units["GZ"]
    )
    assert (unit.code, unit.name) == ("AB-1", "某 组")
    with pytest.raises(Invalid) as refused:
        actions.add_unit(actor=sys, code="AB-1", name="另一组", level="team", parent=organisation.units["GZ"])
    assert refused.value.fields
    with pytest.raises(Invalid) as refused:
        actions.change_unit(unit, actor=sys, region="999999")
    assert "region" in refused.value.fields
