"""A large province: the demo organisation and catalogue, and upon them customers with all that hangs on them.

One customer with everything is made by the actions; the rest are copies that differ in owner, unit, state, dates and
amounts, in shares that a province shows: a twentieth of the opportunities is open, a hundredth of the tickets runs.
"""

import datetime as dt
import itertools
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from benchmarks.ground.run import Report
from benchmarks.loop.copying import Copies, Cursor, copy_rows, owner_cursor, tidy
from jike.apps.organisation.models import Person
from jike.foundation.demo import Step

__all__ = ["ALL_MONTHS", "EACH", "FEW_MONTHS", "WRITTEN", "make", "tidy_written"]

FEW_MONTHS, ALL_MONTHS = 4, 12
"""Known of each customer: all where the figures of customers are refreshed, which takes a minute more to make."""
CUSTOMERS = "customers_customer"
EACH = {
    "opportunities": 2,
    "agreements": 0.3,
    "orders": 0.3,
    "products": 3,
    "tickets": 2,
    "key persons": 1,
    "visits": 0.5,
}
"""How many of each there are for one customer."""
DELIVERER = "DM001"
STEPS = ("survey", "resource", "construction", "configuration", "test", "first_acceptance")
WRITTEN = (
    *("analytics_earlywarning", "analytics_portfoliomonth", "analytics_unitmonth", "foundation_notice"),
    *("inventory_bill", "inventory_billline", "inventory_billmonth", "customers_customermonth", CUSTOMERS),
)
"""Tables that the night and the bills write."""


def make(report: Report, database: str, *, customers: int, today: dt.date, months: int = FEW_MONTHS) -> None:
    """Fill the database; the time it takes is told, since it says what a loading of such a province costs."""
    begun = time.perf_counter()
    first = _first_rows(today)
    with owner_cursor(database) as cursor:
        _places(cursor)
        copy_rows(
            cursor, Copies(CUSTOMERS, customers, _customer(customers)), customers=customers, first=first
        )
        tidy(cursor, CUSTOMERS)

    def make_some(some: Sequence[Copies]) -> None:
        with owner_cursor(database) as cursor:
            for copies in some:
                copy_rows(cursor, copies, customers=customers, first=first)
            if some is not streams[0]:
                _months(cursor, today, months)
            tidy(cursor, *(one.table for one in some))

    # One stream for each of two cores; within a stream the tables come in the order in which they need each other.
    streams = _copies(customers, today)
    with ThreadPoolExecutor(len(streams)) as pool:
        list(pool.map(make_some, streams))
    report.figure("making the province", round(time.perf_counter() - begun, 1), "s")


def _first_rows(today: dt.date) -> dict[str, int]:
    """Make organisation, catalogue and one customer with everything; return the ids that the copies count from."""
    from jike.apps.analytics.actions import install_rules
    from jike.apps.catalogue import demo as catalogue
    from jike.apps.catalogue.models import ProductOffering
    from jike.apps.customers.actions import add_customer, add_key_person
    from jike.apps.inventory.actions import activate_product
    from jike.apps.ordering.actions import add_order, submit_order
    from jike.apps.organisation import demo as organisation
    from jike.apps.organisation.models import Post
    from jike.apps.sales.actions import add_opportunity, plan_visit
    from jike.apps.servicedesk.actions import open_ticket
    from tests.apps.ordering.making import an_agreement
    from tests.making import SYSTEM

    _run_steps(organisation.steps("archive"), catalogue.steps("demo"))
    post = Post.objects.select_related("person", "unit").get(
        person__staff_no="AM001", role__code="account_manager"
    )
    customer = add_customer(
        actor=SYSTEM, name="岚屿集团", unit=post.unit, owner=post.person, certificate_number="Z0"
    )
    person = add_key_person(actor=SYSTEM, customer=customer, name="江屿川")
    deal = add_opportunity(
        actor=SYSTEM, customer=customer, name="双路由专线", owner=post.person, monthly_amount=Decimal(5000)
    )
    span = {"starts_on": today - dt.timedelta(days=400), "ends_on": today + dt.timedelta(days=330)}
    agreement = an_agreement(customer, **span)
    line = agreement.agreement_lines.get()
    order = submit_order(add_order(actor=SYSTEM, agreement=agreement), actor=SYSTEM, deliverer=_deliverer())
    offering = ProductOffering.objects.earliest("id")
    product = activate_product(
        actor=SYSTEM,
        customer=customer,
        offering=offering,
        on=today - dt.timedelta(days=400),
        quantity=1,
        monthly_price=Decimal(100),
    )
    open_ticket(actor=SYSTEM, customer=customer, title="专线时断时续", ticket_type="complaint")
    plan_visit(actor=SYSTEM, customer=customer, owner=post.person, purpose="回访", planned_at=_nine(today))
    install_rules(actor=SYSTEM)
    made = {"customer": customer, "person": person, "deal": deal, "agreement": agreement, "line": line}
    made |= {"orders": order, "item": order.items.get(), "product": product, "offering": offering}
    return {name: row.pk for name, row in made.items()} | {"account": product.account_id}


