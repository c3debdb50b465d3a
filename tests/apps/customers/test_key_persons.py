"""Key persons: who reports to whom, what of them is sealed, and that each reveal leaves a trace."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.actions import (
    add_key_person,
    assign_deputy,
    change_key_person,
    move_customer,
    remove_customer,
    remove_key_person,
    restore_customer,
    restore_key_person,
    reveal_field,
)
from jike.apps.customers.models import KeyPerson
from jike.apps.customers.queries import key_persons_of, personal_fields
from jike.apps.customers.queries.portfolio import birthdays
from jike.apps.customers.rules import PERSONAL, masked
from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken
from jike.foundation.models import Change, ChangeValues
from jike.foundation.scope import SEALED, fetch, read_field, visible
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD, MANAGER, a_customer, a_key_person
from tests.making import SYSTEM, a_unit, acting, someone_with

PHONE, MAIL = "13812345678", "wang.min@example.com"
WHY = "核对回访电话"


def a_known_person(customer):
    return a_key_person(
        customer,
        "王敏",
        phone=PHONE,
        email=MAIL,
        wechat="wangmin88",
        birthday=dt.date(1980, 5, 6),
        remarks="喜欢登山",
    )


@given(st.sampled_from(PERSONAL), st.text(min_size=1, max_size=30))
def test_a_mask_never_shows_the_whole(field, value):
    if any(sign not in "*@" for sign in value):
        assert masked(field, value) != value


@pytest.mark.parametrize(
    ("field", "value", "mask"),
    [
        ("phone", "+8613812345678", "138****5678"),
        ("phone", "+862088886666;ext=801", "208888****"),
        ("email", MAIL, "w***@example.com"),
        ("wechat", "a", "****"),
        ("birthday", dt.date(1980, 5, 6), "****"),
        ("remarks", "", ""),
    ],
)
def test_masks_let_one_recognise_and_no_more(field, value, mask):
    assert masked(field, value) == mask


@pytest.mark.django_db
def test_whoever_keeps_the_customer_adds_its_people_and_nobody_else():
    home = a_unit()
    manager, actor = someone_with(MANAGER, at=home)
    person = add_key_person(
        actor=actor, customer=a_customer(unit=home, owner=manager), name="王敏", role="decider"
    )
    assert person.name_key.startswith("wang min")
    with pytest.raises(Refused):
        add_key_person(actor=actor, customer=a_customer(unit=home), name="李四")


@pytest.mark.django_db
def test_a_removed_customer_takes_no_key_persons():
    customer = a_customer()
    remove_customer(customer, actor=SYSTEM)
    with pytest.raises(RuleBroken):
        a_key_person(customer)


@pytest.mark.django_db
def test_key_persons_lie_where_their_customer_lies():
    home = a_unit()
    _, head = someone_with(HEAD, at=home)
    mine, foreign = a_key_person(a_customer(unit=home)), a_key_person(a_customer())
    assert list(visible(KeyPerson, head)) == [mine]
    with pytest.raises(NotFound):
        fetch(KeyPerson, foreign.uid, head)


@pytest.mark.django_db
def test_personal_fields_are_open_to_those_with_the_right_and_masked_for_the_rest():
    home = a_unit()
    manager, keeper = someone_with({**MANAGER, "customers.keyperson:see_personal": Breadth.OWN}, at=home)
    _, head = someone_with(HEAD, at=home)
    person = a_known_person(a_customer(unit=home, owner=manager))
    assert [one.masked for one in personal_fields(person, keeper)] == [False] * len(PERSONAL)
    assert {one.name: one.text for one in personal_fields(person, keeper)}["phone"] == "138 1234 5678"
    assert read_field(keeper, person, "wechat") == "wangmin88"
    assert [read_field(head, person, name) for name in PERSONAL] == [SEALED] * len(PERSONAL)


@pytest.mark.django_db
def test_nothing_sealed_leaks_through_masks_history_or_the_stream():
    home = a_unit()
    _, head = someone_with(HEAD, at=home)
    person = a_known_person(a_customer(unit=home))
    change_key_person(person, actor=SYSTEM, remarks="改喜欢钓鱼", phone="13887654321")
    told = repr(personal_fields(person, head)) + repr(history_of(person, head))
    for secret in (PHONE, "13887654321", MAIL, "wangmin88", "1980", "登山", "钓鱼"):
        assert secret not in told


@pytest.mark.django_db
def test_a_reveal_gives_the_value_and_records_who_saw_which_field_but_not_the_value():
    home = a_unit()
    reader, head = someone_with(HEAD, at=home)
    person = a_known_person(a_customer(unit=home))
    assert reveal_field(person, actor=head, field="phone", reason=WHY) == "138 1234 5678"
    change = Change.objects.get(uid=person.uid, verb="reveal")
    assert (change.actor, change.actor_name) == (reader.uid, reader.name)
    kept = " ".join(ChangeValues.objects.get(change=change).payloads)
    assert "phone" in kept
    assert WHY in kept
    assert "1234" not in kept
    assert KeyPerson.objects.get(pk=person.pk).version == 1


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_nothing_is_revealed_to_who_does_not_say_what_for(reason):
    person = a_known_person(a_customer())
    with pytest.raises(Invalid) as refused:
        reveal_field(person, actor=SYSTEM, field="phone", reason=reason)
    assert set(refused.value.fields) == {"reason"}
    assert not Change.objects.filter(uid=person.uid, verb="reveal").exists()


@pytest.mark.django_db
def test_who_may_not_reveal_learns_nothing_and_leaves_no_reveal():
    home = a_unit()
    _, reader = someone_with(
        {"customers.keyperson:view": Breadth.BELOW, "customers.customer:view": Breadth.BELOW}, at=home
    )
    person = a_known_person(a_customer(unit=home))
    with pytest.raises(Refused):
        reveal_field(person, actor=reader, field="phone", reason=WHY)
    with pytest.raises(NotFound):
        reveal_field(person, actor=SYSTEM, field="name", reason=WHY)
    assert not Change.objects.filter(uid=person.uid, verb="reveal").exists()


@pytest.mark.django_db
def test_a_deputy_may_reveal_what_the_manager_may():
    deputy, _ = someone_with(MANAGER, at=a_unit())
    customer = a_customer()
    person = a_known_person(customer)
    assign_deputy(customer, actor=SYSTEM, deputy=deputy)
    assert reveal_field(person, actor=acting(deputy), field="email", reason=WHY) == MAIL


@pytest.mark.django_db
def test_nobody_reveals_through_another_persons_eyes():
    home = a_unit()
    watcher, head = someone_with(HEAD, at=home)
    person = a_known_person(a_customer(unit=home))
    with pytest.raises(Refused):
        reveal_field(person, actor=replace(head, on_behalf=watcher.uid), field="phone", reason=WHY)


@pytest.mark.django_db
def test_people_report_within_their_group_and_in_no_circle():
    top = a_customer()
    branch, stranger = a_customer(parent=top), a_customer()
    boss = a_key_person(top, "总经理")
    middle = a_key_person(branch, "经理", reports_to=boss)
    last = a_key_person(branch, "专员", reports_to=middle)
    with pytest.raises(RuleBroken):
        change_key_person(boss, actor=SYSTEM, reports_to=last)
    with pytest.raises(RuleBroken):
        change_key_person(boss, actor=SYSTEM, reports_to=boss)
    with pytest.raises(RuleBroken):
        a_key_person(stranger, reports_to=boss)
    move_customer(stranger, actor=SYSTEM, parent=branch)
    stranger.refresh_from_db()
    assert a_key_person(stranger, reports_to=boss).reports_to == boss


@pytest.mark.django_db
def test_a_key_person_who_changes_house_leaves_the_old_superior_first():
    old, new = a_customer(), a_customer()
    person = a_key_person(old, reports_to=a_key_person(old))
    with pytest.raises(RuleBroken):
        change_key_person(person, actor=SYSTEM, customer=new)
    change_key_person(person, actor=SYSTEM, customer=new, reports_to=None)
    assert KeyPerson.objects.get(pk=person.pk).customer == new


@pytest.mark.django_db
def test_whoever_reported_to_a_removed_person_reports_to_nobody():
    customer = a_customer()
    boss = a_key_person(customer)
    person = a_key_person(customer, reports_to=boss)
    remove_key_person(boss, actor=SYSTEM)
    assert KeyPerson.objects.get(pk=person.pk).reports_to is None
    restore_key_person(boss, actor=SYSTEM)
    assert set(key_persons_of(customer, SYSTEM)) == {boss, person}


@pytest.mark.django_db
def test_nobody_elsewhere_reports_to_the_people_of_a_removed_customer():
    top = a_customer()
    branch, removed = a_customer(parent=top), a_customer(parent=top)
    boss = a_key_person(removed)
    elsewhere, beside = a_key_person(branch, reports_to=boss), a_key_person(removed, reports_to=boss)
    remove_customer(removed, actor=SYSTEM)
    assert KeyPerson.objects.get(pk=elsewhere.pk).reports_to is None
    restore_customer(removed, actor=SYSTEM)
    assert KeyPerson.objects.get(pk=elsewhere.pk).reports_to is None
    assert KeyPerson.objects.get(pk=beside.pk).reports_to == boss


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "kept"),
    [
        (dt.date(2026, 2, 25), dt.date(2026, 2, 28)),
        (dt.date(2028, 2, 25), dt.date(2028, 2, 29)),
        (dt.date(2026, 3, 1), None),
    ],
)
def test_a_birthday_on_29_february_is_kept_on_the_28th_of_common_years(today, kept):
    person = a_key_person(a_customer(), birthday=dt.date(1980, 2, 29))
    assert birthdays(SYSTEM, today=today) == ([(person, kept)] if kept else [])


@pytest.mark.django_db
def test_those_who_left_are_shown_only_when_asked_for():
    customer = a_customer()
    person = a_key_person(customer, left_on=dt.date(2026, 1, 1))
    assert not key_persons_of(customer, SYSTEM)
    assert list(key_persons_of(customer, SYSTEM, former=True)) == [person]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "abc"),
        ("email", "nobody"),
        ("birthday", dt.date(1850, 1, 1)),
        ("birthday", "tomorrow"),
        ("spoken_on", "tomorrow"),
        ("remarks", "长" * 1001),
    ],
)
def test_what_cannot_be_of_a_person_is_refused_beside_its_field(field, value):
    value = timezone.localdate() + dt.timedelta(days=1) if value == "tomorrow" else value
    with pytest.raises(Invalid) as caught:
        a_key_person(a_customer(), **{field: value})
    assert list(caught.value.fields) == [field]
