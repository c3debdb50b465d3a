"""Whatever a board tells, the list behind it holds: every link of every board is followed and compared."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from jike.apps.analytics.actions import raise_warnings, refresh_portfolios, refresh_unit_months
from jike.apps.analytics.pages.boards import open_to
from jike.apps.inventory.actions import refresh_figures, run_month
from jike.apps.ordering.actions import add_order, submit_order
from jike.apps.organisation.models import Person, Unit
from jike.apps.sales.rules import Stage
from jike.apps.servicedesk.actions import answer_survey, send_survey, settle_ticket
from jike.foundation.scope import Actor
from jike.values.period import add_months, month_start
from jike.values.rights import Breadth
from tests.apps.analytics.making import a_served_customer
from tests.apps.analytics.walking import compared
from tests.apps.inventory.making import a_product
from tests.apps.ordering.making import an_agreement
from tests.apps.sales.making import an_opportunity
from tests.apps.servicedesk.making import a_ticket
from tests.making import SYSTEM, a_person, a_post, a_role, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db
KINDS = (
    *("customers.customer", "sales.opportunity", "quoting.agreement", "inventory.product", "inventory.bill"),
    *("ordering.productorder", "ordering.servicetask", "servicedesk.ticket", "servicedesk.survey"),
    "analytics.earlywarning",
)
RIGHTS = (
    *(f"{kind}:view" for kind in KINDS),
    *("analytics.board:view", "customers.customer:change", "organisation.unit:view"),
)
NAMES = {"mine", "units", "service", "delivery"}


def furnished(unit: Unit, owner: Person, place: int) -> None:
    """Give a unit a customer with a bit of everything that boards count."""
    now, today = timezone.localtime(), timezone.localdate()
    last = add_months(month_start(today), -1)
    customer = a_served_customer(unit=unit, owner=owner, revenue=str(place))
    a_product(customer, price="300.00", quantity=place + 1, on=add_months(last, -1))
    for stage in (Stage.NEED, Stage.SOLUTION):
        an_opportunity(customer, stage=stage)
    agreement = an_agreement(
        customer, starts_on=today, ends_on=today + dt.timedelta(days=60), monthly_amount=Decimal(700)
    )
    submit_order(add_order(actor=SYSTEM, agreement=agreement), actor=SYSTEM, deliverer=owner)
    other = a_unit("客服中心")
    for kind, cause, days in (
        ("complaint", "billing", 40),
        ("trouble", "outage", 3),
        ("enquiry", "other", 0),
    ):
        moment = now - dt.timedelta(days=days)
        a_ticket(customer, ticket_type=kind, cause=cause, opened=f"{moment:%Y-%m-%d} 00:00", unit=other)
    ticket = a_ticket(
        customer, ticket_type="complaint", opened=f"{now - dt.timedelta(days=5):%Y-%m-%d} 09:30"
    )
    settle_ticket(ticket, actor=SYSTEM, settlement="已更换端口")
    survey = send_survey(actor=SYSTEM, customer=customer, ticket=ticket)
    answer_survey(survey, answers={"network": (8, 5)}, reputation=True, preference=place == 1)


def test_every_list_behind_a_board_holds_what_the_board_tells() -> None:
    city = a_unit("榕州分公司", level="city")
    counties = a_unit("鼓楼", under=city), a_unit("台江", under=city)
    managers = [a_person(unit) for unit in counties]
    for place, (unit, manager) in enumerate(zip(counties, managers, strict=True)):
        furnished(unit, manager, place)
        a_post(manager, a_role(dict.fromkeys(RIGHTS, Breadth.OWN)))
    furnished(city, a_person(city), 2)
    last = add_months(month_start(timezone.localdate()), -1)
    run_month(last, actor=SYSTEM, today=add_months(last, 1))
    refresh_figures(last, actor=SYSTEM)
    raise_warnings(actor=SYSTEM, on=timezone.localdate() - dt.timedelta(days=40))
    refresh_portfolios(actor=SYSTEM)
    refresh_unit_months(actor=SYSTEM)
    _person, head = someone_with(dict.fromkeys((*RIGHTS, "analytics.board:lead"), Breadth.BELOW), at=city)
    assert set(open_to(head)) == NAMES
    looks: tuple[tuple[Actor, Unit | None], ...] = (
        *((head, city), (head, counties[1])),
        *((head, None), (acting(managers[0]), None)),
    )
    for actor, looked_at in looks:
        followed = list(compared(actor, looked_at))
        assert [one for one in followed if one.told != one.found] == []
        assert {one.name.split()[0] for one in followed if one.told} >= {"service", "delivery"}
    told = {one.name: one.told for one in compared(head, city)}
    assert told["units units 鼓楼"] == 0.03


def test_a_board_leads_nowhere_that_its_reader_may_not_go() -> None:
    rights = ("servicedesk.survey:view", "analytics.board:view")
    _person, actor = someone_with(dict.fromkeys(rights, Breadth.BELOW), at=a_unit())
    assert set(open_to(actor)) == {"service"}
    assert {one.link.split("?")[0] for one in compared(actor, None)} <= {"/surveys/"}