def _run_steps(*steps: Sequence[Step]) -> None:
    for step in itertools.chain(*steps):
        step.run(lambda rows: None)


def _deliverer() -> Person:
    return Person.objects.get(staff_no=DELIVERER)


def _nine(day: dt.date) -> dt.datetime:
    """Return nine o'clock in China."""
    return dt.datetime.combine(day, dt.time(1), tzinfo=dt.UTC)


def _places(cursor: Cursor) -> None:
    """Number the posts of the account managers from 0."""
    cursor.execute(
        "CREATE TABLE bench_place AS SELECT (row_number() OVER (ORDER BY post.person_id))::int - 1 AS number,"
        " post.person_id AS owner_id, post.unit_id, left(unit.code, 6) AS region"
        " FROM organisation_post AS post JOIN organisation_role AS role ON role.id = post.role_id"
        " JOIN organisation_unit AS unit ON unit.id = post.unit_id"
        " WHERE role.code = 'account_manager' AND post.removed_at IS NULL"
    )
    cursor.execute("ANALYZE bench_place")


OWNED = {"owner_id": "place.owner_id", "unit_id": "place.unit_id"}
THEIRS = {"customer_id": "first.customer + c"}


def _copies(customers: int, today: dt.date) -> tuple[list[Copies], list[Copies]]:
    """Return what hangs on customers, in two parts that do not need each other."""
    day = f"DATE '{today}'"
    many = {name: round(customers * each) for name, each in EACH.items()}
    birthday = {
        "birthday": "DATE '1970-01-01' + (n * 13 % 9000)::int",
        "name": "'江' || n",
        "name_key": "'jiang' || n",
    }
    line = {"agreement_id": "first.agreement + n", "price": "100 + n % 997"}
    deals = [
        Copies("sales_opportunity", many["opportunities"], _opportunity(day)),
        Copies("servicedesk_ticket", many["tickets"], _ticket()),
        Copies("sales_visit", many["visits"], _visit(day)),
        Copies("quoting_agreement", many["agreements"], _agreement(day)),
        Copies("quoting_agreementline", many["agreements"], line),
        *_orders(many["orders"], day),
    ]
    products = [
        Copies("inventory_billingaccount", customers, {**THEIRS, "code": "'ZH' || n"}),
        *_products(many["products"], day),
        Copies("customers_keyperson", many["key persons"], {**THEIRS, **birthday}),
    ]
    return deals, products


def _customer(customers: int) -> dict[str, str]:
    """Nine of ten bring what their products cost, so that the bills of the next month change the figures of a tenth."""
    billed = (
        f"(300 + n % 997 + (n + {customers}) % 997 + (n + {2 * customers}) % 997"
        " + CASE WHEN n % 10 = 0 THEN 50 ELSE 0 END)"
    )
    return {
        **OWNED,
        "certificate_number": "'Z' || n",
        "code": "'B' || n",
        "name": "'岚屿集团' || n",
        "name_key": "'lanyu' || lpad(n::text, 8, '0')",
        "region": "place.region",
        "state": "CASE n % 20 WHEN 0 THEN 'lost' WHEN 1 THEN 'silent' WHEN 2 THEN 'potential' ELSE 'active' END",
        "grade": "(ARRAY['A1', 'A2', 'B1', 'B2', 'C', 'C', 'D', 'D', 'D', 'D'])[1 + n % 10]",
        "health": "40 + n * 7 % 61",
        "monthly_revenue": billed,
        "lines": "3",
        "arrears": f"CASE WHEN n % 40 = 0 THEN 3 * {billed} ELSE 0 END",
        "revenue_trend": (
            f"array_fill({billed}::numeric(14, 2), ARRAY[9])"
            f" || array_fill(({billed} / CASE WHEN n % 100 = 0 THEN 2 ELSE 1 END)::numeric(14, 2), ARRAY[3])"
        ),
        "next_step_on": "CURRENT_DATE + (n % 60)::int",
    }


