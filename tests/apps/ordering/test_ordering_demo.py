"""The demo's chain holds: bills follow products, products orders, orders agreements; no event before its cause."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import F, Q, Sum
from django.utils import timezone

from jike.apps.customers.models import CustomerMonth
from jike.apps.inventory.actions import run_month
from jike.apps.inventory.models import Bill, BillingAccount, BillLine, ChargePeriod, Payment, Product
from jike.apps.inventory.rules import Charged, LineKind, charge, settle
from jike.apps.ordering.demo import steps
from jike.apps.ordering.models import OrderItem, ProductOrder, ServiceTask
from jike.apps.quoting.models import AgreementLine
from jike.foundation.audit import changing
from tests.apps.ordering.making import a_served_customer, an_agreement
from tests.making import SYSTEM, a_person, a_post, a_role, a_unit

DAY = dt.timedelta(days=1)
FAMILIES = ("circuit", "broadband", "voice", "idc", "cloud", "iot", "messaging", "ict", "group_payment")


def quiet(rows: int) -> None:
    """Nobody watches."""


def a_small_world() -> None:
    """Agreements of all families, signed over two years; customers who went or rest; an ended and a renewed one."""
    today, unit = timezone.localdate(), a_unit()
    role = a_role({})
    with changing(role, actor=SYSTEM, verb="change"):
        role.code = "delivery_manager"
    a_post(a_person(unit), role)
    for place in range(14):
        customer = a_served_customer(unit=unit)
        signed = today - (720 - place * 55) * DAY
        state = {3: "lost", 5: "silent"}.get(place, "active")
        with changing(customer, actor=SYSTEM, verb="change"):
            customer.state, customer.state_since = state, today - 90 * DAY
        families = (FAMILIES[place % 9], FAMILIES[(place * 4 + 1) % 9])
        ended = {"state": "ended", "ends_on": today - 120 * DAY} if place == 1 else {}
        agreement = an_agreement(
            customer,
            *families,
            price=f"{300 + place * 77}.50",
            quantity=place % 3 + 1,
            starts_on=signed,
            **ended,
        )
        if place == 2:
            renew(agreement, today - 200 * DAY)
    for step in steps("demo"):
        step.run(quiet)


def renew(agreement, day: dt.date) -> None:
    renewal = an_agreement(agreement.customer, starts_on=day, previous=agreement)
    renewal.agreement_lines.get().delete()
    with changing(agreement, actor=SYSTEM, verb="change"):
        agreement.state = "renewed"
    for line in agreement.agreement_lines.all():
        copy = AgreementLine(
            agreement=renewal,
            position=line.position,
            offering=line.offering,
            quantity=line.quantity + 1,
            list_price=line.price,
            price=line.price,
        )
        copy.save()


@pytest.fixture
def world(db):
    a_small_world()


def test_the_whole_chain_is_consistent_in_time_and_money(world):
    orders_follow_agreements()
    steps_follow_their_order()
    products_follow_orders()
    bills_follow_products()
    payments_follow_bills()
    figures_follow_bills()
    months_again_change_nothing()


def orders_follow_agreements() -> None:
    orders = ProductOrder.objects.select_related("agreement")
    assert orders.count() >= 14
    for order in orders:
        assert order.agreement.customer_id == order.customer_id
        assert timezone.localdate(order.submitted_at) >= order.agreement.signed_on
        assert order.completed_on is None or order.completed_on >= timezone.localdate(order.submitted_at)
    lines = AgreementLine.objects.annotate(
        ordered=Sum("order_items__quantity", filter=Q(order_items__action="add"))
    )
    assert all(line.ordered is None or line.ordered <= line.quantity for line in lines)


def steps_follow_their_order() -> None:
    now = timezone.now()
    by_item: dict[int, dict[str, ServiceTask]] = {}
    for task in ServiceTask.objects.select_related("order"):
        by_item.setdefault(task.item_id, {})[task.step] = task
    for steps_of_item in by_item.values():
        for task in steps_of_item.values():
            for moment in (task.started_at, task.finished_at):
                assert moment is None or task.order.submitted_at <= moment <= now
            before = [steps_of_item[step] for step in task.after]
            assert task.started_at is None or all(one.finished_at <= task.started_at for one in before)
            assert (task.state == "waiting") == any(one.state != "done" for one in before)
    for order in ProductOrder.objects.all():
        done = set(order.tasks.values_list("state", flat=True)) == {"done"}
        assert (order.state == "completed") == done


def products_follow_orders() -> None:
    for product in Product.objects.select_related("agreement_line__agreement"):
        item = OrderItem.objects.get(product=product, action="add")
        rent = ServiceTask.objects.get(item=item, step="rent_start")
        assert timezone.localdate(rent.finished_at) == product.started_on
        assert item.monthly_price == product.agreement_line.price
        assert product.started_on >= product.agreement_line.agreement.signed_on
        ended = OrderItem.objects.filter(product=product, action="terminate", tasks__step="rent_end").exclude(
            tasks__finished_at=None
        )
        assert (product.state == "terminated") == ended.exists()
    added = OrderItem.objects.filter(action="add", state="completed")
    assert not added.filter(product=None).exists()


def bills_follow_products() -> None:
    periods: dict[int, list[Charged]] = {}
    for one in ChargePeriod.objects.all():
        periods.setdefault(one.product_id, []).append(Charged(one.starts_on, one.ends_on, one.monthly_amount))
    monthly = BillLine.objects.filter(kind=LineKind.MONTHLY)
    assert monthly.count() > 100
    for line in monthly:
        assert charge(line.month, periods[line.product_id]) == (line.amount, line.days)
    sums = {
        (one["account_id"], one["month"]): one["sum"]
        for one in BillLine.objects.values("account_id", "month").annotate(sum=Sum("amount")).order_by()
    }
    assert {(bill.account_id, bill.month): bill.amount for bill in Bill.objects.all()} == sums


def payments_follow_bills() -> None:
    today = timezone.localdate()
    assert not Payment.objects.filter(received_on__gt=today).exists()
    for account in BillingAccount.objects.all():
        bills = list(Bill.objects.filter(account=account).order_by("month"))
        received = Payment.objects.filter(account=account, state="received").aggregate(sum=Sum("amount"))[
            "sum"
        ]
        paid, credit = settle([bill.amount for bill in bills], received or Decimal(0))
        assert ([bill.paid for bill in bills], account.credit) == (paid, credit)
        first = Payment.objects.filter(account=account).order_by("received_on").first()
        assert first is None or first.received_on > bills[0].month


def figures_follow_bills() -> None:
    revenue = BillLine.objects.values("customer_id", "month").annotate(sum=Sum("amount")).order_by()
    expected = {(one["customer_id"], one["month"]): one["sum"] for one in revenue}
    noted = CustomerMonth.objects.filter(revenue__gt=0)
    assert {(one.customer_id, one.month): one.revenue for one in noted} == expected
    last = max(month for _customer, month in expected)
    owing = Bill.objects.filter(owed__gt=0, due_on__lt=timezone.localdate()).values("customer_id")
    owed = {one["customer_id"]: one["sum"] for one in owing.annotate(sum=Sum("owed")).order_by()}
    assert {
        one.customer_id: one.arrears for one in CustomerMonth.objects.filter(month=last, arrears__gt=0)
    } == owed
    changed = CustomerMonth.objects.filter(month=last).exclude(customer__monthly_revenue=F("revenue"))
    assert not changed.exists()


def months_again_change_nothing() -> None:
    for month in Bill.objects.values_list("month", flat=True).distinct():
        assert run_month(month, actor=SYSTEM).written == 0


def test_made_twice_the_demo_is_made_once(world):
    before = (ProductOrder.objects.count(), Payment.objects.count(), BillLine.objects.count())
    for step in steps("demo"):
        step.run(quiet)
    assert (ProductOrder.objects.count(), Payment.objects.count(), BillLine.objects.count()) == before
