"""Bills: computed from charge periods by days, the same however often, settled by payments; customers' figures."""

import datetime as dt
from decimal import Decimal
from functools import partial

import pytest
from django.db.models import Count, Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.apps.customers.models import Customer, CustomerMonth
from jike.apps.inventory.actions import (
    add_bill,
    add_payment,
    change_bill,
    modify_product,
    refresh_figures,
    resume_product,
    reverse_payment,
    run_month,
    suspend_product,
    terminate_product,
    welcome_customer,
)
from jike.apps.inventory.models import Bill, BillingAccount, BillLine, ChargePeriod, Payment, Product
from jike.apps.inventory.queries import ages_of, arrears_of, billed_months, in_deep_arrears
from jike.apps.inventory.rules import Charged, charge, settle
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.values.period import add_months
from jike.values.rights import Breadth
from tests.apps.customers.making import a_customer
from tests.apps.inventory.making import START, a_product
from tests.doing import together
from tests.making import SYSTEM, a_person, a_unit, someone_with

MARCH = dt.date(2026, 3, 1)
TODAY = dt.date(2026, 11, 23)
STEPS = st.lists(
    st.tuples(st.sampled_from(["modify", "suspend", "resume", "terminate"]), st.integers(0, 25)), max_size=8
)


def bill_of(customer: Customer, month: dt.date) -> Bill:
    return Bill.objects.get(customer=customer, month=month)


@pytest.mark.django_db
def test_a_month_is_billed_by_days_and_its_lines_sum_to_the_bill():
    customer = a_customer()
    whole, part = (
        a_product(customer, price="310.00"),
        a_product(customer, price="999.99", on=dt.date(2026, 3, 22)),
    )
    run = run_month(MARCH, actor=SYSTEM, today=TODAY)
    assert (run.lines, run.bills, run.amount) == (2, 1, Decimal("632.58"))
    lines = {line.product_id: (line.days, line.amount) for line in BillLine.objects.filter(customer=customer)}
    assert lines == {whole.pk: (31, Decimal("310.00")), part.pk: (10, Decimal("322.58"))}
    bill = bill_of(customer, MARCH)
    assert (bill.amount, bill.owed, bill.state, bill.due_on) == (
        Decimal("632.58"),
        Decimal("632.58"),
        "open",
        dt.date(2026, 4, 25),
    )


def months_live() -> list[tuple[object, ...]]:
    """Return each month's bills, amount and what is owed, added up from the bills."""
    rows = Bill.objects.filter(removed_at=None).order_by("-month").values_list("month")
    return list(rows.annotate(Count("pk"), Sum("amount"), Sum("owed")))


@pytest.mark.django_db
def test_the_sums_kept_of_a_month_equal_its_bills_whatever_happens_to_them():
    april, customers = add_months(MARCH, 1), [a_customer() for _ in range(3)]
    products = [a_product(one, price=f"{place + 1}00.10") for place, one in enumerate(customers)]
    for month in (MARCH, april):
        run_month(month, actor=SYSTEM, today=TODAY)
    assert [tuple(one) for one in billed_months()] == months_live() != []
    account = BillingAccount.objects.get(customer=customers[0])
    paid = add_payment(actor=SYSTEM, account=account, amount=Decimal("150.15"))
    assert [tuple(one) for one in billed_months()] == months_live()
    assert billed_months()[1].owed == Decimal("500.20")
    reverse_payment(paid, actor=SYSTEM, reason="错账")
    assert [tuple(one) for one in billed_months()] == months_live()
    add_payment(actor=SYSTEM, account=account, amount=Decimal(900))
    terminate_product(products[1], actor=SYSTEM, on=dt.date(2026, 3, 11))
    for month in (MARCH, april, add_months(MARCH, 2)):
        run_month(month, actor=SYSTEM, today=TODAY)
    assert [tuple(one) for one in billed_months()] == months_live()
    assert len(billed_months()) == 3


def test_payments_at_the_same_moment_leave_the_sums_of_the_month_right(committed_db):
    customers = [a_customer() for _ in range(2)]
    for one in customers:
        a_product(one, price="100.00")
    run_month(MARCH, actor=SYSTEM, today=TODAY)
    accounts = [BillingAccount.objects.get(customer=one) for one in customers]
    acts = [partial(add_payment, actor=SYSTEM, account=one, amount=Decimal(40)) for one in accounts]
    again = partial(run_month, MARCH, actor=SYSTEM, today=TODAY)
    together(*acts, again)
    assert [tuple(one) for one in billed_months()] == months_live() == [(MARCH, 2, 200, 120)]


@pytest.mark.django_db
def test_one_off_prices_are_billed_once_in_the_month_of_activation():
    product = a_product(price="100.00", one_off_price=Decimal("888.00"), on=MARCH)
    run_month(MARCH, actor=SYSTEM, today=TODAY)
    run_month(add_months(MARCH, 1), actor=SYSTEM, today=TODAY)
    kinds = BillLine.objects.filter(product=product).order_by("month", "kind").values_list("month", "kind")
    assert list(kinds) == [(MARCH, "monthly"), (MARCH, "one_off"), (add_months(MARCH, 1), "monthly")]


