"""Members in mass: files that change them, snapshots and what became of them, checks for false ones and decisions."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Customer, Member, MemberCheck, MemberFinding
from jike.apps.customers.rules import Fate, Line, Suspicion, fate_of, leading_operator, percent_of
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken
from jike.foundation.models import BackgroundTask
from jike.foundation.scope import Actor
from jike.values.mobile_prefixes import Operator
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD
from tests.foundation.importing import quiet
from tests.foundation.listed import World, a_world, browser, someone, text_of
from tests.making import SYSTEM

TAKEN, LATER = dt.date(2026, 3, 31), dt.date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Any, settings: Any) -> None:
    settings.ATTACHMENTS_FOLDER = tmp_path


@pytest.fixture
def world(db: Any) -> World:
    return a_world(customers=2)


def filed(
    world: World,
    kind: str,
    *rows: tuple[str, ...],
    on: dt.date = dt.date(2026, 1, 1),
    actor: Actor | None = None,
) -> tuple[Any, list[tuple[str, str, str]]]:
    """Store lines of (code, number, short number, department, bundle, begins, ends) and return what was refused."""
    batch = actions.name_file(kind, f"{kind}.csv", actor=SYSTEM, person=world.head.uid, day=on)
    refused: list[tuple[str, str, str]] = []
    lines = []
    for place, row in enumerate(rows, start=1):
        code, number, short, department, bundle, *days = (*row, *[""] * (5 - len(row)))[:7]
        begins, ends = (*days, None, None)[:2]
        lines.append(Line(place, code, number, short, department, bundle, begins, ends, ""))
    actions.store_members(
        batch,
        lines,
        actor=actor or SYSTEM,
        refuse=lambda line, number, why, held: refused.append((number, why, held)),
    )
    return batch, refused


def codes(world: World) -> tuple[str, str]:
    first, second = (one.code for one in world.customers)
    return first, second


def member(number: str) -> Member:
    return Member.objects.get(number=number, left_on=None)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_share_is_told_with_one_decimal(part: int, more: int):
    text = percent_of(part, part + more)
    assert text == "" if part + more == 0 else 0 <= float(text) <= 100


def test_we_are_the_operator_of_most_members():
    assert leading_operator({Operator.UNICOM: 3, Operator.MOBILE: 5}) is Operator.MOBILE
    assert leading_operator({}) is None


@given(st.none() | st.integers(1, 3), st.booleans())
def test_every_member_of_a_snapshot_has_one_fate(holder: int | None, later: bool):
    found = fate_of(holder, 1, later=later)
    assert (found is Fate.GONE) == (holder is None)
    assert (found in (Fate.RETAINED, Fate.REJOINED)) == (holder == 1)


def test_a_short_number_is_one_member_s_within_the_whole_group(world: World):
    first, second = codes(world)
    actions.move_customer(world.customers[1], actor=SYSTEM, parent=world.customers[0])
    _, refused = filed(world, "join", (first, "13800138000", "601"), (first, "13800138001", "601"))
    assert [(number, why) for number, why, _held in refused] == [("13800138001", "short")]
    _, refused = filed(world, "join", (second, "13800138002", "601"), (second, "13800138003", "602"))
    assert refused == [("13800138002", "short", "13800138000")]
    assert member("13800138003").short_number == "602"


def test_short_numbers_repeat_in_other_groups(world: World):
    first, second = codes(world)
    _, refused = filed(world, "join", (first, "13800138000", "601"), (second, "13800138001", "601"))
    assert refused == []


def test_a_file_changes_what_it_names_and_is_taken_back(world: World):
    first, _second = codes(world)
    filed(
        world,
        "join",
        (first, "13800138000", "601", "销售部", "旧套餐", TAKEN, LATER),
        (first, "13800138001", "602"),
    )
    batch, refused = filed(
        world,
        "alter",
        ("", "13800138000", "", "信息部", "新套餐", LATER, None),
        ("", "13800138001", "601"),
        ("", "13700137000", "603"),
    )
    changed = member("13800138000")
    assert (changed.short_number, changed.department, changed.bundle) == ("601", "信息部", "新套餐")
    assert (changed.bundle_start, changed.bundle_end) == (LATER, None)
    assert refused == [("13800138001", "short", "13800138000"), ("13700137000", "absent", "")]
    assert actions.undo_members(batch, actor=SYSTEM) == 1
    back = member("13800138000")
    assert (back.department, back.bundle, back.bundle_end) == ("销售部", "旧套餐", LATER)


def test_taking_back_leaves_what_a_later_file_changed(world: World):
    first, _second = codes(world)
    filed(world, "join", (first, "13800138000"))
    earlier, _ = filed(world, "alter", ("", "13800138000", "", "销售部"))
    filed(world, "alter", ("", "13800138000", "", "信息部"))
    assert actions.undo_members(earlier, actor=SYSTEM) == 0
    assert member("13800138000").department == "信息部"


def a_snapshot(world: World) -> Any:
    """Five members on the day: one stays, one leaves and comes back, one moves, one leaves, one stays bound."""
    first, second = codes(world)
    numbers = [f"1380013800{place}" for place in range(5)]
    bound = (first, numbers[4], "", "", "套餐", TAKEN, dt.date(2027, 1, 1))
    filed(world, "join", *((first, number) for number in numbers[:4]), bound)
    filed(world, "join", (first, "13900139000"), on=LATER)
    taken = actions.take_member_snapshot(actor=SYSTEM, on=TAKEN)
    filed(world, "leave", *(("", number) for number in numbers[1:4]), on=LATER)
    filed(world, "join", (first, numbers[1]), (second, numbers[2]), on=LATER)
    return taken


def test_a_snapshot_tells_what_became_of_its_members(world: World):
    taken = a_snapshot(world)
    assert (taken.members, taken.customers) == (5, 1)
    assert actions.count_member_fates(taken, actor=SYSTEM, on=LATER) == 1
    found = queries.retention(taken, world.heads)
    assert found is not None
    assert (found.frozen, found.retained, found.rejoined, found.moved, found.gone, found.bundled) == (
        5,
        2,
        1,
        1,
        1,
        1,
    )
    rows, following = queries.fates_of(taken, world.customers[0], world.heads, limit=3)
    assert [row["fate"] for row in rows] == [Fate.RETAINED, Fate.REJOINED, Fate.MOVED]
    more, end = queries.fates_of(taken, world.customers[0], world.heads, after=following)
    assert ([row["fate"] for row in more], end) == ([Fate.GONE, Fate.RETAINED], "")
    assert [one.name for one in queries.most_lost(taken, world.heads)] == [world.customers[0].name]


def test_what_became_of_them_is_kept_by_month(world: World):
    taken = a_snapshot(world)
    for on in (dt.date(2026, 6, 30), dt.date(2026, 7, 20), dt.date(2026, 7, 31)):
        actions.count_member_fates(taken, actor=SYSTEM, on=on)
    assert [one.name for one in queries.retention_by_month(taken, world.heads)] == [
        dt.date(2026, 6, 1),
        dt.date(2026, 7, 1),
    ]
    assert queries.customer_retentions(world.customers[0])[0][1].frozen == 5


def test_retention_is_told_within_one_s_reach_alone(world: World):
    taken = a_snapshot(world)
    actions.count_member_fates(taken, actor=SYSTEM, on=LATER)
    Customer.objects.filter(pk=world.customers[0].pk).update(owner=None, unit=world.grids[1])
    actions.count_member_fates(taken, actor=SYSTEM, on=LATER)
    head, manager = queries.retention(taken, world.heads), queries.retention(taken, world.managers)
    assert head is not None
    assert manager is not None
    assert (head.frozen, manager.frozen) == (5, 0)
    assert queries.most_lost(taken, world.managers) == []


def test_a_day_is_photographed_once_and_never_ahead(world: World):
    actions.take_member_snapshot(actor=SYSTEM, on=TAKEN)
    with pytest.raises(RuleBroken):
        actions.take_member_snapshot(actor=SYSTEM, on=TAKEN)
    with pytest.raises(RuleBroken):
        actions.take_member_snapshot(actor=SYSTEM, on=timezone.localdate() + dt.timedelta(days=3))
    with pytest.raises(Refused):
        actions.take_member_snapshot(actor=world.managers, on=LATER)


def checked(world: World, actor: Actor, customer: Customer | None = None) -> MemberCheck:
    """Begin a check as a person does, and let the job do it."""
    check = actions.begin_member_check(actor=actor, customer=customer)
    actions.run_member_check(task=str(check.task), progress=quiet)
    check.refresh_from_db()
    task = BackgroundTask.objects.get(uid=check.task)
    assert task.state == BackgroundTask.State.DONE, task.sentence
    return check


def false_members(world: World) -> None:
    """One member for each reason, beside many that are true."""
    first, second = codes(world)
    true = [(first, f"138001380{place:02}") for place in range(10, 20)]
    filed(world, "join", *true, (first, "13100131000"), (first, "12800128000"), (first, "13800138000", "601"))
    filed(world, "join", (second, "13800138001", "601"), (second, "13800138002"), (second, "13800138003"))
    filed(world, "leave", ("", "13800138002"), ("", "13800138003"), on=TAKEN)
    filed(world, "join", (second, "13800138002"), (first, "13800138003"), on=TAKEN + dt.timedelta(days=10))
    filed(world, "leave", ("", "13800138010"), on=LATER)
    filed(world, "join", (first, "13800138010"), on=TAKEN)
    actions.move_customer(world.customers[1], actor=SYSTEM, parent=world.customers[0])


def test_a_check_finds_what_speaks_against_members(world: World):
    false_members(world)
    check = checked(world, world.heads)
    assert check.members == 16
    found = {(one.reason, one.number) for one in MemberFinding.objects.filter(run=check)}
    assert found == {
        (Suspicion.PREFIX, "12800128000"),
        (Suspicion.FOREIGN, "13100131000"),
        (Suspicion.SHORT, "13800138000"),
        (Suspicion.SHORT, "13800138001"),
        (Suspicion.RETURNED, "13800138002"),
        (Suspicion.PASSED, "13800138003"),
        (Suspicion.OVERLAP, "13800138010"),
    }
    assert next(iter(queries.undecided(check))) == Suspicion.PREFIX


def test_members_of_lost_customers_are_found(world: World):
    first, _second = codes(world)
    filed(world, "join", (first, "13800138000"))
    Customer.objects.filter(code=first).update(state="lost")
    (one,) = MemberFinding.objects.filter(run=checked(world, world.heads))
    assert (one.reason, one.told) == (Suspicion.STATE, "lost")


def test_a_check_looks_at_what_one_may_change_alone(world: World):
    false_members(world)
    Customer.objects.filter(pk=world.customers[1].pk).update(owner=None, unit=world.grids[1])
    found = MemberFinding.objects.filter(run=checked(world, world.managers))
    assert {one.customer_id for one in found} == {world.customers[0].pk}
    assert checked(world, world.heads, world.customers[1]).members == 2
    with pytest.raises(NotFound):
        queries.member_check(checked(world, world.heads).uid, world.managers)


def test_members_found_false_leave_by_a_file_that_can_be_taken_back(world: World):
    false_members(world)
    check = checked(world, world.heads)
    done = actions.decide_findings(
        check, actor=world.heads, decision="leave", reason=str(Suspicion.PREFIX), on=LATER
    )
    assert done == 1
    assert not Member.objects.filter(number="12800128000", left_on=None).exists()
    assert queries.undecided(check)[Suspicion.PREFIX] == (1, 0)
    with pytest.raises(RuleBroken):
        actions.decide_findings(check, actor=world.heads, decision="leave", reason=str(Suspicion.PREFIX))
    batch = next(
        one for one in queries.member_batches(world.heads) if one.day == LATER and one.kind == "leave"
    )
    assert actions.undo_members(batch, actor=world.heads) == 1


def test_what_was_decided_to_belong_is_not_found_again(world: World):
    false_members(world)
    check = checked(world, world.heads)
    one = MemberFinding.objects.get(run=check, number="13100131000")
    assert actions.decide_findings(check, actor=world.heads, decision="keep", chosen=[one.pk]) == 1
    again = checked(world, world.heads)
    assert Suspicion.FOREIGN not in again.counts
    assert sum(again.counts.values()) == sum(check.counts.values()) - 1
    with pytest.raises(Invalid):
        actions.decide_findings(again, actor=world.heads, decision="perhaps")


def test_findings_are_listed_page_by_page(world: World):
    false_members(world)
    check = checked(world, world.heads)
    first, following = queries.findings_of(check, limit=4)
    rest, end = queries.findings_of(check, after=following, limit=4)
    assert (len(first), len(rest), end) == (4, 3, 0)
    (foreign,) = queries.findings_of(check, reason=str(Suspicion.FOREIGN))[0]
    assert foreign[1] in ("中国联通", "China Unicom")


def test_pages_of_members_lead_from_a_check_to_decisions(world: World):
    false_members(world)
    client = browser(world.head)
    began = client.post(reverse("customers:member_checks"), {"customer": str(world.customers[0].uid)})
    assert began.status_code == 302
    check = MemberCheck.objects.get()
    actions.run_member_check(task=str(check.task), progress=quiet)
    assert world.customers[0].name in text_of(client.get(reverse("customers:member_checks")))
    address = reverse("customers:member_check", args=[check.uid])
    shown = client.get(address, {"reason": "prefix"})
    assert "12800128000" in text_of(shown)
    (finding,) = MemberFinding.objects.filter(run=check, reason="prefix")
    chosen = {"which": "chosen", "decision": "leave"}
    client.post(f"{address}?reason=prefix", chosen)
    assert Member.objects.filter(number="12800128000", left_on=None).exists(), "nothing was chosen"
    client.post(f"{address}?reason=prefix", {**chosen, "finding": [str(finding.pk)]})
    assert not Member.objects.filter(number="12800128000", left_on=None).exists()
    assert browser(world.manager).get(address).status_code == 404


def test_pages_of_snapshots_tell_retention_down_to_the_number(world: World):
    taken = a_snapshot(world)
    client = browser(world.head)
    assert client.get(reverse("customers:member_snapshots")).status_code == 200
    actions.count_member_fates(taken, actor=SYSTEM, on=LATER)
    page = client.get(reverse("customers:member_snapshots"), {"of": str(taken.uid)})
    assert page.context["now"]["kept_percent"] == "60.0"
    customer = world.customers[0]
    listed = text_of(client.get(reverse("customers:frozen_members", args=[customer.uid, taken.uid])))
    assert "13800138002" in listed
    assert world.customers[1].name in listed
    tab = client.get(reverse("resource:tab", args=["customers", customer.uid, "members"]))
    assert reverse("customers:frozen_members", args=[customer.uid, taken.uid]) in tab.content.decode()


def test_a_snapshot_is_ordered_by_whoever_loads_figures(world: World):
    filed(world, "join", (codes(world)[0], "13800138000"))
    grants = {**HEAD, "customers.customer:load_figures": Breadth.BELOW}
    finance = someone(grants, world.city, name="财务")
    address = reverse("customers:member_snapshots")
    browser(world.head).post(address, {"day": "2026-03-31"})
    assert not BackgroundTask.objects.exists()
    browser(finance).post(address, {"day": "2026-03-31"})
    task = BackgroundTask.objects.get()
    actions.take_ordered_snapshot(task=str(task.uid), progress=quiet)
    assert [one.members for one in queries.member_snapshots()] == [1]


def test_bundles_that_end_are_listed_nearest_first_page_by_page(world: World):
    first, second = codes(world)
    days = [TAKEN + dt.timedelta(days=place) for place in range(60)]
    filed(
        world,
        "join",
        *((first, f"138001380{place:02}", "", "", "套餐", None, day) for place, day in enumerate(days)),
    )
    filed(world, "join", (second, "13900139000", "", "", "套餐", None, TAKEN))
    Customer.objects.filter(code=second).update(owner=None, unit=world.grids[1])
    span: dict[str, Any] = {"since": TAKEN, "until": TAKEN + dt.timedelta(days=55)}
    rows, following = queries.bundles_ending(world.heads, mine=False, **span)
    more, end = queries.bundles_ending(world.heads, mine=False, after=following, **span)
    ends = [row["bundle_end"] for row in (*rows, *more)]
    assert (len(ends), end) == (57, None)
    assert ends == sorted(ends)
    assert len({row["number"] for row in (*rows, *more)}) == 57
    mine, _ = queries.bundles_ending(world.managers, mine=True, **span)
    assert {row["customer"].code for row in mine} == {first}
    assert following is not None
    assert queries.Bound.read(following.write()) == following
    assert queries.Bound.read("gestern~1") is None
    assert browser(world.head).get(reverse("customers:bundles_ending"), {"days": "90"}).status_code == 200


def test_members_are_listed_by_department_and_by_the_end_of_their_bundle(world: World):
    first, _second = codes(world)
    soon = timezone.localdate() + dt.timedelta(days=10)
    filed(
        world,
        "join",
        (first, "13800138000", "", "信息部", "套餐", None, soon),
        (first, "13800138001", "", "销售部"),
    )
    customer, client = world.customers[0], browser(world.head)
    assert queries.departments_of(customer) == [("信息部", 1), ("销售部", 1)]
    address = reverse("customers:members", args=[customer.uid])
    for narrowed in ({"department": "信息部"}, {"ending": "1"}):
        listed = text_of(client.get(address, narrowed))
        assert "13800138000" in listed
        assert "13800138001" not in listed
