"""Comments: said, edited, removed and heard of with the rights of their record."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from jike.foundation.audit import history_of
from jike.foundation.conversation import (
    comment_on,
    comments_of,
    edit_comment,
    follow,
    followers_of,
    plain_text,
    remove_comment,
    restore_comment,
    tell_of_comment,
    unfollow,
)
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken, Stale
from jike.foundation.models import Notice
from jike.foundation.scope import Actor
from jike.values.rights import Breadth
from tests.making import SYSTEM, a_person, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db
SEES = {"organisation.unit:view": Breadth.ALL}


def a_reader(unit) -> tuple[object, Actor]:
    return someone_with(SEES, at=unit)


def told(person) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(person=person.uid).order_by("id").values_list("topic", "text"))


def test_whoever_may_view_a_record_comments_on_it_and_then_follows_it():
    unit = a_unit()
    person, reader = a_reader(unit)
    row = comment_on(unit, "  下周签约\r\n", actor=reader)
    assert [one.body for one in comments_of(unit)] == ["下周签约"]
    assert followers_of(unit) == {person.uid}
    assert [entry.verb for entry in history_of(row, SYSTEM)] == ["comment"]
    assert ProcrastinateJob.objects.filter(task_name="foundation.tell_of_comment").count() == 1


def test_whoever_may_not_view_a_record_says_nothing_there():
    unit = a_unit()
    outsider = acting(a_person(unit))
    with pytest.raises((Refused, NotFound)):
        comment_on(unit, "hello", actor=outsider)
    with pytest.raises(NotFound):
        follow(unit, actor=outsider)
    assert not comments_of(unit).exists()
    assert not ProcrastinateJob.objects.filter(task_name="foundation.tell_of_comment").exists()


@pytest.mark.parametrize("body", ["", " \n ", "a\0b", "x" * 10_000_000, "x" * 4001, "\u202e\u200b"])
def test_a_text_that_says_nothing_or_cannot_be_stored_is_refused(body):
    unit = a_unit()
    _, reader = a_reader(unit)
    with pytest.raises(Invalid):
        comment_on(unit, body, actor=reader)
    assert not comments_of(unit).exists()


def test_direction_marks_are_taken_out_of_a_comment():
    unit = a_unit()
    _, reader = a_reader(unit)
    assert comment_on(unit, "safe\u202egnp.exe", actor=reader).body == "safegnp.exe"


def test_a_mention_tells_those_who_may_view_the_record_and_nobody_else():
    unit = a_unit()
    _, author = a_reader(unit)
    colleague, _ = a_reader(unit)
    outsider = a_person(unit)
    body = f"请 @{{{colleague.uid}}} 看一下"
    row = comment_on(unit, body, mentions=[outsider.uid], actor=author)
    tell_of_comment(str(row.uid))
    expected = f"{author.name}: 请 @{colleague.name} 看一下 @{outsider.name}"
    assert told(colleague) == [("foundation.mentioned", expected)]
    assert told(outsider) == []


def test_telling_twice_tells_once():
    unit = a_unit()
    _, author = a_reader(unit)
    colleague, hears = a_reader(unit)
    follow(unit, actor=hears)
    row = comment_on(unit, "hello", mentions=[colleague.uid], actor=author)
    tell_of_comment(str(row.uid))
    tell_of_comment(str(row.uid))
    assert [topic for topic, _ in told(colleague)] == ["foundation.mentioned"]


def test_followers_hear_of_comments_until_they_no_longer_follow_and_authors_never_of_their_own():
    unit = a_unit()
    author_person, author = a_reader(unit)
    person, hears = a_reader(unit)
    follow(unit, actor=hears)
    follow(unit, actor=hears)
    tell_of_comment(str(comment_on(unit, "one", actor=author).uid))
    unfollow(unit, actor=hears)
    tell_of_comment(str(comment_on(unit, "two", actor=author).uid))
    assert told(person) == [("foundation.commented", f"{author.name}: one")]
    assert told(author_person) == []


def test_nobody_hears_of_a_comment_that_was_removed_meanwhile():
    unit = a_unit()
    _, author = a_reader(unit)
    colleague, _ = a_reader(unit)
    row = comment_on(unit, "hello", mentions=[colleague.uid], actor=author)
    remove_comment(row.uid, actor=author)
    tell_of_comment(str(row.uid))
    assert told(colleague) == []


def test_a_removed_comment_takes_its_notices_along():
    unit = a_unit()
    _, author = a_reader(unit)
    colleague, _ = a_reader(unit)
    row = comment_on(unit, "a secret", mentions=[colleague.uid], actor=author)
    tell_of_comment(str(row.uid))
    remove_comment(row.uid, actor=author)
    assert told(colleague) == []


def test_one_changes_ones_own_comment_for_a_quarter_of_an_hour():
    unit = a_unit()
    _, author = a_reader(unit)
    _, other = a_reader(unit)
    row = comment_on(unit, "frist", actor=author)
    now = timezone.now()
    assert edit_comment(row.uid, "first", actor=author, now=now + dt.timedelta(minutes=14)).body == "first"
    with pytest.raises(Refused):
        edit_comment(row.uid, "mine", actor=other, now=now)
    with pytest.raises(Stale):
        edit_comment(row.uid, "late", actor=author, now=now, version=1)
    with pytest.raises(RuleBroken):
        edit_comment(row.uid, "late", actor=author, now=now + dt.timedelta(minutes=16))


def test_its_author_or_who_may_remove_the_record_removes_a_comment_and_brings_it_back():
    unit = a_unit()
    _, author = a_reader(unit)
    _, other = a_reader(unit)
    _, head = someone_with({**SEES, "organisation.unit:remove": Breadth.ALL}, at=unit)
    row = comment_on(unit, "hello", actor=author)
    with pytest.raises(Refused):
        remove_comment(row.uid, actor=other)
    remove_comment(row.uid, actor=head)
    assert not comments_of(unit).exists()
    restore_comment(row.uid, actor=head)
    assert [one.body for one in comments_of(unit)] == ["hello"]


def test_a_mention_shows_the_name_people_have_now():
    person = a_person(a_unit(), "李雷")
    assert plain_text(f"@{{{person.uid}}} 你好") == "@李雷 你好"
    assert plain_text("@{00000000-0000-7000-8000-000000000000}!") == "@?!"


@pytest.fixture
def browser(settings):
    unit = a_unit()
    person, _ = a_reader(unit)
    client = Client(headers={"HX-Request": "true"})
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client, unit, person


def test_the_fragment_takes_shows_changes_and_removes(browser):
    client, unit, person = browser
    address = reverse("foundation:comments", args=["organisation.unit", unit.uid])
    colleague = a_person(unit, "韩梅梅")
    shown = client.post(address, {"body": "<b>你好</b>", "mention": str(colleague.uid)}).content.decode()
    assert "&lt;b&gt;你好&lt;/b&gt;" in shown
    assert "@韩梅梅" in shown
    assert person.name in shown
    row = comments_of(unit).get()
    edit = reverse("foundation:comment_edit", args=[row.uid])
    assert 'name="version" value="1"' in client.get(edit).content.decode()
    assert "再见" in client.post(edit, {"body": "再见", "version": "1"}).content.decode()
    assert client.post(edit, {"body": "晚了", "version": "1"}).status_code == 409
    assert client.post(reverse("foundation:comment_remove", args=[row.uid])).status_code == 200
    assert "再见" in client.post(reverse("foundation:comment_restore", args=[row.uid])).content.decode()


def test_the_fragment_refuses_nonsense(browser):
    client, unit, _ = browser
    address = reverse("foundation:comments", args=["organisation.unit", unit.uid])
    assert client.post(address, {"body": ""}).status_code == 422
    assert client.post(address, {"body": "x", "mention": "no-uid"}).status_code == 422
    assert (
        client.get(reverse("foundation:comments", args=["organisation.nothing", unit.uid])).status_code == 404
    )
    assert client.get(f"{address}?before=abc").status_code == 200
    client.post(address, {"body": "x"})
    edit = reverse("foundation:comment_edit", args=[comments_of(unit).get().uid])
    assert client.post(edit, {"body": "y", "version": "no number"}).status_code == 200


def test_people_are_offered_by_name_and_following_is_switched(browser):
    client, unit, person = browser
    a_person(unit, "司马相如")
    offered = client.get(reverse("foundation:mention_people"), {"who": "司马"}).content.decode()
    assert "司马相如" in offered
    address = reverse("foundation:following", args=["organisation.unit", unit.uid])
    client.post(address, {"follow": "1"})
    assert followers_of(unit) == {person.uid}
    client.post(address, {"follow": "0"})
    assert followers_of(unit) == frozenset()
