"""Followers hear that fields changed; notes on a record bring their next step; the navigation knows what waits."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from jike.apps.customers.actions import change_customer, change_key_person
from jike.apps.tasks.models import Task
from jike.foundation.conversation import follow
from jike.foundation.following import CHANGED, tell_of_changes
from jike.foundation.models import Comment, Notice
from jike.foundation.notify import Channel, choose_channel
from jike.values.rights import Breadth
from tests.foundation.listed import SYSTEM, World, a_contact, a_world, browser, someone, text_of
from tests.making import acting

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def world() -> World:
    return a_world(customers=2)


def told(person) -> list[str]:
    return list(Notice.objects.filter(person=person.uid, topic=CHANGED.name).values_list("text", flat=True))


def test_who_follows_a_record_hears_what_others_changed_once_an_hour(world: World):
    row = world.customers[0]
    follow(row, actor=world.heads)
    follow(row, actor=world.managers)
    change_customer(row, actor=world.managers, needs="两条专线")
    change_customer(row, actor=world.managers, short_name="机场")
    tell_of_changes()
    tell_of_changes()
    assert told(world.manager) == []
    (text,) = told(world.head)
    assert world.manager.name in text
    assert row.name in text
    assert "两条专线" not in text


def test_who_may_no_longer_see_the_record_or_does_not_want_to_hears_nothing(world: World):
    row = world.customers[0]
    outsider = someone({"customers.customer:view": Breadth.ALL}, world.grids[1])
    follow(row, actor=acting(outsider))
    follow(row, actor=world.heads)
    outsider.posts.all().delete()
    choose_channel(world.head.uid, CHANGED.name, Channel.NONE)
    change_customer(row, actor=SYSTEM, needs="新需求")
    tell_of_changes()
    assert (told(outsider), told(world.head)) == ([], [])


def test_a_sealed_value_is_never_told(world: World):
    person = a_contact(world.customers[0], "陈总")
    follow(person, actor=world.heads)
    change_key_person(person, actor=SYSTEM, phone="13900139000")
    tell_of_changes()
    assert "139" not in "".join(told(world.head))


def say(world: World, **sent: str):
    address = reverse("resource:timeline", args=["customers", world.customers[0].uid])
    person = someone(
        {
            "customers.customer:view": Breadth.ALL,
            "tasks.task:view": Breadth.ALL,
            "tasks.task:add": Breadth.ALL,
        },
        world.city,
    )
    return browser(person).post(address, sent, **HTMX), person


def test_a_note_and_its_next_step_are_kept_together(world: World):
    answer, person = say(
        world, body="要求年内完成第二路由", next_step="提交双路由方案", next_step_on="2027-03-05"
    )
    assert "要求年内完成第二路由" in text_of(answer)
    task = Task.objects.get()
    assert (task.title, task.owner, task.about_uid) == ("提交双路由方案", person, world.customers[0].uid)
    assert timezone.localtime(task.due_at).date() == dt.date(2027, 3, 5)


def test_a_next_step_needs_no_words_beside_it_and_may_be_somebody_elses(world: World):
    say(world, body="", next_step="回电", next_step_by=str(world.head.uid))
    assert Task.objects.get().owner == world.head
    assert not Comment.objects.exists()


def test_a_step_that_cannot_be_meant_keeps_neither(world: World):
    answer, _person = say(world, body="谈过", next_step="回电", next_step_on="没有这一天")
    assert answer.status_code == 422
    assert not Comment.objects.exists()
    assert not Task.objects.exists()


def test_the_navigation_tells_favourites_and_what_waits(world: World):
    _answer, person = say(world, body="", next_step="回电", next_step_on=timezone.localdate().isoformat())
    client, row = browser(person), world.customers[0]
    client.post(reverse("resource:star", args=["customers", row.uid]), {"on": "1"}, **HTMX)
    page = text_of(client.get(reverse("side")))
    assert row.name in page
    assert 'id="cnt-resource-list-tasks"' in page
    assert ">1<" in page.replace(" ", "")
    assert row.name not in text_of(browser(world.manager).get(reverse("side")))


def test_the_account_page_asks_how_one_wants_to_be_told(world: World):
    assert "A record you follow was changed" in text_of(browser(world.manager).get(reverse("me")))
