"""The products of an opportunity as a grid: prices of the catalogue where none is typed, order, sums, closed deals."""

import pytest
from django.urls import reverse

from jike.apps.sales.actions import add_opportunity
from jike.apps.sales.models import Opportunity, OpportunityLine
from jike.values.rights import Breadth
from tests.apps.catalogue.making import an_offering
from tests.foundation.listed import SYSTEM, World, a_world, browser, someone, text_of

pytestmark = pytest.mark.django_db
RIGHTS = {
    f"{kind}:{action}": Breadth.ALL
    for kind in (
        "sales.opportunity",
        "sales.opportunityline",
        "customers.customer",
        "catalogue.productoffering",
    )
    for action in ("view", "change")
}


@pytest.fixture
def world() -> World:
    return a_world(customers=1)


@pytest.fixture
def deal(world: World) -> Opportunity:
    return add_opportunity(actor=SYSTEM, name="二期专线", customer=world.customers[0], owner=world.manager)


def sent(*rows: tuple[str, str, str, str], **more: list[str]) -> dict[str, list[str]]:
    names = ("offering", "quantity", "monthly_price", "one_off_price")
    told = {f"products.{name}": [row[place] for row in rows] for place, name in enumerate(names)}
    return {**told, "products.uid": [""] * len(rows), "products.version": ["0"] * len(rows)} | more


def test_an_empty_price_is_that_of_the_catalogue_and_the_amounts_are_the_sums(
    world: World, deal: Opportunity
):
    client = browser(someone(RIGHTS, world.city))
    line, cloud = (
        an_offering(monthly="9600", one_off="12000"),
        an_offering(monthly="45", floor="40", cost="30"),
    )
    address = reverse("resource:lines", args=["opportunities", deal.uid, "products"])
    grid = sent((line.code, "2", "8,160", ""), (cloud.name, "600", "", ""), ("", "1", "", ""))
    told = client.post(f"{address}check/", grid).json()
    assert told["rows"][1]["filled"] == {"monthly_price": "45.00", "one_off_price": "0.00"}
    assert (told["places"], told["totals"]["monthly_amount"]) == ([0, 1], "43,320.00")
    assert client.post(address, grid).status_code == 302
    deal.refresh_from_db()
    assert (deal.monthly_amount, deal.one_off_amount) == (43_320, 24_000)
    tab = text_of(client.get(reverse("resource:tab", args=["opportunities", deal.uid, "products"])))
    assert all(text in tab for text in (line.name_en, cloud.name_en, "43,320.00"))


def test_an_estimate_stands_while_there_are_no_products(world: World):
    deal = add_opportunity(
        actor=SYSTEM, name="估算", customer=world.customers[0], owner=world.manager, monthly_amount=5000
    )
    client = browser(someone(RIGHTS, world.city))
    address = reverse("resource:lines", args=["opportunities", deal.uid, "products"])
    assert client.post(address, sent(("", "1", "", ""))).status_code == 302
    deal.refresh_from_db()
    assert deal.monthly_amount == 5000


def test_rows_keep_the_order_in_which_they_were_sent(world: World, deal: Opportunity):
    client = browser(someone(RIGHTS, world.city))
    first, second = an_offering(), an_offering()
    address = reverse("resource:lines", args=["opportunities", deal.uid, "products"])
    client.post(address, sent((first.name, "1", "", ""), (second.name, "1", "", "")))
    stored = list(OpportunityLine.objects.order_by("position"))
    turned = sent((second.name, "1", "5", "0"), (first.name, "1", "5", "0"))
    turned["products.uid"] = [str(one.uid) for one in reversed(stored)]
    turned["products.version"] = ["1", "1"]
    assert client.post(address, turned).status_code == 302
    now = OpportunityLine.objects.filter(removed_at=None).order_by("position")
    assert [one.offering for one in now] == [second, first]
