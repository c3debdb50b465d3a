"""A day's work in a browser: find, look, note, change many and take it back; lines from Excel; on a phone."""

import pytest
from playwright.sync_api import Page, expect

from jike.apps.customers.actions import change_customer
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.organisation.models import Person
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD, a_customer, a_key_person
from tests.journeys.conftest import PASSWORD, PHONE, Journey, somebody
from tests.making import SYSTEM, a_post, a_role, a_unit

RIGHTS = {**HEAD, "organisation.person:view": Breadth.ALL, "organisation.unit:view": Breadth.ALL}
TASKS = {"tasks.task:view": Breadth.OWN, "tasks.task:add": Breadth.BELOW}


@pytest.fixture(scope="module")
def head(people: dict[str, Person]) -> Person:
    """The head of a unit with five customers; the first has a key person."""
    unit = a_unit("厦门分公司", level="city")
    person = somebody("XM0592", "高云舒", unit)
    a_post(person, a_role({**RIGHTS, **TASKS}))
    for name in ("岚屿港口集团", "闽樾商业银行", "鹭汀生物制药", "榕序冷链物流", "屿川医疗管理"):
        made = a_customer(name, unit=unit, owner=person)
        if name.startswith("岚屿"):
            a_key_person(made, "江屿川", job_title="董事长")
    return person


def customer(name: str = "岚屿港口集团") -> Customer:
    return Customer.objects.get(name=name)


def test_a_list_is_filtered_kept_as_a_view_changed_at_once_and_taken_back(
    journey: Journey, head: Person
) -> None:
    page = journey.sign_in(head.staff_no)
    journey.go("/customers/?q=" + "岚屿")
    expect(page.locator(".dt tbody tr")).to_have_count(1)
    page.locator("summary").filter(has_text="保存视图").click()
    page.locator("#view-name").fill("岚屿一家")
    with page.expect_navigation():
        page.locator("#view-name").press("Enter")
    address = page.url.removeprefix(journey.address)
    assert "view=" in address
    journey.go("/customers/?scope=all")
    expect(page.locator(".dt tbody tr")).to_have_count(5)
    with page.expect_response(lambda answer: answer.url.endswith(address)):
        page.get_by_role("link", name="岚屿一家").click()
    expect(page.locator(".dt tbody tr")).to_have_count(1)
    journey.go("/customers/?scope=all")
    page.locator("[data-all]").check()
    bar = page.locator("#bulk-bar")
    expect(bar).to_contain_text("5")
    assert journey.axe() == []
    bar.get_by_role("button", name="修改字段").click()
    dialog = page.get_by_role("dialog")
    with page.expect_response(lambda answer: answer.url.endswith("/bulk/")):
        dialog.locator("[name=field]").select_option("next_step")
    expect(dialog.locator("[name=next_step]")).to_be_visible()
    expect(bar).to_contain_text("已选 5 条")  # the page, as long as nobody asks for every match
    dialog.locator("[name=next_step]").fill("年底回访")
    dialog.locator(".btn-primary").click()
    toast = page.locator(".toast-j")
    expect(toast).to_contain_text("5")
    toast.hover()  # it stays as long as somebody points at it
    expect(page.locator(".dt")).to_contain_text("年底回访")
    toast.get_by_role("button").click()
    expect(page.locator(".dt")).not_to_contain_text("年底回访")
    assert journey.complaints == []


def test_two_editors_of_one_record_lose_nothing(journey: Journey, head: Person) -> None:
    page, row = journey.sign_in(head.staff_no), customer("闽樾商业银行")
    journey.go(f"/customers/{row.uid}/edit/")
    page.locator("[name=address]").fill("鼓浪屿路 1 号")
    change_customer(row, actor=SYSTEM, short_name="闽樾")
    with page.expect_navigation():
        page.locator("[name=address]").press("Control+Enter")
    expect(page.locator("[name=address]")).to_have_value("鼓浪屿路 1 号")
    with page.expect_navigation():
        page.locator(".form-f .btn-primary").click()
    row.refresh_from_db()
    assert (row.address, row.short_name) == ("鼓浪屿路 1 号", "闽樾")


def test_the_keyboard_alone_finds_a_record_steps_through_the_list_and_edits_it(
    journey: Journey, head: Person
) -> None:
    page, row = journey.sign_in(head.staff_no), customer("榕序冷链物流")
    with page.expect_request(f"{journey.address}/customers/"):
        page.keyboard.type("gc")
    expect(page.locator(".dt tbody tr")).to_have_count(5)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    drawer = page.locator(".drawer")
    expect(drawer.locator("[data-position]")).to_have_text("1 / 5")
    assert journey.axe() == []
    drawer.locator("[data-step='1']").press("Enter")
    expect(drawer.locator("[data-position]")).to_have_text("2 / 5")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("榕序")
    page.keyboard.press("Enter")
    expect(page.locator(".dt tbody tr")).to_have_count(1)
    page.locator(".dt tbody a").first.press("Enter")
    expect(drawer).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("e")
    page.locator("[name=address]").press_sequentially("台江路 3 号")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    row.refresh_from_db()
    assert row.address == "台江路 3 号"


def test_a_note_brings_its_next_step(journey: Journey, head: Person) -> None:
    page, row = journey.sign_in(head.staff_no), customer()
    journey.go(f"/customers/{row.uid}/")
    page.locator("#say").fill("程部长认可整改方案")
    page.locator("#step").fill("提交双路由方案")
    page.locator("[name=next_step_on]").first.fill("明天")
    page.locator("#say").press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("程部长认可整改方案")
    expect(page.locator("#say")).to_have_value("")
    assert journey.axe() == []


