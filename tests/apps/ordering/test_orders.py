"""Orders from agreement to inventory: checked, split, worked through, held up, cancelled and escalated."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.apps.inventory.actions import run_month, terminate_product
from jike.apps.inventory.models import Product
from jike.apps.ordering.actions import (
    add_item,
    add_order,
    begin_step,
    cancel_order,
    change_item,
    escalate_order,
    fail_step,
    finish_step,
    hand_over_step,
    order_change,
    remove_item,
    remove_order,
    retry_step,
    submit_order,
)
from jike.apps.ordering.models import ProductOrder
from jike.apps.ordering.queries import items_of, progress_of, tasks_of
from jike.apps.ordering.rules import TASK_NEXT, ItemAction, TaskState
from jike.foundation.audit import changing, history_of
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken, Stale
from jike.foundation.models import Notice
from jike.values.period import add_months
from jike.values.rights import Breadth
from tests.apps.ordering.making import (
    MORNING,
    a_served_customer,
    an_agreement,
    an_order,
    at,
    open_tasks,
    work_through,
)
from tests.doing import together
from tests.making import SYSTEM, a_person, a_unit, someone_with

WORKING = dict.fromkeys(
    ("ordering.servicetask:view", "ordering.servicetask:change_state", "ordering.servicetask:hand_over"),
    Breadth.BELOW,
)
DAY = MORNING.date()


def states(order: ProductOrder) -> list[str]:
    return [task.state for task in tasks_of(order)]


@pytest.mark.django_db
def test_an_order_is_split_into_steps_and_ends_with_products_in_service_at_the_agreed_price():
    order = an_order(an_agreement(None, "broadband", "voice", price="200.00", quantity=3))
    assert (order.state, order.monthly_amount, order.promised_on) == (
        "running",
        Decimal("1200.00"),
        dt.date(2026, 3, 4),
    )
    assert [task.step for task in open_tasks(order)] == ["survey", "resource"]
    work_through(order)
    assert (order.state, order.completed_on) == ("completed", dt.date(2026, 3, 7))
    products = Product.objects.filter(customer=order.customer).order_by("id")
    assert [(one.state, one.quantity, one.monthly_amount) for one in products] == [
        ("active", 3, Decimal("600.00"))
    ] * 2
    assert {item.product_id for item in items_of(order)} == {one.pk for one in products}
    assert {item.state for item in items_of(order)} == {"completed"}
    assert progress_of([order])[order.pk].percent == 100


@pytest.mark.django_db
def test_steps_wait_for_those_before_and_two_may_run_beside_each_other():
    order = an_order()
    first = open_tasks(order)
    assert [task.step for task in first] == ["survey"]
    with pytest.raises(RuleBroken, match="cannot become"):
        begin_step(order.tasks.get(step="test"), actor=SYSTEM, at=at(1))
    for day, step in enumerate(("survey", "resource")):
        task = order.tasks.get(step=step)
        finish_step(begin_step(task, actor=SYSTEM, at=at(day)), actor=SYSTEM, at=at(day + 1))
    assert [task.step for task in open_tasks(order)] == ["construction", "configuration"]
    with pytest.raises(Invalid, match="before"):
        begin_step(order.tasks.get(step="construction"), actor=SYSTEM, at=at(1.5))


@pytest.mark.django_db
def test_a_failed_step_holds_the_order_until_it_is_tried_again():
    order = an_order()
    task = begin_step(open_tasks(order)[0], actor=SYSTEM, at=at(1))
    with pytest.raises(Invalid, match="why"):
        fail_step(task, actor=SYSTEM, fallout="  ")
    fail_step(task, actor=SYSTEM, fallout="机房无空闲端口")
    order.refresh_from_db()
    assert order.state == "held"
    assert Notice.objects.filter(person=order.owner.uid, topic="ordering.fallout").exists()
    retry_step(task, actor=SYSTEM)
    order.refresh_from_db()
    assert (order.state, task.state) == ("running", "ready")
    begin_step(task, actor=SYSTEM, at=at(2))
    assert task.attempts == 2
    assert work_through_from(order, task).state == "completed"


def work_through_from(order: ProductOrder, task) -> ProductOrder:
    finish_step(task, actor=SYSTEM, at=at(3))
    return work_through(order, day=4)


@pytest.mark.django_db
def test_a_retired_offering_and_a_second_order_of_the_same_are_refused():
    agreement = an_agreement()
    order = add_order(actor=SYSTEM, agreement=agreement)
    offering = items_of(order)[0].offering
    with changing(offering, actor=SYSTEM, verb="change"):
        offering.state = "retired"
    with pytest.raises(Invalid, match="no longer on sale"):
        submit_order(order, actor=SYSTEM, at=MORNING)
    with pytest.raises(RuleBroken, match="ordered already"):
        add_order(actor=SYSTEM, agreement=agreement)


@pytest.mark.django_db
def test_a_customer_long_and_deeply_in_arrears_orders_nothing_new_but_may_terminate():
    order = work_through(an_order(an_agreement(None, "voice")))
    for place in range(3):
        run_month(add_months(dt.date(2026, 3, 1), place), actor=SYSTEM, today=dt.date(2026, 11, 23))
    later = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
    another = add_order(actor=SYSTEM, agreement=an_agreement(order.customer))
    with pytest.raises(Invalid, match="in arrears"):
        submit_order(another, actor=SYSTEM, at=later)
    product = Product.objects.get(customer=order.customer)
    ending = order_change(product, actor=SYSTEM, action=ItemAction.TERMINATE, at=later)
    assert ending.state == "running"


@pytest.mark.django_db
def test_an_agreement_out_of_force_and_a_customer_without_certificate_are_refused_in_one_go():
    agreement = an_agreement(ends_on=dt.date(2026, 2, 28))
    customer = agreement.customer
    with changing(customer, actor=SYSTEM, verb="change"):
        customer.certificate_number = ""
    order = add_order(actor=SYSTEM, agreement=agreement)
    with pytest.raises(Invalid) as refused:
        submit_order(order, actor=SYSTEM, at=MORNING)
    assert len(refused.value.fields[""]) == 2


@pytest.mark.django_db
def test_products_are_modified_suspended_resumed_and_terminated_by_orders_only_in_their_states():
    product_order = work_through(an_order(an_agreement(None, "voice", price="100.00")))
    product = Product.objects.get(customer=product_order.customer)

    def ordered(action: ItemAction, day: float, **details) -> str:
        order = order_change(product, actor=SYSTEM, action=action, at=at(day), **details)
        work_through(order, day=day)
        product.refresh_from_db()
        return product.state

    assert ordered(ItemAction.MODIFY, 20, quantity=5) == "active"
    assert product.monthly_amount == Decimal("500.00")
    with pytest.raises(Invalid, match="greater than or equal to 1"):
        order_change(product, actor=SYSTEM, action=ItemAction.MODIFY, at=at(21), quantity=0)
    with pytest.raises(Invalid, match="Neither quantity nor price"):
        order_change(product, actor=SYSTEM, action=ItemAction.MODIFY, at=at(21))
    assert ordered(ItemAction.SUSPEND, 30) == "suspended"
    with pytest.raises(Invalid, match="in the state"):
        order_change(product, actor=SYSTEM, action=ItemAction.SUSPEND, at=at(35))
    assert ordered(ItemAction.RESUME, 40) == "active"
    assert ordered(ItemAction.TERMINATE, 50) == "terminated"
    for action in (ItemAction.SUSPEND, ItemAction.RESUME, ItemAction.TERMINATE):
        with pytest.raises(Invalid, match="in the state"):
            order_change(product, actor=SYSTEM, action=action, at=at(60))


@pytest.mark.django_db
def test_an_order_lowers_no_price_below_what_is_agreed():
    agreement = an_agreement(None, "voice", price="100.00")
    work_through(an_order(agreement))
    product = Product.objects.get(customer=agreement.customer)

    def ordered(price: str, day: float) -> ProductOrder:
        wanted = {"action": ItemAction.MODIFY, "monthly_price": Decimal(price), "at": at(day)}
        return order_change(product, actor=SYSTEM, **wanted)

    for price in ("99.99", "0"):
        with pytest.raises(Invalid, match="needs a quote"):
            ordered(price, 20)
    with pytest.raises(Invalid):
        ordered("-1", 20)
    work_through(ordered("120.00", 20), day=20)
    product.refresh_from_db()
    work_through(ordered("100.00", 40), day=40)
    product.refresh_from_db()
    assert product.monthly_price == Decimal("100.00")
    renewal = an_agreement(agreement.customer, "voice", price="80.00")
    with changing(renewal.agreement_lines.get(), actor=SYSTEM, verb="change") as line:
        line.offering = product.offering
    assert ordered("80.00", 60).state == "running"


@pytest.mark.django_db
def test_two_orders_of_one_product_are_not_under_way_at_once():
    order = work_through(an_order(an_agreement(None, "voice")))
    product = Product.objects.get(customer=order.customer)
    order_change(product, actor=SYSTEM, action=ItemAction.SUSPEND, at=at(20))
    with pytest.raises(Invalid, match="still under way"):
        order_change(product, actor=SYSTEM, action=ItemAction.TERMINATE, at=at(21))


@pytest.mark.django_db
def test_a_product_terminated_meanwhile_cannot_be_suspended_by_an_order_under_way():
    order = work_through(an_order(an_agreement(None, "voice")))
    product = Product.objects.get(customer=order.customer)
    pausing = order_change(product, actor=SYSTEM, action=ItemAction.SUSPEND, at=at(20))
    terminate_product(product, actor=SYSTEM, on=at(21).date())
    with pytest.raises(RuleBroken, match="cannot become"):
        work_through(pausing, day=22)
    product.refresh_from_db()
    assert product.state == "terminated"


@pytest.mark.django_db
def test_a_draft_is_put_together_and_thrown_away_but_not_changed_once_submitted():
    agreement = an_agreement(None, "voice", "broadband", quantity=4)
    order = add_order(actor=SYSTEM, agreement=agreement)
    first, second = items_of(order)
    change_item(first, actor=SYSTEM, quantity=1)
    remove_item(second, actor=SYSTEM)
    order.refresh_from_db()
    assert order.monthly_amount == Decimal("1000.00")
    with pytest.raises(Invalid):
        change_item(first, actor=SYSTEM, quantity=0)
    submit_order(order, actor=SYSTEM, at=MORNING)
    with pytest.raises(RuleBroken, match="submitted"):
        change_item(first, actor=SYSTEM, quantity=2)
    with pytest.raises(RuleBroken, match="draft"):
        remove_order(order, actor=SYSTEM)
    rest = add_order(actor=SYSTEM, agreement=agreement)
    assert [item.quantity for item in items_of(rest)] == [3, 4]
    with pytest.raises(Invalid, match="still holds"):
        add_item(rest, actor=SYSTEM, line=first.agreement_line, quantity=1)
        submit_order(rest, actor=SYSTEM, at=MORNING)


@pytest.mark.django_db
def test_cancelling_needs_a_reason_ends_all_steps_and_frees_what_was_ordered():
    order = an_order()
    with pytest.raises(Invalid, match="why"):
        cancel_order(order, actor=SYSTEM, reason="")
    cancel_order(order, actor=SYSTEM, reason="客户推迟搬迁")
    assert set(states(order)) == {"cancelled"}
    assert {item.state for item in items_of(order)} == {"cancelled"}
    with pytest.raises(RuleBroken, match="cannot become"):
        cancel_order(order, actor=SYSTEM, reason="再次")
    assert items_of(add_order(actor=SYSTEM, agreement=order.agreement))
    done = work_through(an_order(an_agreement(None, "voice")))
    with pytest.raises(RuleBroken):
        cancel_order(done, actor=SYSTEM, reason="迟了")


@pytest.mark.django_db
def test_an_overdue_order_is_escalated_by_a_superior_and_the_people_at_work_are_told():
    order = an_order(an_agreement(None, "broadband"))
    unit = a_unit()
    deliverer = a_person(unit)
    task = hand_over_step(open_tasks(order)[0], actor=SYSTEM, owner=deliverer)
    with pytest.raises(RuleBroken, match="overdue"):
        escalate_order(order, actor=SYSTEM, reason="请今日完成", at=at(1))
    _person, manager = someone_with({"ordering.productorder:view": Breadth.ALL}, at=unit)
    with pytest.raises(Refused):
        escalate_order(order, actor=manager, reason="请今日完成", at=at(10))
    head, superior = someone_with(
        dict.fromkeys(("ordering.productorder:view", "ordering.productorder:escalate"), Breadth.ALL), at=unit
    )
    escalate_order(order, actor=superior, reason="请今日完成", at=at(10))
    assert (order.escalated_by, task.owner) == (head, deliverer)
    told = Notice.objects.filter(topic="ordering.escalated").values_list("person", flat=True)
    assert set(told) == {deliverer.uid, order.owner.uid}


@pytest.mark.django_db
def test_who_works_on_a_step_carries_order_and_product_along_without_further_rights():
    delivery = a_unit()
    person, deliverer = someone_with(WORKING, at=delivery)
    order = an_order(an_agreement(None, "broadband"))
    _stranger, stranger = someone_with(WORKING, at=a_unit())
    for task in tasks_of(order):
        hand_over_step(task, actor=SYSTEM, owner=person)
    with pytest.raises(Refused):
        begin_step(open_tasks(order)[0], actor=stranger, at=at(1))
    work_through(order, actor=deliverer)
    product = Product.objects.get(customer=order.customer)
    assert history_of(product, SYSTEM)[-1].actor == person.uid


@pytest.mark.django_db
def test_a_stale_step_and_a_step_handed_to_somebody_who_left_are_refused():
    order = an_order()
    task = open_tasks(order)[0]
    version = task.version
    begin_step(task, actor=SYSTEM, at=at(1))
    with pytest.raises(Stale):
        finish_step(task, actor=SYSTEM, at=at(2), version=version)
    with pytest.raises(RuleBroken, match="sign in"):
        hand_over_step(task, actor=SYSTEM, owner=a_person(a_unit(), is_active=False))


@pytest.mark.django_db
@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from("bfxrc")), max_size=16))
def test_whatever_is_tried_steps_move_along_their_table_and_the_order_follows(tried):
    order = an_order(an_agreement(None, "broadband"))
    for place, (number, act) in enumerate(tried):
        tasks = tasks_of(order)
        task = tasks[number % len(tasks)]
        before = TaskState(task.state)
        try:
            match act:
                case "b":
                    begin_step(task, actor=SYSTEM, at=at(1 + place))
                case "f":
                    finish_step(task, actor=SYSTEM, at=at(1 + place))
                case "x":
                    fail_step(task, actor=SYSTEM, fallout="无端口")
                case "r":
                    retry_step(task, actor=SYSTEM)
                case _:
                    cancel_order(order, actor=SYSTEM, reason="撤单")
        except RuleBroken:
            pass
        task.refresh_from_db()
        after = TaskState(task.state)
        assert after is before or after in TASK_NEXT[before]
        order.refresh_from_db()
        now = states(order)
        assert (order.state == "held") == ("failed" in now)
        assert (order.state == "completed") == (set(now) == {"done"})
        assert Product.objects.filter(customer=order.customer).exists() == (order.state == "completed")


def test_two_who_finish_one_step_at_once_finish_it_once(committed_db):
    order = an_order(an_agreement(None, "group_payment"))
    task = begin_step(open_tasks(order)[0], actor=SYSTEM, at=at(1))
    copies = [type(task).objects.get(pk=task.pk) for _ in range(2)]
    answers = together(*(lambda one=one: finish_step(one, actor=SYSTEM, at=at(2)) for one in copies))
    assert sum(isinstance(answer, RuleBroken) for answer in answers) == 1


def test_two_orders_at_once_cannot_both_take_the_last_piece_of_an_agreement(committed_db):
    agreement = an_agreement(a_served_customer(), "voice")
    orders = [add_order(actor=SYSTEM, agreement=agreement)]
    line = agreement.agreement_lines.get()
    cancel_order(orders[0], actor=SYSTEM, reason="改单")
    orders = [add_order(actor=SYSTEM, agreement=agreement)]
    with pytest.raises(RuleBroken):
        add_order(actor=SYSTEM, agreement=agreement)
    answers = together(
        *[lambda: submit_order(ProductOrder.objects.get(pk=orders[0].pk), actor=SYSTEM, at=MORNING)] * 2
    )
    assert sum(isinstance(answer, RuleBroken | NotFound) for answer in answers) == 1
    assert line.order_items.filter(state="running").count() == 1
