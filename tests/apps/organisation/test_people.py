"""People and their accounts through the actions."""

import pytest
from django.contrib.sessions.models import Session

from jike.apps.organisation import actions, queries
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries.people import person_known_as
from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.models import ChangeValues
from tests.apps.organisation.conftest import PASSWORD
from tests.making import SYSTEM

LONG = "x" * 10_000_000


def repr_short(value: object) -> str:
    """Name a test's parameter without its ten megabytes."""
    return repr(value)[:20]


def test_a_new_person_gets_a_first_password_that_must_be_changed(organisation):
    new = actions.add_person(
        actor=organisation.actor("SYS"),
        staff_no="n 1",
        name="单晴",
        unit=organisation.units["TH"],
        phone="138 0013 8000",
    )
    person = Person.objects.get(staff_no="N1")
    assert person.must_change_password
    assert person.check_password(new.password)
    assert person.phone == "+8613800138000"
    assert person.name_key.startswith("shan qing")


def test_passwords_never_enter_the_history(organisation):
    person = organisation.people["AM"]
    actions.reset_password(person, actor=organisation.actor("SYS"))
    text = str(list(ChangeValues.objects.values_list("payloads", flat=True)))
    assert "argon2" not in text
    assert "password" in history_of(person, SYSTEM)[0].values


def test_a_password_must_be_good_and_new(organisation):
    person, actor = organisation.people["AM"], organisation.actor("AM")
    for poor in ("short-1", "1234567890123", "password123", "x" * 300, PASSWORD):
        with pytest.raises(Invalid) as refused:
            actions.change_own_password(person, actor=actor, current=PASSWORD, new=poor)
        assert "new" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        actions.change_own_password(person, actor=actor, current="wrong", new="Another-horse-8")
    assert "current" in refused.value.fields
    used = [PASSWORD]
    for number in range(3):
        fresh = f"Another-horse-{number}"
        actions.change_own_password(person, actor=actor, current=used[-1], new=fresh)
        used.append(fresh)
    for former in used:
        with pytest.raises(Invalid):
            actions.change_own_password(person, actor=actor, current=used[-1], new=former)


def test_nobody_changes_anothers_password_or_preferences(organisation):
    head = organisation.actor("HEAD")
    with pytest.raises(RuleBroken):
        actions.change_own_password(
            organisation.people["AM"], actor=head, current=PASSWORD, new="Another-horse-8"
        )
    with pytest.raises(RuleBroken):
        actions.set_preferences(organisation.people["AM"], actor=head, theme="dark")
    actions.set_preferences(organisation.people["HEAD"], actor=head, theme="dark", language="en")
    assert Person.objects.get(staff_no="HEAD").theme == "dark"


@pytest.mark.parametrize("end", ["disable_person", "remove_person", "reset_password", "sign_out_everywhere"])
def test_open_sessions_end_at_once(organisation, signed_in, end):
    browser = signed_in("AM")
    assert browser.get("/me/").status_code == 200
    getattr(actions, end)(organisation.people["AM"], actor=organisation.actor("SYS"))
    assert browser.get("/me/").status_code == 302
    assert not queries.sessions_of(organisation.people["AM"])
    assert not Session.objects.filter(session_key=browser.cookies["jike_session"].value).exists()


def test_a_removed_person_comes_back_with_their_posts(organisation):
    sys, person = organisation.actor("SYS"), organisation.people["AM"]
    actions.remove_person(person, actor=sys)
    assert person_known_as("AM") is not None
    assert not person_known_as("AM").standing
    actions.restore_person(person, actor=sys)
    assert organisation.actor("AM").holds("organisation.unit:view")


def test_the_last_administrator_stays(organisation):
    sys = organisation.actor("SYS")
    with pytest.raises(RuleBroken):
        actions.disable_person(organisation.people["SEC"], actor=sys)
    organisation.person("SEC2", "security_admin", "HQ")
    actions.disable_person(organisation.people["SEC"], actor=sys)
    with pytest.raises(RuleBroken):
        actions.remove_person(organisation.people["SEC2"], actor=sys)


def test_administrators_cannot_shut_themselves_out(organisation):
    organisation.person("SYS2", "system_admin", "HQ")
    with pytest.raises(RuleBroken):
        actions.disable_person(organisation.people["SYS"], actor=organisation.actor("SYS"))


def test_a_system_administrator_cannot_take_over_the_other_administrators(organisation):
    sys, sec = organisation.actor("SYS"), organisation.people["SEC"]
    for act in (
        lambda: actions.reset_password(sec, actor=sys),
        lambda: actions.reset_second_factor(sec, actor=sys),
        lambda: actions.change_person(sec, actor=sys, email="me@example.com"),
        lambda: actions.change_person(sec, actor=sys, phone="13800138001"),
    ):
        with pytest.raises(RuleBroken):
            act()
    actions.change_person(sec, actor=sys, name="安全员")


def test_account_managers_and_heads_change_nobody(organisation):
    for staff_no in ("AM", "HEAD", "SEC", "AUD"):
        actor = organisation.actor(staff_no)
        with pytest.raises(Refused):
            actions.change_person(organisation.people["AM"], actor=actor, name="改名")
        with pytest.raises(Refused):
            actions.add_person(actor=actor, staff_no="ZZ", name="某人", unit=organisation.units["TH"])
        if staff_no != "AM":
            with pytest.raises(Refused):
                actions.sign_out_everywhere(organisation.people["AM"], actor=actor)


@pytest.mark.parametrize("typed", ["am", " ＡＭ ", "13800138000", "+86 138-0013-8000", "138 0013 8000"])
def test_people_are_known_by_staff_and_telephone_number(organisation, typed):
    actions.change_person(organisation.people["AM"], actor=organisation.actor("SYS"), phone="13800138000")
    assert person_known_as(typed) == organisation.people["AM"]


@pytest.mark.parametrize("typed", ["", "\0", LONG, "nobody", "\u202e", "１２３"], ids=repr_short)
def test_nonsense_is_nobody(organisation, typed):
    assert person_known_as(typed) is None


@pytest.mark.parametrize("typed", ["欧阳", "ouyang", "oy", "oyn", "O1", "晴"])
def test_people_are_found_by_name_pinyin_and_staff_number(organisation, typed):
    sys = organisation.actor("SYS")
    actions.add_person(actor=sys, staff_no="O1", name="欧阳娜晴", unit=organisation.units["TH"])
    found, more = queries.people_page(sys, typed=typed)
    assert [person.staff_no for person in found] == ["O1"]
    assert not more


def test_two_people_cannot_have_one_telephone_number(organisation):
    sys = organisation.actor("SYS")
    actions.change_person(organisation.people["AM"], actor=sys, phone="13800138000")
    with pytest.raises(Invalid):
        actions.change_person(organisation.people["HEAD"], actor=sys, phone="13800138000")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "a\0b"),
        ("name", LONG),
        ("name", "\u202e\u200b"),
        ("staff_no", "<script>"),
        ("staff_no", ""),
        ("phone", "12"),
        ("email", "nobody"),
    ],
    ids=repr_short,
)
def test_bad_text_is_refused_beside_its_field(organisation, field, typed):
    with pytest.raises(Invalid) as refused:
        actions.change_person(organisation.people["AM"], actor=organisation.actor("SYS"), **{field: typed})
    assert field in refused.value.fields
