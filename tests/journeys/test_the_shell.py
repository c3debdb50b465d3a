"""The frame in a browser: sign-in, palette, keys, folding, language and look, the phone's bars."""

import re

import pytest
from playwright.sync_api import expect

from jike.apps.organisation.actions import add_person
from tests.journeys.conftest import DESK, PHONE, Journey
from tests.making import SYSTEM, a_unit

LOOKS = [
    pytest.param({"viewport": DESK, "color_scheme": "dark"}, id="desk-dark"),
    pytest.param({"viewport": PHONE, "color_scheme": "light"}, id="phone-light"),
]
PAGES = ["/", "/me/", "/account/sessions/", "/account/second-factor/", "/notices/", "/account/logout/"]


@pytest.mark.parametrize("journey", LOOKS, indirect=True)
def test_no_page_of_the_shell_has_anything_for_axe_or_scrolls_sideways(journey: Journey) -> None:
    journey.go("/account/login/")
    assert journey.axe() == []
    journey.sign_in("FJ0591")
    for path in PAGES:
        journey.go(path)
        assert (path, journey.axe()) == (path, [])
        assert (path, journey.overflows()) == (path, False)
    assert journey.complaints == []


def test_the_look_follows_the_system_until_one_is_chosen(journey: Journey) -> None:
    page = journey.sign_in("FJ0591")
    root = page.locator("html")
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.goto(f"{journey.address}/me/")
    page.locator("main button[name=theme][value=light]").click()
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.locator("main button[name=theme][value=auto]").click()
    expect(root).to_have_attribute("data-bs-theme", "dark")


def test_the_language_chosen_before_sign_in_is_spoken_on_the_sign_in_page(journey: Journey) -> None:
    page = journey.go("/account/login/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_palette_opens_by_key_and_goes_by_initials(journey: Journey) -> None:
    page = journey.sign_in("SYS1")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog")
    expect(palette).to_be_visible()
    assert journey.axe() == []
    page.keyboard.type("dw")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("单位")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{journey.address}/units/")


def test_g_and_a_letter_go_there_but_not_while_typing(journey: Journey) -> None:
    page = journey.sign_in("SYS1")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type("gp")
    expect(page.get_by_role("combobox")).to_have_value("gp")
    expect(page).to_have_url(f"{journey.address}/")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    with page.expect_request(f"{journey.address}/people/"):
        page.keyboard.type("gp")
    expect(page).to_have_url(f"{journey.address}/people/")


def test_c_offers_what_one_may_create(journey: Journey) -> None:
    page = journey.sign_in("SYS1")
    page.keyboard.press("c")
    first = page.locator("[data-create] + .pop a").first
    expect(first).to_be_focused()
    assert journey.axe() == []


def test_the_question_mark_lists_the_keys(journey: Journey) -> None:
    page = journey.sign_in("SYS1")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    assert journey.axe() == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_folded_navigation_stays_folded(journey: Journey) -> None:
    page = journey.sign_in("FJ0591")
    fold = page.locator("#fold")
    fold.click()
    page.reload()
    expect(fold).to_have_attribute("aria-expanded", "false")
    assert journey.axe() == []


def test_escape_closes_a_menu_and_returns_the_focus(journey: Journey) -> None:
    page = journey.sign_in("FJ0591")
    summary = page.locator("summary").last
    summary.click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="退出登录")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(journey: Journey) -> None:
    page = journey.sign_in("FJ0591")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("journey", [{"viewport": PHONE}], indirect=True)
def test_everything_on_the_phone_can_be_hit_with_a_thumb(journey: Journey) -> None:
    page = journey.sign_in("FJ0591")
    for link in page.locator(".bottom a").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44
    expect(page.locator(".side")).to_be_hidden()


def test_the_password_can_be_looked_at(journey: Journey) -> None:
    page = journey.go("/account/login/")
    password = page.locator("#id_password")
    password.fill("geheim")
    page.get_by_role("button", name="显示密码").click()
    expect(password).to_have_attribute("type", "text")


def test_whoever_was_given_a_first_password_chooses_another_before_anything_else(journey: Journey) -> None:
    new = add_person(actor=SYSTEM, staff_no="FJ0777", name="陈屿安", unit=a_unit("鼓楼"))
    page = journey.sign_in("FJ0777", new.password)
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密码")
    assert journey.axe() == []
    page.locator("#id_oldpassword").fill(new.password)
    page.locator("#id_password1").fill("another-Long-1-password")
    page.locator("#id_password2").fill("another-Long-1-password")
    page.locator("#id_password2").press("Enter")
    page.wait_for_url(re.compile(r"/$"))
    journey.go("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("工作台")


def test_a_wrong_address_offers_search(journey: Journey) -> None:
    journey.sign_in("FJ0591")
    page = journey.go("/no-such-place/")
    assert journey.axe() == []
    page.get_by_role("link", name="搜索").click()
    expect(page.get_by_role("dialog", name="搜索")).to_be_visible()
