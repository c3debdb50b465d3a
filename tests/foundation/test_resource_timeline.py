"""One timeline: every source within its reader's rights, merged by time, read page by page without loss."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from jike.apps.customers.actions import change_customer, change_key_person, move_customer
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.pages.noting import WAYS
from jike.apps.customers.pages.resources import CUSTOMERS
from jike.apps.sales.pages.noting import VISITED
from jike.apps.tasks.actions import add_next_step
from jike.foundation.conversation import comment_on
from jike.foundation.happenings import Happening, Mark, Source, latest, with_rows
from jike.foundation.jobs import job_label
from jike.foundation.models import Comment
from jike.foundation.noting import Way, register_noting
from jike.foundation.resource import Contribution, register
from jike.foundation.scope import system_actor
from jike.site.wiring import CONTRIBUTIONS, RESOURCES
from jike.values.rights import Breadth
from tests.foundation.listed import SYSTEM, World, a_contact, a_world, browser, someone, text_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)


@pytest.fixture
def world() -> World:
    return a_world(customers=3)


def address(customer: Customer) -> str:
    return reverse("resource:timeline", args=["customers", customer.uid])


@pytest.fixture
def visits() -> Iterator[list[Happening]]:
    """Let a higher capability tell of visits, kept in a list here."""
    told: list[Happening] = []

    def read(row: Customer, actor: object, *, before: Mark | None, limit: int) -> list[Happening]:
        found = [one for one in told if before is None or (one.moment, one.id) < before]
        return sorted(found, key=lambda one: (one.moment, one.id), reverse=True)[:limit]

    source = Source("visit", "Visits", "map-pin", read)
    register(RESOURCES, [*CONTRIBUTIONS, Contribution(CUSTOMERS.kind, timeline=(source,))])
    yield told
    register(RESOURCES, CONTRIBUTIONS)


def test_a_contributed_entry_stands_among_the_records_own_and_under_its_kind(
    world: World, visits: list
) -> None:
    visits.append(
        Happening(
            moment=timezone.now(),
            id=1,
            who="林知夏",
            act="拜访",
            title="程远",
            link="/somewhere/",
            status="已签到",
            tone="ok",
            words="<b>双路由</b>",
            next_step="提交方案",
        )
    )
    client, row = browser(world.head), world.customers[0]
    page = text_of(client.get(address(row), **HTMX))
    assert all(word in page for word in ("程远", "/somewhere/", "st-ok", "提交方案", "Visits", row.name))
    assert "<b>双路由</b>" not in client.get(address(row), **HTMX).content.decode()
    only = text_of(client.get(address(row), {"kind": "visit"}, **HTMX))
    assert "程远" in only
    assert row.name not in only
    assert "程远" not in text_of(client.get(address(row), {"kind": "comment"}, **HTMX))


def test_pages_over_several_sources_lose_and_repeat_nothing(world: World, visits: list) -> None:
    row = world.customers[0]
    visits += [Happening(moment=NOON, id=number, title=f"访{number:02}。") for number in range(30)]
    for number in range(25):
        comment_on(row, f"言{number:02}。", actor=world.heads)
    client, told, before = browser(world.head), [], ""
    while True:
        page = client.get(address(row), {"before": before}, **HTMX).content.decode()
        told += re.findall(r"[访言]\d\d。", page)
        older = re.search(r"before=([\w.~]+)", page)
        if not older:
            break
        before = older[1]
    assert told == [f"言{number:02}。" for number in range(24, -1, -1)] + [
        f"访{number:02}。" for number in range(29, -1, -1)
    ]


def test_what_is_planned_stands_above_today(world: World, visits: list) -> None:
    visits.append(Happening(moment=timezone.now() + dt.timedelta(days=3), id=1, title="下周拜访"))
    page = text_of(browser(world.head).get(address(world.customers[0]), **HTMX))
    assert page.index("To come") < page.index("下周拜访") < page.index("Today")


@pytest.mark.parametrize(
    "before", ["x", "change", "change.1", "change.999999999999999999.1", "~~", "visit.-1.2", "\0"]
)
def test_a_made_up_place_shows_the_beginning(world: World, before: str) -> None:
    row = world.customers[0]
    assert row.name in text_of(browser(world.head).get(address(row), {"before": before}, **HTMX))


def test_key_persons_and_subsidiaries_are_told_to_those_who_see_them(world: World) -> None:
    top, below, apart = world.customers[0], world.customers[2], world.customers[1]
    move_customer(below, actor=SYSTEM, parent=top)
    move_customer(apart, actor=SYSTEM, parent=below)
    change_customer(below, actor=SYSTEM, needs="下级需求")
    change_customer(apart, actor=SYSTEM, needs="别的网格")
    person = a_contact(top, "陈总", phone="13800138000")
    change_key_person(person, actor=SYSTEM, job_title="总工程师", phone="13900139000")
    page = text_of(browser(world.manager).get(address(top), **HTMX))
    assert all(word in page for word in ("下级需求", "陈总", "总工程师"))
    assert "别的网格" not in page
    assert not [word for word in ("13800138000", "13900139000", "139 0013 9000") if word in page]
    outsider = someone({"customers.customer:view": Breadth.ALL}, world.grids[1])
    assert "总工程师" not in text_of(browser(outsider).get(address(top), **HTMX))


def test_a_source_costs_the_same_however_many_entries_there_are(
    world: World, django_assert_max_num_queries
) -> None:
    top = world.customers[0]
    people = [a_contact(top, f"人{number}") for number in range(12)]
    for person in people:
        change_key_person(person, actor=SYSTEM, job_title="经理", reports_to=None)
    client = browser(world.head)
    client.get(address(top), **HTMX)
    with django_assert_max_num_queries(24):
        assert "人11" in text_of(client.get(address(top), **HTMX))


def test_only_sources_with_rows_of_the_record_or_below_it_are_asked(world: World) -> None:
    first, second, third = world.customers
    a_contact(second, "程远")

    def read(*given: object, **further: object) -> list[Happening]:
        return []

    people = Source("people", "People", "users", read, rows=(KeyPerson, "customer"))
    said = Source("said", "Said", "message", read)
    assert with_rows([people, said], [first, third]) == [said]
    assert with_rows([people, said], [first, second]) == [people, said]


def test_latest_pages_by_moment_and_number(world: World) -> None:
    row = world.customers[0]
    said = [comment_on(row, str(number), actor=world.heads) for number in range(5)]
    Comment.objects.update(said_at=NOON)
    first = latest(Comment.objects.all(), "said_at", before=None, limit=2)
    rest = latest(Comment.objects.all(), "said_at", before=Mark(NOON, first[-1].pk), limit=9)
    assert [one.pk for one in first + rest] == [one.pk for one in reversed(said)]


def test_a_way_that_is_not_offered_is_refused_and_nothing_is_kept(world: World) -> None:
    answer = browser(world.head).post(address(world.customers[0]), {"body": "x", "way": "fax"}, **HTMX)
    assert answer.status_code == 422
    assert not Comment.objects.exists()


@pytest.fixture
def pigeons() -> Iterator[None]:
    """Let higher capabilities offer a way of noting that fits everywhere, and one that fits nowhere."""
    fits, never = (
        Way(name, name, "send", lambda *_, on=on: on, print) for name, on in (("post", True), ("fax", False))
    )
    register_noting(fits, never, step=add_next_step)
    yield
    register_noting(VISITED, *WAYS, step=add_next_step)


def test_the_drawer_takes_notes_as_the_page_does_in_the_ways_that_fit(world: World, pigeons: None) -> None:
    client, customer = browser(world.head), world.customers[0]
    for place in ("drawer", "record"):
        page = client.get(
            reverse(f"resource:{place}", args=["customers", customer.uid]), **HTMX
        ).content.decode()
        assert re.findall(r'name="way" value="(\w+)"', page) == ["note", "post"]
        assert page.count('id="timeline"') == 1


def test_what_a_job_did_is_told_under_the_jobs_label(world: World) -> None:
    row = world.customers[0]
    change_customer(row, actor=system_actor("foundation.clean_jobs"), short_name="岚屿")
    page = text_of(browser(world.head).get(address(row), **HTMX))
    with override("en"):
        assert job_label("foundation.clean_jobs") in page
    assert "foundation.clean_jobs" not in page
