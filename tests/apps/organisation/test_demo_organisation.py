"""The demo organisation: whole at once, whole again after being cut short, one sign-in for every role."""

import pytest

from jike.apps.organisation.demo import DEMO_PASSWORD, demo_sign_ins, steps
from jike.apps.organisation.models import Grant, Person, Post, Unit
from jike.apps.organisation.queries.people import person_known_as
from jike.apps.organisation.rules import READY_MADE


def counts():
    return [model.objects.count() for model in (Unit, Person, Post, Grant)]


@pytest.mark.django_db
def test_the_demo_organisation_is_made_once_and_everybody_named_can_sign_in():
    for step in steps("demo"):
        step.run(lambda rows: None)
    made = counts()
    for step in steps("demo"):
        step.run(lambda rows: None)
    assert counts() == made
    assert (150 <= made[0] <= 170, made[1:3]) == (True, [120, 120])
    named = demo_sign_ins()
    assert [one.role for one in named] == [role.name for role in READY_MADE]
    for one in named:
        person = person_known_as(one.name)
        assert person is not None
        assert not person.must_change_password
    assert person_known_as(named[0].name).check_password(DEMO_PASSWORD)
