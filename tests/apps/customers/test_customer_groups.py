"""The group tree: moves keep paths true, circles are refused even when two people move at once."""

import threading
from functools import partial

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.apps.customers.actions import add_customer, move_customer, remove_customer
from jike.apps.customers.models import Customer
from jike.apps.customers.queries import further_in_group, group_lines, group_path, subsidiaries_of
from jike.apps.customers.queries.group import group_below, group_of
from jike.foundation.audit import history_of
from jike.foundation.errors import Refused, RuleBroken
from tests.apps.customers.making import HEAD, a_customer
from tests.making import SYSTEM, a_unit, someone_with

MOVES = st.lists(st.tuples(st.integers(0, 4), st.none() | st.integers(0, 4)), max_size=8)


def paths_are_true() -> bool:
    """Whether every customer's ancestors are its parent's, and the parent."""
    known = {one.pk: one for one in Customer.objects.all()}
    return all(
        one.ancestors == ([*known[one.parent_id].ancestors, one.parent_id] if one.parent_id else [])
        for one in known.values()
    )


@pytest.fixture
def five(db) -> list[int]:
    """Ids of five customers."""
    unit = a_unit()
    return [a_customer(unit=unit).pk for _ in range(5)]


@given(MOVES)
@settings(max_examples=20)
def test_after_any_moves_paths_are_true_and_a_refused_move_changes_nothing(five, moves):
    for customer in Customer.objects.filter(parent__isnull=False):
        move_customer(customer, actor=SYSTEM, parent=None)
    for place, under in moves:
        customer = Customer.objects.get(pk=five[place])
        parent = None if under is None else Customer.objects.get(pk=five[under])
        below = {one.pk for one in group_below(customer)}
        if parent is not None and parent.pk in below:
            with pytest.raises(RuleBroken):
                move_customer(customer, actor=SYSTEM, parent=parent)
        else:
            move_customer(customer, actor=SYSTEM, parent=parent)
        assert paths_are_true()


@pytest.mark.django_db
def test_a_moved_customer_takes_everything_below_along():
    old, new = a_customer(), a_customer()
    middle = a_customer(parent=old)
    leaf = a_customer(parent=a_customer(parent=middle))
    move_customer(middle, actor=SYSTEM, parent=new)
    leaf.refresh_from_db()
    assert leaf.ancestors[:2] == [new.pk, middle.pk]
    assert group_of(leaf).count() == 4
    assert group_of(old).count() == 1
    assert history_of(middle, SYSTEM)[0].verb == "move"


@pytest.mark.django_db
def test_a_customer_moves_neither_under_itself_nor_under_what_lies_below_it():
    top = a_customer()
    leaf = a_customer(parent=a_customer(parent=top))
    for parent in (top, leaf):
        with pytest.raises(RuleBroken):
            move_customer(top, actor=SYSTEM, parent=parent)


@pytest.mark.django_db
def test_a_removed_customer_takes_nobody_in():
    parent = a_customer()
    remove_customer(parent, actor=SYSTEM)
    with pytest.raises(RuleBroken):
        move_customer(a_customer(), actor=SYSTEM, parent=parent)


@pytest.mark.django_db
def test_one_moves_only_customers_in_reach_and_under_parents_one_sees():
    home, elsewhere = a_unit(), a_unit()
    _, head = someone_with(HEAD, at=home)
    mine, foreign = a_customer(unit=home), a_customer(unit=elsewhere)
    with pytest.raises(Refused):
        move_customer(foreign, actor=head, parent=mine)
    with pytest.raises(Refused):
        move_customer(mine, actor=head, parent=foreign)


@pytest.mark.django_db
def test_the_drawn_group_is_in_order_and_hides_what_the_reader_may_not_see():
    home, elsewhere = a_unit(), a_unit()
    _, head = someone_with(HEAD, at=home)
    top = a_customer("顶", unit=home)
    hidden = a_customer("中", unit=elsewhere, parent=top)
    leaf = a_customer("底", unit=home, parent=hidden)
    lines = [(one.customer.name, one.depth, one.children) for one in group_lines(leaf, head)]
    assert lines == [("顶", 0, 1), ("底", 1, 0)]
    assert [one.name for one in group_path(leaf, head)] == ["顶"]
    assert [one.name for one in group_path(leaf, SYSTEM)] == ["顶", "中"]
    assert not subsidiaries_of(top, head).exists()


@pytest.mark.django_db
def test_a_group_may_be_very_deep():
    customer = a_customer()
    for _ in range(30):
        customer = a_customer(unit=customer.unit, parent=customer)
    assert len(customer.ancestors) == 30
    assert [line.depth for line in group_lines(customer, SYSTEM)] == list(range(31))


@pytest.mark.django_db
def test_a_large_group_is_drawn_from_the_top_with_the_way_down_to_the_customer():
    top = a_customer("顶")
    first, *_others = [a_customer(f"支{number}", unit=top.unit, parent=top) for number in range(5)]
    leaf = a_customer("底", unit=top.unit, parent=a_customer("末", unit=top.unit, parent=first))
    lines = group_lines(leaf, SYSTEM, limit=4)
    assert [one.customer.name for one in lines] == ["顶", "支0", "末", "底", "支1", "支2"]
    assert further_in_group(leaf, SYSTEM, shown=len(lines)) == 2


def test_two_moves_at_once_close_no_circle(committed_db):
    unit = a_unit()
    one, other = a_customer("甲", unit=unit), a_customer("乙", unit=unit)
    for _ in range(5):
        _at_once(partial(_move, one.pk, other.pk), partial(_move, other.pk, one.pk))
        assert paths_are_true()
        assert Customer.objects.filter(parent__isnull=False).count() == 1
        for row in Customer.objects.filter(parent__isnull=False):
            move_customer(row, actor=SYSTEM, parent=None)


def test_a_customer_added_below_one_that_moves_ends_up_with_a_true_path(committed_db):
    unit = a_unit()
    top, moving = a_customer(unit=unit), a_customer(unit=unit)
    for number in range(5):
        target = None if number % 2 else top.pk
        _at_once(partial(_move, moving.pk, target), partial(_add_below, moving.pk, f"新{number}"))
        assert paths_are_true()


def _add_below(number: int, name: str) -> None:
    parent = Customer.objects.select_related("unit").get(pk=number)
    add_customer(actor=SYSTEM, name=name, unit=parent.unit, parent=parent)


def _move(number: int, under: int | None) -> None:
    parent = None if under is None else Customer.objects.get(pk=under)
    try:
        move_customer(Customer.objects.get(pk=number), actor=SYSTEM, parent=parent)
    except RuleBroken:
        return


def _at_once(*works) -> None:
    ready, failed = threading.Barrier(len(works)), []

    def run(work) -> None:
        try:
            ready.wait()
            work()
        except BaseException as error:  # noqa: BLE001 — told by the test's own thread
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
