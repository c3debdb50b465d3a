"""`jike found`: an empty site gets its first administrators, and only an empty one."""

import pytest
from click.testing import CliRunner

from jike.apps.organisation.models import Person, Unit
from jike.site.commands.found import found
from jike.site.commands.refusals import CommandRefused

pytestmark = pytest.mark.django_db


def test_an_empty_site_gets_its_top_unit_and_one_administrator_of_each_kind():
    said = CliRunner().invoke(found, ["--name", "广东公司"], catch_exceptions=False).output
    assert Unit.objects.get().name == "广东公司"
    assert sorted(Person.objects.values_list("staff_no", flat=True)) == ["ADMIN1", "ADMIN2", "ADMIN3"]
    assert all(person.staff_no in said and person.must_change_password for person in Person.objects.all())


def test_a_site_with_people_is_not_founded_again():
    CliRunner().invoke(found, ["--name", "广东公司"], catch_exceptions=False)
    with pytest.raises(CommandRefused, match="people already"):
        CliRunner().invoke(found, ["--name", "又一个"], catch_exceptions=False)
    assert Unit.objects.count() == 1
