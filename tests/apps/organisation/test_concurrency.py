"""What holds when two act at the same moment, each on a connection of its own."""

import datetime as dt

import pytest
from django.utils import timezone

from jike.apps.organisation import actions
from jike.apps.organisation.models import Person, Post, Unit
from jike.foundation.errors import JikeError
from tests.apps.organisation.conftest import an_organisation
from tests.doing import together
from tests.making import acting


@pytest.fixture
def organisation(committed_db):
    return an_organisation()


def refusals(answers):
    return sum(isinstance(answer, JikeError) for answer in answers)


def test_two_moves_at_once_never_close_a_circle(organisation):
    sys = organisation.actor("SYS")

    def move(code, under):
        return lambda: actions.move_unit(
            Unit.objects.get(code=code), actor=sys, parent=Unit.objects.get(code=under)
        )

    answers = together(move("GZ", "SZ"), move("SZ", "GZ"))
    assert refusals(answers) == 1
    for unit in Unit.objects.all():
        parent = Unit.objects.filter(pk=unit.parent_id).first()
        assert unit.ancestors == ([*parent.ancestors, parent.pk] if parent else [])


def test_two_administrators_cannot_between_them_join_what_is_kept_apart(organisation):
    organisation.person("SEC2", "security_admin", "HQ")
    roles, today = organisation.roles, timezone.localdate()

    def give(by, role):
        return lambda: actions.assign_post(
            Person.objects.get(staff_no="AM"),
            actor=organisation.actor(by),
            unit=organisation.units["HQ"],
            role=roles[role],
            since=today,
        )

    answers = together(give("SEC", "system_admin"), give("SEC2", "audit_admin"))
    assert refusals(answers) == 1


def test_two_administrators_cannot_take_each_other_away(organisation):
    organisation.person("SEC2", "security_admin", "HQ")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    def end(by, whose):
        return lambda: actions.end_post(
            Post.objects.get(person__staff_no=whose),
            actor=acting(Person.objects.get(staff_no=by)),
            on=tomorrow,
        )

    answers = together(end("SEC", "SEC2"), end("SEC2", "SEC"))
    assert refusals(answers) == 1


def test_nobody_slips_into_a_unit_that_is_being_removed(organisation):
    sys, unit = organisation.actor("SYS"), organisation.units["YX"]
    together(
        lambda: actions.remove_unit(Unit.objects.get(pk=unit.pk), actor=sys),
        lambda: actions.add_person(actor=sys, staff_no="NEW", name="新人", unit=unit),
    )
    removed = Unit.objects.get(pk=unit.pk).removed_at is not None
    assert removed != Person.objects.filter(unit=unit).exists()