def test_what_was_typed_survives_a_lost_network_and_a_session_that_ended_and_a_second_click_saves_once(
    journey: Journey, head: Person
) -> None:
    page, row = journey.sign_in(head.staff_no), customer("屿川医疗管理")
    before = row.version
    journey.go(f"/customers/{row.uid}/edit/")
    page.locator("[name=address]").fill("思明南路 9 号")
    page.context.set_offline(True)
    page.locator(".form-f .btn-primary").click()
    expect(page.locator("main")).to_have_count(0)
    page.context.set_offline(False)
    journey.go(f"/customers/{row.uid}/edit/")
    expect(page.locator("[name=address]")).to_have_value("思明南路 9 号")
    page.context.clear_cookies(name="jike_session")
    with page.expect_navigation():
        page.locator(".form-f .btn-primary").click()
    expect(page.locator("#id_login")).to_be_visible()
    page.locator("#id_login").fill(head.staff_no)
    page.locator("#id_password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("#id_password").press("Enter")
    expect(page.locator("[name=address]")).to_have_value("思明南路 9 号")
    with page.expect_navigation():
        page.locator(".form-f .btn-primary").dblclick()
    row.refresh_from_db()
    assert (row.address, row.version) == ("思明南路 9 号", before + 1)
    page.go_back()
    expect(page.locator("[name=address]")).to_have_value("思明南路 9 号")


def pasted(page: Page, text: str) -> None:
    """Paste as from Excel."""
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const event = {clipboardData: data, bubbles: true, cancelable: true};
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", event));
        }""",
        text,
    )


def test_lines_are_entered_by_keyboard_and_from_excel(journey: Journey, head: Person) -> None:
    page, row = journey.sign_in(head.staff_no), customer()
    journey.go(f"/customers/{row.uid}/tab/roster/")
    cells = page.locator(".sh tbody .sh-i")
    cells.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.type("董事")
    page.keyboard.press("Escape")
    expect(cells.nth(1)).to_have_value("董事长")
    page.keyboard.press("F2")
    page.keyboard.type("兼总裁")
    page.keyboard.press("Enter")
    expect(cells.nth(1)).to_have_value("董事长兼总裁")
    expect(page.locator(".sh tbody tr")).to_have_count(2)
    page.keyboard.press("Home")
    pasted(page, "程远\t部长\t信息部\t决策\n柳南樵\t副总\t总经办\txx\n")
    expect(page.locator(".sh tbody tr")).to_have_count(3)
    expect(page.locator(".sh [aria-invalid]")).to_have_count(1)
    assert journey.axe() == []
    page.locator(".sh [aria-invalid]").focus()
    page.keyboard.type("影响")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    people = KeyPerson.objects.filter(customer=row, removed_at=None).order_by("id")
    assert [(one.name, one.role) for one in people] == [
        ("江屿川", "handler"),
        ("程远", "decider"),
        ("柳南樵", "influencer"),
    ]
    assert people[0].job_title == "董事长兼总裁"
    assert journey.complaints == []


@pytest.mark.parametrize("journey", [{"viewport": PHONE, "has_touch": True}], indirect=True)
def test_an_account_managers_phone_shows_and_changes_everything_without_scrolling_sideways(
    journey: Journey, head: Person
) -> None:
    page, row = journey.sign_in(head.staff_no), customer("鹭汀生物制药")
    for path in (
        "/customers/",
        f"/customers/{row.uid}/",
        f"/customers/{row.uid}/tab/people/",
        f"/customers/{row.uid}/tab/roster/",
        f"/customers/{row.uid}/edit/",
        "/tasks/",
    ):
        journey.go(path)
        page.wait_for_load_state("networkidle")
        assert (path, journey.axe()) == (path, [])
        assert (path, journey.overflows()) == (path, False)
    journey.go(f"/customers/{row.uid}/")
    page.locator(".rec-m > summary").tap()
    lines = page.locator(".rec-m .pop-i:visible")
    expect(lines.filter(has_text="编辑")).to_have_count(1)
    assert [box for one in lines.all() if (box := one.bounding_box()) and box["height"] < 44] == []
    assert (journey.overflows(), journey.axe()) == (False, [])
    journey.go(f"/customers/{row.uid}/tab/roster/")
    page.locator("[data-add]").tap()
    page.locator(".sh-i").first.fill("何敏")
    with page.expect_navigation():
        page.locator(".form-f .btn-primary").tap()
    assert KeyPerson.objects.filter(customer=row, name="何敏").exists()


@pytest.mark.parametrize("journey", [{"viewport": PHONE, "has_touch": True}], indirect=True)
def test_on_a_phone_rows_are_chosen_by_a_tap_and_changed_together(journey: Journey, head: Person) -> None:
    page = journey.sign_in(head.staff_no)
    journey.go("/customers/?scope=all")
    rows, bar = page.locator(".dt tbody tr"), page.locator("#bulk-bar")
    expect(bar).to_be_hidden()
    page.locator("[data-choose]").tap()
    for place in (0, 2, 3, 2):
        rows.nth(place).locator("td.nm").tap()
    expect(bar).to_contain_text("已选 2")
    expect(page.locator(".drawer")).to_have_count(0)
    assert (journey.overflows(), journey.axe()) == (False, [])
    bar.get_by_role("button", name="修改字段").tap()
    dialog = page.get_by_role("dialog")
    with page.expect_response(lambda answer: answer.url.endswith("/bulk/")):
        dialog.locator("[name=field]").select_option("next_step")
    dialog.locator("[name=next_step]").fill("雨季巡检")
    dialog.locator(".btn-primary").tap()
    expect(page.locator(".toast-j")).to_contain_text("2")
    expect(bar).to_be_hidden()
    assert Customer.objects.filter(next_step="雨季巡检").count() == 2
    assert journey.complaints == []