def _opportunity(day: str) -> dict[str, str]:
    """A twentieth is open; of the rest two fifths are won."""
    stage = (
        "(CASE WHEN n % 20 = 0 THEN (ARRAY['need', 'solution', 'negotiation', 'signing'])[1 + n / 20 % 4]"
        " WHEN n % 5 < 2 THEN 'won' ELSE 'lost' END)"
    )
    return {
        **THEIRS,
        **OWNED,
        "code": "'SJ' || n",
        "name": "'专线扩容' || n",
        "stage": stage,
        "deal_kind": "(ARRAY['new', 'expansion', 'renewal'])[1 + n % 3]",
        "family": "(ARRAY['circuit', 'cloud', 'voice', 'iot', 'broadband'])[1 + n % 5]",
        "monthly_amount": "500 + n * 7919 % 90000",
        "amount": "24 * (500 + n * 7919 % 90000)",
        "weighted_amount": f"CASE {stage} WHEN 'won' THEN 24 WHEN 'lost' THEN 0 ELSE 9 END * (500 + n * 7919 % 90000)",
        "lost_reason": f"CASE WHEN {stage} = 'lost' THEN 'price' ELSE '' END",
        "closed_on": f"CASE WHEN n % 20 = 0 THEN NULL ELSE {day} - (n % 720)::int END",
        "expected_on": f"{day} + (n % 180)::int - CASE WHEN n % 20 = 0 THEN 0 ELSE 540 END",
        "stage_since": f"{day} - (n % 700)::int",
        "needs": "'两条互联网专线，双路由'",
        "protected_until": f"{day} + (n % 90)::int",
    }


def _visit(day: str) -> dict[str, str]:
    planned = f"({day} - (n * 31 % 360)::int)"
    return {
        **THEIRS,
        **OWNED,
        "planned_on": planned,
        "planned_at": f"{planned} + TIME '09:30'",
        "state": "CASE WHEN n % 10 < 9 THEN 'done' ELSE 'planned' END",
        "finished_at": f"CASE WHEN n % 10 < 9 THEN {planned} + TIME '11:00' END",
    }


def _agreement(day: str) -> dict[str, str]:
    """Of 24 months each, so that every month one in thirty-six of those in force ends."""
    starts = f"({day} - 700 + (n * 37 % 1095)::int - CASE WHEN n % 10 = 0 THEN 800 ELSE 0 END)"
    return {
        **THEIRS,
        **OWNED,
        "code": "'XY' || n",
        "state": "CASE WHEN n % 10 = 0 THEN 'ended' ELSE 'active' END",
        "signed_on": starts,
        "starts_on": starts,
        "ends_on": f"{starts} + 730",
        "ended_on": f"CASE WHEN n % 10 = 0 THEN {starts} + 730 END",
        "monthly_amount": "500 + n * 7919 % 90000",
    }


def _orders(count: int, day: str) -> list[Copies]:
    """One for each agreement, with one item and one step: a twentieth is under way, some of it late."""
    open_, since = "n % 20 = 0", f"({day} - (n * 31 % 700)::int)"
    order = {
        **THEIRS,
        **OWNED,
        "agreement_id": "first.agreement + n",
        "code": "'DD' || n",
        "state": f"CASE WHEN {open_} THEN (ARRAY['running', 'running', 'held'])[1 + n / 20 % 3] ELSE 'completed' END",
        "promised_on": f"CASE WHEN {open_} THEN {day} - 10 + (n / 20 % 40)::int ELSE {since} + 3 END",
        "completed_on": f"CASE WHEN {open_} THEN NULL ELSE {since} + (n % 5)::int END",
        "monthly_amount": "500 + n * 7919 % 90000",
    }
    item = {
        "order_id": "first.orders + n",
        "agreement_line_id": "first.line + n",
        "state": f"CASE WHEN {open_} THEN 'running' ELSE 'completed' END",
    }
    due = f"(CASE WHEN {open_} THEN {day} - 5 + (n / 20 % 30)::int ELSE {since} END)"
    task = {
        **THEIRS,
        "order_id": "first.orders + n",
        "item_id": "first.item + n",
        "unit_id": "place.unit_id",
        "step": f"(ARRAY[{', '.join(map(repr, STEPS))}])[1 + n / 20 % {len(STEPS)}]",
        "state": f"CASE WHEN {open_} THEN (ARRAY['ready', 'running', 'failed'])[1 + n / 20 % 3] ELSE 'done' END",
        "due_on": due,
        "due_at": f"{due} + TIME '10:00'",
        "finished_at": f"CASE WHEN {open_} THEN NULL ELSE {since} + TIME '08:00' END",
    }
    return [
        Copies("ordering_productorder", count, order),
        Copies("ordering_orderitem", count, item),
        Copies("ordering_servicetask", count, task),
    ]