@pytest.mark.django_db
def test_a_month_run_twice_changes_nothing_and_writes_nothing_double():
    customer = a_customer()
    for place in range(3):
        a_product(customer, price=f"{place + 1}00.10")
    first = run_month(MARCH, actor=SYSTEM, today=TODAY)
    before = list(BillLine.objects.order_by("product_id").values_list("product_id", "amount", "batch"))
    second = run_month(MARCH, actor=SYSTEM, today=TODAY)
    assert first._replace(written=0) == second
    assert (
        list(BillLine.objects.order_by("product_id").values_list("product_id", "amount", "batch")) == before
    )
    assert Bill.objects.filter(customer=customer).count() == 1


@pytest.mark.django_db
def test_what_happens_later_does_not_change_a_month_run_again():
    product = a_product(price="500.00")
    run_month(MARCH, actor=SYSTEM, today=TODAY)
    modify_product(product, actor=SYSTEM, on=dt.date(2026, 5, 1), quantity=2, monthly_price=Decimal(700))
    terminate_product(product, actor=SYSTEM, on=dt.date(2026, 6, 1))
    assert run_month(MARCH, actor=SYSTEM, today=TODAY).written == 0
    assert bill_of(product.customer, MARCH).amount == Decimal("500.00")


@pytest.mark.django_db
def test_a_run_corrects_a_month_whose_periods_were_corrected():
    product = a_product(price="310.00")
    run_month(MARCH, actor=SYSTEM, today=TODAY)
    suspend_product(product, actor=SYSTEM, on=dt.date(2026, 3, 11))
    assert run_month(MARCH, actor=SYSTEM, today=TODAY).amount == Decimal("100.00")
    bill = bill_of(product.customer, MARCH)
    assert (bill.amount, bill.owed, bill.version) == (Decimal("100.00"), Decimal("100.00"), 2)


@pytest.mark.django_db
def test_a_month_that_is_not_over_and_a_day_within_a_month_are_refused():
    for month in (dt.date(2026, 11, 1), dt.date(2027, 1, 1), dt.date(2026, 3, 2)):
        with pytest.raises(RuleBroken, match="over"):
            run_month(month, actor=SYSTEM, today=TODAY)


@pytest.mark.django_db
def test_only_finance_runs_months_and_takes_in_money():
    product = a_product()
    _person, manager = someone_with({"inventory.product:view": Breadth.ALL}, at=a_unit())
    with pytest.raises(Refused):
        run_month(MARCH, actor=manager, today=TODAY)
    with pytest.raises(Refused):
        add_payment(actor=manager, account=product.account, amount=Decimal(1))


@pytest.mark.django_db
def test_payments_settle_the_oldest_bill_first_and_what_is_left_over_pays_the_next_month():
    product = a_product(price="100.00")
    account: BillingAccount = product.account
    for place in range(3):
        run_month(add_months(START, place), actor=SYSTEM, today=TODAY)
    add_payment(actor=SYSTEM, account=account, amount=Decimal("150.00"))
    paid = Bill.objects.filter(account=account).order_by("month").values_list("paid", "state")
    assert list(paid) == [(Decimal(100), "paid"), (Decimal(50), "part"), (Decimal(0), "open")]
    add_payment(actor=SYSTEM, account=account, amount=Decimal("200.00"))
    account.refresh_from_db()
    assert account.credit == Decimal("50.00")
    run_month(add_months(START, 3), actor=SYSTEM, today=TODAY)
    account.refresh_from_db()
    assert (account.credit, bill_of(product.customer, add_months(START, 3)).owed) == (Decimal(0), Decimal(50))


@pytest.mark.django_db
def test_a_reversed_payment_counts_no_more_and_cannot_be_reversed_again():
    product = a_product(price="100.00")
    run_month(START, actor=SYSTEM, today=TODAY)
    payment = add_payment(actor=SYSTEM, account=product.account, amount=Decimal(100), reference="B1")
    with pytest.raises(Invalid, match="reference"):
        add_payment(actor=SYSTEM, account=product.account, amount=Decimal(100), reference="B1")
    with pytest.raises(Invalid, match="why"):
        reverse_payment(payment, actor=SYSTEM, reason=" ")
    reverse_payment(payment, actor=SYSTEM, reason="入错账户")
    assert bill_of(product.customer, START).owed == Decimal(100)
    with pytest.raises(RuleBroken, match="already"):
        reverse_payment(payment, actor=SYSTEM, reason="again")


@pytest.mark.django_db
def test_amounts_of_nothing_or_less_and_days_to_come_are_refused():
    account = a_product().account
    for amount in ("0", "-5"):
        with pytest.raises(Invalid):
            add_payment(actor=SYSTEM, account=account, amount=Decimal(amount))
    with pytest.raises(Invalid, match="ahead"):
        add_payment(actor=SYSTEM, account=account, amount=Decimal(1), received_on=dt.date(2099, 1, 1))


