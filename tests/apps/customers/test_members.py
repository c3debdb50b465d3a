"""Members: lines that join and leave customers by the file, each number with one customer only."""

import datetime as dt
import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Member, MemberBatch
from jike.apps.customers.rules import judged_number
from jike.foundation.errors import RuleBroken
from jike.foundation.models import Change
from tests.foundation.importing import quiet
from tests.foundation.listed import World, a_world, browser, text_of

DAY = dt.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path


def taken(
    world: World, kind: str, *rows: tuple[str, ...], heads: str = "客户编码,手机号码,短号,部门"
) -> MemberBatch:
    """Let the head send a file, and the job take it in."""
    content = io.BytesIO("\n".join([heads, *(",".join(row) for row in rows)]).encode())
    batch = actions.receive_members(kind, "成员.csv", content, actor=world.heads, day=DAY)
    actions.begin_members(batch, actor=world.heads)
    actions.take_members(task=str(batch.task), progress=quiet)
    batch.refresh_from_db()
    assert batch.counts["read"] == batch.counts["done"] + batch.counts["refused"]
    return batch


def held(world: World, place: int) -> list[str]:
    rows, _following = queries.members_of(world.customers[place], world.heads)
    return [row["number"] for row in rows]


@pytest.mark.parametrize(
    ("typed", "stored", "wrong"),
    [
        ("138 0013 8000", "13800138000", ""),
        ("+86-13800138000", "13800138000", ""),
        ("8613800138000", "13800138000", ""),
        ("020-87654321", "02087654321", ""),
        ("12800138000", "12800138000", "prefix"),
        ("1380013800", "1380013800", "number"),
        ("1.38e10", "1.38e10", "number"),
        ("", "", "number"),
    ],
)
def test_a_number_is_judged_as_people_write_it(typed: str, stored: str, wrong: str):
    assert judged_number(typed) == (stored, wrong)


@pytest.mark.django_db
def test_lines_join_and_what_is_false_is_refused_by_line():
    world = a_world(customers=2)
    first, second = (one.code for one in world.customers)
    before = taken(world, "join", (second, "13900139000", "", ""))
    batch = taken(
        world,
        "join",
        (first, "13800138000", "601", "信息部"),
        (first, "138 0013 8000", "", ""),
        (first, "12800138000", "", ""),
        (first, "13900139000", "", ""),
        ("NOBODY", "13800138001", "", ""),
        (second, "13900139000", "", ""),
        (second, "13800138002", "6" * 11, ""),
    )
    assert (before.counts["done"], batch.counts["done"], batch.counts["refused"]) == (1, 1, 6)
    assert (held(world, 0), held(world, 1)) == (["13800138000"], ["13900139000"])
    member = Member.objects.get(number="13800138000")
    assert (member.short_number, member.department, member.joined_on) == ("601", "信息部", DAY)
    told = Change.objects.filter(verb="join_members", uid=world.customers[0].uid)
    assert told.count() == 1


@pytest.mark.django_db
def test_lines_leave_and_may_join_elsewhere_afterwards():
    world = a_world(customers=2)
    first, second = (one.code for one in world.customers)
    taken(world, "join", (first, "13800138000", "", ""), (first, "13800138001", "", ""))
    batch = taken(
        world,
        "leave",
        (first, "13800138000", "", ""),
        (second, "13800138001", "", ""),
        (first, "13700137000", "", ""),
    )
    assert (batch.counts["done"], batch.counts["refused"]) == (1, 2)
    assert taken(world, "join", (second, "13800138000", "", "")).counts["done"] == 1
    assert (held(world, 0), held(world, 1)) == (["13800138001"], ["13800138000"])
    actions.undo_members(batch, actor=world.heads)
    assert held(world, 0) == ["13800138001"]


@pytest.mark.django_db
def test_a_file_is_stored_once_and_taken_back_once():
    world = a_world(customers=1)
    batch = taken(world, "join", (world.customers[0].code, "13800138000", "", ""))
    with pytest.raises(RuleBroken):
        actions.store_members(batch, [], actor=world.heads)
    assert actions.undo_members(batch, actor=world.heads) == 1
    assert held(world, 0) == []
    with pytest.raises(RuleBroken):
        actions.undo_members(batch, actor=world.heads)


@pytest.mark.django_db
def test_lines_of_customers_that_one_may_not_change_stay():
    world = a_world(customers=2)
    mine, others = (one.code for one in world.customers)
    content = io.BytesIO(f"客户编码,号码\n{mine},13800138000\n{others},13800138001".encode())
    batch = actions.receive_members("join", "成员.csv", content, actor=world.managers, day=DAY)
    actions.begin_members(batch, actor=world.managers)
    actions.take_members(task=str(batch.task), progress=quiet)
    batch.refresh_from_db()
    assert (batch.counts["done"], batch.counts["refused"]) == (1, 1)


@pytest.mark.django_db
def test_the_database_gives_a_number_to_one_customer_only():
    world = a_world(customers=2)
    taken(world, "join", (world.customers[0].code, "13800138000", "", ""))
    again: dict[str, Any] = {"number": "13800138000", "customer": world.customers[1], "joined_on": DAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(**again, batch="00000000-0000-7000-8000-000000000000")


@pytest.mark.django_db
def test_a_file_without_numbers_is_refused_and_not_kept(tmp_path):
    world = a_world(customers=1)
    with pytest.raises(RuleBroken):
        taken(world, "join", ("a", "b"), heads="甲,乙")
    assert not list((tmp_path / "members").iterdir())


@pytest.mark.django_db
def test_members_are_listed_beneath_their_customer_and_sent_by_a_page():
    world = a_world(customers=1)
    client, customer = browser(world.head), world.customers[0]
    content = io.BytesIO(f"客户编码,号码\n{customer.code},13800138000".encode())
    content.name = "成员.csv"
    sent = client.post(
        reverse("customers:member_files"), {"file": content, "kind": "join", "day": "2026-11-01"}
    )
    assert sent.status_code == 302
    batch = MemberBatch.objects.get()
    actions.take_members(task=str(batch.task), progress=quiet)
    assert "成员.csv" in text_of(client.get(sent["Location"]))
    listed = client.get(reverse("customers:members", args=[customer.uid]), {"begins": "138"})
    assert "13800138000" in text_of(listed)
    assert "13800138000" in text_of(
        client.get(reverse("resource:tab", args=["customers", customer.uid, "members"]))
    )
    client.post(reverse("customers:member_undo", args=[batch.uid]))
    assert not Member.objects.exists()
