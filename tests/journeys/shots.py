"""`make shots`: starts a demo of its own, signs in under each demo name and takes the guide's pictures anew.

Every page that a menu leads to is pictured once, by the first person who may open it: at a desk in both languages, on a
phone in Chinese, and the first page also dark. Look at them before you commit them.

`make shots ARGS=sheet` pictures every page, with a record and a form of each list, at both sizes, light and
dark, in both languages, and lays them out on one contact sheet in `.jike/shots/sheet/` (index.html and sheet.png).
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.house.tree import ROOT

PICTURES = ROOT / "docs" / "guide" / "img"
HOME = ROOT / ".jike" / "shots"
DESK, PHONE = (1440, 900), (390, 844)
ADDRESS = re.compile(r"(https?://[\w.:\[\]-]+:\d+)")
NAME = re.compile(r"^ {2}(\S+)\s+(\S+)\s{2,}(\S.*)$")


@dataclass(frozen=True)
class Demo:
    """A running demo: its address, and (name, password) pairs to sign in with."""

    address: str
    names: list[tuple[str, str]]


@dataclass(frozen=True)
class View:
    """How a picture is taken."""

    name: str
    size: tuple[int, int]
    language: str
    dark: bool = False


VIEWS = [View("desk-zh", DESK, "zh-hans"), View("desk-en", DESK, "en"), View("phone-zh", PHONE, "zh-hans")]
EVERY_VIEW = [
    View(f"{place}-{language[:2]}-{'dark' if dark else 'light'}", size, language, dark)
    for place, size in (("desk", DESK), ("phone", PHONE))
    for language in ("zh-hans", "en")
    for dark in (False, True)
]
SHEET = HOME / "sheet"
NIGHT = View("desk-zh-dark", DESK, "zh-hans", dark=True)


@contextmanager
def demo() -> Iterator[Demo]:
    """Serve demo data on a free port until the pictures are taken."""
    environment = {**os.environ, "JIKE_HOME": str(HOME), "JIKE_PORT": "0", "PYTHONUNBUFFERED": "1"}
    command = [str(Path(sys.executable).with_name("jike")), "demo"]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE)
    try:
        yield announced(running)
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(timeout=60)


def announced(running: subprocess.Popen[str]) -> Demo:
    """Read what the demo prints up to its address."""
    names: list[tuple[str, str]] = []
    assert running.stdout is not None
    for line in running.stdout:
        print(line, end="")  # noqa: T201 — the demo's own progress
        if found := ADDRESS.search(line):
            return Demo(found.group(1), names)
        if (entry := NAME.match(line)) and entry.group(3) != "role":
            names.append((entry.group(1), entry.group(2)))
    raise SystemExit("The demo ended before it told its address.")


def take(browser: Browser, served: Demo, view: View) -> Iterator[Path]:
    """Picture every page of every menu once; gives the files written."""
    seen: set[str] = set()
    for name, password in served.names:
        page = opened(browser, served, view)
        page.goto(f"{served.address}/account/login/")
        if not seen:
            yield picture(page, "sign-in", view)
        page.locator("input[name=login]").fill(name)
        page.locator("input[name=password]").fill(password)
        with page.expect_navigation(wait_until="networkidle"):
            page.locator("input[name=password]").press("Enter")
        speak(page, view.language)
        for path in [path for path in menu(page) if path not in seen]:
            seen.add(path)
            page.goto(served.address + path)
            page.wait_for_load_state("networkidle")
            yield picture(page, path.strip("/").replace("/", "-") or "home", view)
            if view == NIGHT:
                break
        page.context.close()
        if view == NIGHT:
            break


def opened(browser: Browser, served: Demo, view: View) -> Page:
    width, height = view.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if view.dark else "light",
        locale="en-GB" if view.language == "en" else "zh-CN",
        reduced_motion="reduce",
        is_mobile=view.size == PHONE,
        has_touch=view.size == PHONE,
    )
    context.add_cookies([{"name": "jike_language", "value": view.language, "url": served.address}])
    return context.new_page()


def speak(page: Page, language: str) -> None:
    """Choose the language in the personal menu; it is kept with the person, not in the browser."""
    if (page.locator("html").get_attribute("lang") or "").startswith(language[:2]):
        return
    with page.expect_navigation(wait_until="networkidle"):
        page.locator(f"button[name=language][value={language}]").first.evaluate("button => button.click()")


def menu(page: Page) -> list[str]:
    """Paths that the navigation leads to."""
    links = page.locator("nav a[href^='/']").evaluate_all("links => links.map(link => link.href)")
    return list(dict.fromkeys(urlsplit(link).path for link in links))


def picture(page: Page, name: str, view: View, *, folder: Path = PICTURES) -> Path:
    target = folder / f"{name}-{view.name}.png"
    page.screenshot(path=target, animations="disabled", caret="hide")
    return target


def contact_sheet(browser: Browser, served: Demo) -> Path:
    """Picture every page in every view, and lay the pictures out on one page, a line for each page."""
    SHEET.mkdir(parents=True, exist_ok=True)
    lines: dict[str, list[str]] = {}
    for view in EVERY_VIEW:
        for taken in _every_page(browser, served, view):
            lines.setdefault(taken.name.removesuffix(f"-{view.name}.png"), []).append(taken.name)
    (SHEET / "index.html").write_text(_laid_out(lines), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1760, "height": 900})
    page.goto((SHEET / "index.html").as_uri())
    page.screenshot(path=SHEET / "sheet.png", full_page=True)
    page.close()
    return SHEET / "index.html"


def _every_page(browser: Browser, served: Demo, view: View) -> Iterator[Path]:
    seen: set[str] = set()
    for name, password in served.names:
        page = opened(browser, served, view)
        page.goto(f"{served.address}/account/login/")
        if not seen:
            yield picture(page, "sign-in", view, folder=SHEET)
        page.locator("input[name=login]").fill(name)
        page.locator("input[name=password]").fill(password)
        with page.expect_navigation(wait_until="networkidle"):
            page.locator("input[name=password]").press("Enter")
        speak(page, view.language)
        waiting = [*menu(page), "/notices/", "/ui/", "/nothing-here/"]
        while waiting:
            path = waiting.pop(0)
            if path in seen:
                continue
            seen.add(path)
            page.goto(served.address + path)
            page.wait_for_load_state("networkidle")
            yield picture(page, path.strip("/").replace("/", "-") or "home", view, folder=SHEET)
            waiting += _behind(page, path)
        page.context.close()


def _behind(page: Page, path: str) -> list[str]:
    """Return the first record of a list, under a name that is the same in every view, and the form for a new one."""
    record = page.locator("main .dt td.nm a").first
    found = [urlsplit(str(record.evaluate("link => link.href"))).path] if record.count() else []
    form = page.locator(f"main a[href='{path}new/']").first
    return [*found, f"{path}new/"] if form.count() else found


def _laid_out(lines: dict[str, list[str]]) -> str:
    """Return the contact sheet: a line for each page, a column for each view."""
    shown = "".join(f"<h2>{name}</h2><div>{_images(files)}</div>" for name, files in sorted(lines.items()))
    style = (
        "body{font:14px sans-serif;margin:16px}div{display:flex;gap:8px;align-items:start}img{width:300px}"
    )
    narrow = "img[src*=phone]{width:110px}"
    return f"<!doctype html><meta charset=utf-8><title>Jike</title><style>{style}{narrow}</style>{shown}"


def _images(files: Iterable[str]) -> str:
    return "".join(f'<a href="{file}"><img src="{file}" alt="{file}" loading="eager"></a>' for file in files)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with demo() as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        if "sheet" in sys.argv[1:]:
            print(contact_sheet(browser, served))  # noqa: T201 — a command's output
            browser.close()
            return
        for view in [*VIEWS, NIGHT]:
            for written in take(browser, served, view):
                print(written.relative_to(ROOT))  # noqa: T201 — a command's output
        browser.close()


if __name__ == "__main__":
    main()
