"""A group put in order in a browser: a row dragged by a real mouse, taken back, and moved again from the keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from jike.apps.customers.models import Customer
from jike.apps.organisation.actions import install_ready_made_roles
from jike.apps.organisation.models import Person, Role
from tests.apps.customers.making import a_customer
from tests.journeys.conftest import Journey, opened, somebody
from tests.making import SYSTEM, a_post, a_unit

HEAD = "SX3001"


@pytest.fixture(scope="module")
def group(people: dict[str, Person]) -> dict[str, Customer]:
    """A parent with two branches, one of which has a shop; all in the head's county."""
    install_ready_made_roles(actor=SYSTEM)
    county = a_unit("越城区分公司", level="county")
    head = somebody(HEAD, "陶问渠", county)
    a_post(head, Role.objects.get(code="county_head"))
    made: dict[str, Customer] = {}
    for name, above in (
        ("鉴湖集团", ""),
        ("鉴湖东区", "鉴湖集团"),
        ("鉴湖西区", "鉴湖集团"),
        ("鉴湖门店", "鉴湖东区"),
    ):
        given = {"unit": county, "owner": head, "certificate_number": f"T-{name}", "parent": made.get(above)}
        made[name] = a_customer(f"{name}有限公司", **given)
    return made


@pytest.fixture
def head(browser: Browser, site: str, group: dict[str, Customer]) -> Iterator[Journey]:
    """The head of the county, signed in; the console must have nothing to complain of."""
    with opened(browser, site) as journey:
        journey.sign_in(HEAD)
        yield journey
    assert journey.complaints == []


def row_of(page: Page, customer: Customer) -> Locator:
    return page.locator(f"[data-group] tr[data-node='{customer.uid}']")


def dragged(page: Page, what: Locator, onto: Locator) -> None:
    """Press the mouse on a row, draw it over another one and let go."""
    for number, row in enumerate((what, onto)):
        box = row.locator("td.num").first.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=6)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def above(customer: Customer) -> Customer | None:
    return Customer.objects.get(pk=customer.pk).parent


def test_a_row_dragged_by_the_mouse_moves_and_comes_back_and_moves_by_keyboard(
    head: Journey, group: dict[str, Customer]
) -> None:
    shop, east, west = (group[name] for name in ("鉴湖门店", "鉴湖东区", "鉴湖西区"))
    page = head.go(f"/customers/{shop.uid}/tab/tree/")
    with page.expect_response(lambda answer: "/group/drop/" in answer.url):
        dragged(page, row_of(page, shop), row_of(page, west))
    assert above(shop) == west
    with page.expect_response(lambda answer: "/group/drop/" in answer.url):
        page.locator("button.undo").click()
    assert above(shop) == east

    page = head.go(f"/customers/{shop.uid}/tab/tree/")
    row_of(page, shop).focus()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    dialog.locator(".ts-control input").first.fill("鉴湖西区")
    dialog.locator(".ts-dropdown .option", has_text="鉴湖西区").first.click()
    with page.expect_navigation():
        dialog.locator(".dlg-f .btn-primary").click()
    assert above(shop) == west
    assert (head.overflows(), head.axe()) == (False, [])