def _products(count: int, day: str) -> list[Copies]:
    """All in service for more than a month, so that every one of them is billed."""
    amount, since = "100 + n % 997", f"{day} - 100 - (n % 600)::int"
    product = {
        **THEIRS,
        **OWNED,
        "account_id": "first.account + c",
        "offering_id": "first.offering + n % 20",
        "code": "'CP' || n",
        "monthly_price": amount,
        "monthly_amount": amount,
        "started_on": since,
        "state_since": since,
    }
    period = {"product_id": "first.product + n", "monthly_amount": amount, "starts_on": since}
    return [Copies("inventory_product", count, product), Copies("inventory_chargeperiod", count, period)]


def _ticket() -> dict[str, str]:
    """A hundredth runs, and some of it is overdue; the rest was confirmed within two years."""
    opened = "(date_trunc('hour', now()) - n * 17 % 17520 * INTERVAL '1 hour')"
    running = "n % 100 = 0"
    fresh = "(now() - n / 100 % 300 * INTERVAL '1 minute')"
    begun = f"(CASE WHEN {running} THEN {fresh} ELSE {opened} END)"
    later = {
        one: f"CASE WHEN {running} THEN NULL ELSE {opened} + INTERVAL '{span}' END"
        for one, span in ENDS.items()
    }
    return {
        **THEIRS,
        **later,
        "owner_id": f"CASE WHEN {running} AND n % 200 = 0 THEN NULL ELSE place.owner_id END",
        "unit_id": "place.unit_id",
        "code": "'GD' || n",
        "title": "'专线时断时续' || n",
        "ticket_type": "(ARRAY['enquiry', 'enquiry', 'trouble', 'complaint'])[1 + n * 3 % 4]",
        "cause": "(ARRAY['outage', 'billing', 'service', 'quality', 'other'])[1 + n % 5]",
        "priority": "(ARRAY['urgent', 'high', 'normal', 'low'])[1 + n % 4]",
        "state": f"CASE WHEN {running} THEN (ARRAY['open', 'handling'])[1 + n / 100 % 2] ELSE 'confirmed' END",
        "opened_at": begun,
        "clock_from": begun,
        "answer_due_at": f"{begun} + INTERVAL '10 minutes'",
        "settle_due_at": f"{begun} + INTERVAL '4 hours'",
        "next_due_at": f"CASE WHEN {running} THEN {begun} + INTERVAL '4 hours' END",
        "answered_in_time": f"CASE WHEN {running} THEN NULL ELSE n % 17 > 0 END",
        "settled_in_time": f"CASE WHEN {running} THEN NULL ELSE n % 13 > 0 END",
        "answer_minutes": f"CASE WHEN {running} THEN NULL ELSE 5 END",
        "settle_minutes": f"CASE WHEN {running} THEN NULL ELSE 120 END",
    }


def tidy_written(database: str) -> None:
    """Tidy what the night and the bills wrote."""
    with owner_cursor(database) as cursor:
        tidy(cursor, *WRITTEN)


ENDS = {"answered_at": "5 minutes", "settled_at": "2 hours", "confirmed_at": "1 day"}


def _months(cursor: Cursor, today: dt.date, months: int) -> None:
    """Let every customer have its months, a hundredth of them falling; freeze the last day of the year before."""
    last = (today.replace(day=1) - dt.timedelta(days=40)).replace(day=1)
    cursor.execute(
        f"INSERT INTO customers_customermonth (customer_id, month, revenue, arrears, lines, batch)"
        f" SELECT customer.id, (DATE '{last}' - back * INTERVAL '1 month')::date,"
        f" coalesce(revenue_trend[12 - back], 0), 0, 3,"
        f" gen_random_uuid() FROM customers_customer AS customer, generate_series(0, {months - 1}) AS back"
    )
    cursor.execute(
        "INSERT INTO analytics_snapshot (taken_on, customer_id, grade, state, revenue, batch)"
        " SELECT make_date(%s, 12, 31), id, CASE WHEN id %% 200 = 0 THEN 'A1' ELSE grade END, state, monthly_revenue,"
        " gen_random_uuid() FROM customers_customer",
        [today.year - 1],
    )
    tidy(cursor, "customers_customermonth", "analytics_snapshot")