@pytest.mark.django_db
def test_arrears_have_an_age_and_bar_orders_when_long_and_deep():
    product = a_product(price="100.00")
    for place in range(3):
        run_month(add_months(START, place), actor=SYSTEM, today=TODAY)
    customer = product.customer
    found = arrears_of(customer, today=dt.date(2026, 4, 24))
    assert (found.owed, found.since, found.days) == (Decimal(200), dt.date(2026, 2, 25), 58)
    assert ages_of(list(Bill.objects.all()), today=dt.date(2026, 4, 24)) == [30 * 0 + 100, 100, 0, 0]
    assert not in_deep_arrears(customer, today=dt.date(2026, 4, 24))
    assert in_deep_arrears(customer, today=dt.date(2026, 5, 27))


@pytest.mark.django_db
def test_customers_figures_follow_from_bills_and_payments():
    product = a_product(price="100.00")
    customer = product.customer
    for place in range(3):
        month = add_months(START, place)
        run_month(month, actor=SYSTEM, today=TODAY)
        refresh_figures(month, actor=SYSTEM, today=dt.date(2026, 4, 2))
    customer.refresh_from_db()
    assert (customer.monthly_revenue, customer.lines, customer.arrears) == (Decimal(100), 1, Decimal(200))
    add_payment(actor=SYSTEM, account=product.account, amount=Decimal("150.00"), received_on=TODAY)
    for place in range(3):
        refresh_figures(add_months(START, place), actor=SYSTEM, today=TODAY)
    months = CustomerMonth.objects.filter(customer=customer).order_by("month")
    assert list(months.values_list("revenue", "arrears")) == [(100, 0), (100, 100), (100, 150)]


@pytest.mark.django_db
@settings(max_examples=8, deadline=None)
@given(STEPS, st.integers(0, 99999), st.integers(0, 300_000))
def test_whatever_happens_to_a_product_bills_agree_with_the_rule_and_no_money_is_lost(steps, fen, received):
    product, day = a_product(price=f"{Decimal(fen).scaleb(-2)}"), START
    for step, days in steps:
        day += dt.timedelta(days=days)
        state = product.state
        try:
            if step == "modify":
                modify_product(product, actor=SYSTEM, on=day, quantity=2, monthly_price=Decimal("77.77"))
            else:
                acts = {"suspend": suspend_product, "resume": resume_product, "terminate": terminate_product}
                acts[step](product, actor=SYSTEM, on=day)
        except RuleBroken:
            product.refresh_from_db()
            assert product.state == state
    months = [add_months(START, place) for place in range(4)]
    if received:
        add_payment(actor=SYSTEM, account=product.account, amount=Decimal(received).scaleb(-2))
    for month in months:
        run_month(month, actor=SYSTEM, today=TODAY)
    periods = ChargePeriod.objects.filter(product=product)
    told = [Charged(one.starts_on, one.ends_on, one.monthly_amount) for one in periods]
    expected = [charge(month, told) for month in months]
    lines = {line.month: (line.amount, line.days) for line in BillLine.objects.filter(product=product)}
    assert [lines.get(month, (Decimal(0), 0)) for month in months] == expected
    bills = list(Bill.objects.filter(account=product.account).order_by("month"))
    paid, credit = settle([bill.amount for bill in bills], Decimal(received).scaleb(-2))
    account = BillingAccount.objects.get(pk=product.account_id)
    assert ([bill.paid for bill in bills], account.credit) == (paid, credit)


def test_two_runs_of_one_month_at_once_write_every_line_once(committed_db):
    for _ in range(4):
        a_product()
    runs = together(*[lambda: run_month(MARCH, actor=SYSTEM, today=TODAY)] * 2)
    assert sorted(run.written for run in runs) == [0, 8]
    assert (BillLine.objects.count(), Bill.objects.count(), Product.objects.count()) == (4, 4, 4)


def test_two_payments_with_one_bank_reference_at_once_come_in_once(committed_db):
    account = a_product().account
    pay = lambda: add_payment(actor=SYSTEM, account=account, amount=Decimal(7), reference="R1")  # noqa: E731
    answers = together(pay, pay)
    assert sum(isinstance(answer, RuleBroken) for answer in answers) == 1
    assert Payment.objects.count() == 1


@pytest.mark.django_db
def test_a_customer_whose_product_goes_into_service_becomes_active_once():
    unit = a_unit()
    customer = a_customer(unit=unit, owner=a_person(unit), certificate_number="Z-1")
    product = a_product(customer)
    for _again in range(2):
        welcome_customer(str(product.uid))
    customer.refresh_from_db()
    assert (customer.state, customer.state_since) == ("active", START)


@pytest.mark.django_db
def test_bills_are_not_written_by_hand():
    product = a_product()
    run_month(START, actor=SYSTEM, today=TODAY)
    with pytest.raises(RuleBroken, match="run the month"):
        change_bill(bill_of(product.customer, START), actor=SYSTEM, amount=Decimal(1))
    with pytest.raises(RuleBroken, match="run the month"):
        add_bill(actor=SYSTEM, amount=Decimal(1))
