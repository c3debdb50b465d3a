"""Boards: each shows its reader's own rows, says its finding, and leads to lists; the service desk's pages answer."""

import pytest

from jike.apps.analytics.actions import refresh_portfolios
from jike.apps.servicedesk.models import Ticket
from jike.values.rights import Breadth
from tests.apps.analytics.making import a_served_customer, billed
from tests.apps.servicedesk.making import AGENT, a_ticket
from tests.doing import browser_of
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db
KINDS = ("customers.customer", "analytics.earlywarning", "servicedesk.ticket", "servicedesk.survey")
HEAD = dict.fromkeys(
    (
        *(f"{kind}:view" for kind in KINDS),
        "analytics.board:view",
        "analytics.board:lead",
        "organisation.unit:view",
    ),
    Breadth.BELOW,
)


def test_a_head_sees_the_business_of_their_units_and_no_others():
    province = a_unit("云江省公司", level="province")
    city = a_unit("榕州分公司", under=province, level="city")
    head, _actor = someone_with(HEAD, at=province)
    billed((a_served_customer(unit=city), ["30000"] * 12, "0"), (a_served_customer(), ["70000"] * 12, "0"))
    refresh_portfolios(actor=SYSTEM)
    page = browser_of(head).get("/boards/units/").content.decode()
    assert "榕州分公司" in page
    assert ">3.00<" in page
    assert "10.00" not in page
    assert browser_of(head).get(f"/boards/units/?unit={a_unit().uid}").status_code == 404
    assert browser_of(head).get("/boards/delivery/").status_code == 404


def test_who_leads_no_unit_has_no_board_of_units():
    agent, _actor = someone_with({**AGENT, "analytics.board:view": Breadth.BELOW}, at=a_unit())
    client = browser_of(agent)
    assert client.get("/boards/units/").status_code == 404
    assert client.get("/boards/service/").status_code == 200
    assert client.get("/boards/").status_code == 200


def test_a_call_becomes_a_ticket_that_is_settled_on_the_call():
    unit = a_unit()
    agent, _actor = someone_with(AGENT, at=unit)
    customer = a_served_customer(unit=unit)
    client, sent = browser_of(agent), {"ticket_type": "enquiry", "cause": "billing", "channel": "phone"}
    assert client.get("/desk/").status_code == 200
    assert client.post(f"/desk/call/{customer.uid}/", sent).status_code == 422
    answered = client.post(f"/desk/call/{customer.uid}/", {**sent, "title": "查账单", "settlement": "已告知"})
    ticket = Ticket.objects.get()
    assert answered.url == f"/tickets/{ticket.uid}/"
    assert (ticket.state, ticket.owner, ticket.answered_in_time) == ("settled", agent, True)
    assert client.get(answered.url).status_code == 200
    assert client.get("/desk/queue/").status_code == 200
    assert client.get(f"/customers/{customer.uid}/tab/tickets/").status_code == 200


def test_a_step_asks_for_what_it_needs_and_says_why_it_is_refused():
    unit = a_unit()
    agent, _actor = someone_with(AGENT, at=unit)
    ticket = a_ticket(a_served_customer(unit=unit))
    client = browser_of(agent)
    assert client.post(f"/tickets/{ticket.uid}/step/settle/", {"settlement": ""}).status_code == 422
    assert client.post(f"/tickets/{ticket.uid}/step/confirm/", {}).status_code == 422
    assert client.get(f"/tickets/{ticket.uid}/step/dance/").status_code == 404
    assert client.post(f"/tickets/{ticket.uid}/step/take/", {}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == "handling"
