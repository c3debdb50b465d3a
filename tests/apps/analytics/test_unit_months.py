"""Months counted beforehand say what counting the rows says, whoever looks and at whichever unit."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Q
from django.utils import timezone

from jike.apps.analytics.actions import count_units, raise_warnings, refresh_portfolios, refresh_unit_months
from jike.apps.analytics.models import UnitMonth
from jike.apps.analytics.queries import boards, by_month, by_unit, portfolio, totals
from jike.apps.analytics.queries.lens import Lens
from jike.apps.analytics.queries.unit_months import counts, whole_units
from jike.apps.ordering.actions import add_order, submit_order
from jike.apps.organisation.models import Person, Unit
from jike.apps.sales.rules import Stage
from jike.apps.servicedesk.actions import answer_survey, send_survey, settle_ticket
from jike.apps.servicedesk.models import Ticket
from jike.foundation.scope import Actor, visible
from jike.values.rights import Breadth
from tests.apps.analytics.making import LAST, a_served_customer, billed
from tests.apps.inventory.making import a_product
from tests.apps.ordering.making import an_agreement
from tests.apps.sales.making import an_opportunity
from tests.apps.servicedesk.making import a_ticket
from tests.making import SYSTEM, a_post, a_role, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db
STANDING = (
    "servicedesk.ticket:view",
    "sales.opportunity:view",
    "inventory.product:view",
    "quoting.agreement:view",
    "ordering.productorder:view",
    "ordering.servicetask:view",
    "analytics.earlywarning:view",
)
MAY = ("servicedesk.ticket:view", "servicedesk.survey:view", "ordering.productorder:view")


def rights(breadth: Breadth) -> dict[str, Breadth]:
    return dict.fromkeys((*MAY, "analytics.board:view"), breadth)


def lens(actor: Actor, unit: Unit | None = None) -> Lens:
    return Lens(actor, team=True, now=timezone.now(), today=timezone.localdate(), unit=unit)


@pytest.fixture
def counties() -> tuple[Unit, Unit, Unit]:
    """A city with two counties, in each a customer with tickets of two months; one is asked and answers."""
    city = a_unit("榕州分公司", level="city")
    below = (a_unit("鼓楼", under=city), a_unit("台江", under=city))
    now, before = timezone.localtime(), timezone.localtime() - dt.timedelta(days=40)
    for place, unit in enumerate(below):
        customer = a_served_customer(unit=unit, revenue=str(place))
        for kind in ("complaint", "enquiry", "trouble")[place:]:
            for moment in (now, before):
                a_ticket(customer, ticket_type=kind, opened=f"{moment:%Y-%m-%d} 00:00", cause="billing")
    ticket = Ticket.objects.earliest("id")
    settle_ticket(ticket, actor=SYSTEM, settlement="已更换端口")
    survey = send_survey(actor=SYSTEM, customer=ticket.customer, ticket=ticket)
    answer_survey(survey, answers={"network": (8, 5), "repair": (9, 6)}, reputation=True, preference=False)
    return (city, *below)


def test_prepared_months_equal_the_rows_at_every_unit(counties: tuple[Unit, Unit, Unit]):
    assert refresh_unit_months(actor=SYSTEM)
    _person, actor = someone_with(rights(Breadth.BELOW), at=counties[0])
    since = timezone.localdate().replace(day=1) - dt.timedelta(days=62)
    for unit in (None, *counties):
        looking = lens(actor, unit)
        assert whole_units(looking, Ticket) == [(unit or counties[0]).pk]
        seen = visible(Ticket, actor).filter(Q(customer__unit__in=looking.units) if unit else Q())
        told = {
            (one.month, one.measure): (one.number, one.good)
            for one in counts(looking, "tickets", since=since)
        }
        for kind in ("complaint", "enquiry", "trouble"):
            rows = [one.opened_at for one in seen.filter(ticket_type=kind)]
            for month in {timezone.localdate(moment).replace(day=1) for moment in rows}:
                number = sum(timezone.localdate(moment).replace(day=1) == month for moment in rows)
                assert told[month, kind] == (number, 0)
        about = [pair for (_month, measure), pair in told.items() if measure == "about billing"]
        assert sum(number for number, _good in about) == seen.count()
        assert sum(good for _number, good in about) == seen.filter(ticket_type="complaint").count()


def test_who_has_rows_of_their_own_only_is_counted_live_with_the_same_result(
    counties: tuple[Unit, Unit, Unit],
):
    refresh_unit_months(actor=SYSTEM)
    _person, whole = someone_with(rights(Breadth.BELOW), at=counties[0])
    _person, alone = someone_with(rights(Breadth.TEAM), at=counties[0])
    assert whole_units(lens(alone), Ticket) is None
    assert counts(lens(alone), "tickets", since=dt.date(2020, 1, 1)) == []
    _person, county = someone_with(rights(Breadth.BELOW), at=counties[1])
    prepared = boards.service_figures(lens(county))
    UnitMonth.objects.all().delete()
    owner = Ticket.objects.filter(customer__unit=counties[1]).first().customer.owner
    live = boards.service_figures(Lens(_acting(owner), False, timezone.now(), timezone.localdate()))
    assert prepared == live
    assert prepared["satisfaction"] == Decimal("-3.00")
    assert boards.service_figures(lens(whole))["opened"] == 0


def _acting(owner: Person) -> Actor:
    a_post(owner, a_role(rights(Breadth.OWN)))
    return acting(owner)


def test_counting_twice_or_only_the_last_months_leaves_the_same(counties: tuple[Unit, Unit, Unit]):
    refresh_unit_months(actor=SYSTEM)
    rows = list(UnitMonth.objects.order_by("pk").values_list("pk", "number", "good", "amount"))
    refresh_unit_months(actor=SYSTEM)
    refresh_unit_months(actor=SYSTEM, months=2)
    for _first_all_months_then_the_last in range(2):
        count_units()
    assert list(UnitMonth.objects.order_by("pk").values_list("pk", "number", "good", "amount")) == rows
    assert not counts(lens(SYSTEM), "orders", since=dt.date(2020, 1, 1))
    assert {one.measure for one in counts(lens(SYSTEM), "surveys", since=dt.date(2020, 1, 1))} == {
        "satisfaction",
        "reputation",
        "preference",
    }


def test_what_stands_now_is_told_alike_from_counts_and_from_the_rows():
    city = a_unit("泉州分公司", level="city")
    customer = a_served_customer(unit=a_unit("晋江", under=city))
    an_opportunity(customer, stage=Stage.SOLUTION)
    an_opportunity(customer, deal_kind="renewal")
    an_opportunity(customer, stage=Stage.LOST)
    billed((customer, ["1000"] * 12, "5000"))
    raise_warnings(actor=SYSTEM, on=timezone.localdate() - dt.timedelta(days=40))
    a_product(customer, price="300.00", quantity=2)
    today = timezone.localdate()
    soon, later = (
        an_agreement(
            customer, starts_on=today, ends_on=today + dt.timedelta(days=days), monthly_amount=Decimal(700)
        )
        for days in (40, 400)
    )
    assert soon != later
    order = add_order(actor=SYSTEM, agreement=later)
    submit_order(order, actor=SYSTEM, deliverer=customer.owner)
    a_ticket(customer, opened=f"{today - dt.timedelta(days=30)} 09:30")
    refresh_unit_months(actor=SYSTEM)
    told = (
        *(boards.funnel, boards.families, boards.agreements_ending, boards.running_tickets),
        *(boards.waiting_warnings, boards.delivery_steps, boards.delivery_figures),
    )
    _person, head = someone_with(dict.fromkeys(STANDING, Breadth.BELOW), at=city)
    a_post(customer.owner, a_role(dict.fromkeys(STANDING, Breadth.OWN)))
    own = Lens(acting(customer.owner), False, timezone.now(), today)
    assert whole_units(lens(head), Ticket) == [city.pk]
    for ask in told:
        assert ask(lens(head)) == ask(own)
    assert [(stage, number) for stage, number, _amount in boards.funnel(own)] == [
        ("need", 1),
        ("solution", 1),
    ]
    assert boards.families(own) == [("circuit", Decimal(600), 1)]
    begun = [(one, begun, idle) for one, begun, idle in boards.agreements_ending(own) if begun or idle]
    ends = (today + dt.timedelta(days=40)).replace(day=1)
    assert begun == [(ends, Decimal(700), Decimal(0))]
    assert boards.running_tickets(own)["overdue"] == 1
    assert ("arrears", 1, 1) in boards.waiting_warnings(own)
    assert [number for _step, number, _late in boards.delivery_steps(own)] == [1]
    assert boards.delivery_figures(own)["orders"] == 1


def test_portfolios_of_whole_units_equal_those_of_their_managers(counties: tuple[Unit, Unit, Unit]):
    city, *below = counties
    customers = [a_served_customer(unit=unit) for unit in (city, *below)]
    billed(*((one, [str(1000 * place)] * 12, "7") for place, one in enumerate(customers, 1)))
    refresh_portfolios(actor=SYSTEM)
    _person, head = someone_with(dict.fromkeys(("analytics.board:view",), Breadth.BELOW), at=city)
    for unit in (None, *counties):
        looking = lens(head, unit)
        assert looking.portfolio().filter(whole=False).count() == 0
        alone = portfolio(head, team=True).filter(Q(unit__in=looking.units) if unit else Q())
        assert by_month(looking.portfolio()) == by_month(alone)
    told = {one.name: one.revenue for one in by_unit(city, LAST)}
    assert told == {"榕州分公司": Decimal(1000), "鼓楼": Decimal(2000), "台江": Decimal(3000)}
    person, _own = someone_with(dict.fromkeys(("analytics.board:view",), Breadth.OWN), at=below[0])
    a_post(person, a_role(dict.fromkeys(("analytics.board:view",), Breadth.BELOW)), at=below[1])
    billed((a_served_customer(unit=below[0], owner=person), ["10"] * 12, "0"))
    refresh_portfolios(actor=SYSTEM)
    assert totals(lens(acting(person)).portfolio(), LAST).revenue == 3010
