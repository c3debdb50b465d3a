"""`make shots`: starts a demo of its own, signs in under each demo name and takes the guide's pictures anew.

What the guide shows of single pages is in `GUIDE`; look at the pictures before you commit them. Those of the loop and
of the grids of quotes show work in its middle and are taken by hand.

`make shots ARGS=sheet` pictures every page, with a record and a form of each list, at both sizes, light and
dark, in both languages, and lays them out on one contact sheet in `.jike/shots/sheet/` (index.html and sheet.png).
Names to sign in with, after `sheet`, picture only what these people see; what no menu leads to is in `SCENES`.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect, sync_playwright

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


@dataclass(frozen=True)
class Scene:
    """A page that no menu leads to, or one as it looks after some clicks."""

    name: str
    who: str
    path: str
    clicks: tuple[str, ...] = ()
    """What to click, one after the other; what is not shown (in this size) is passed over."""
    paper: bool = False


FIRST_RECORD = "main .dt[data-rows] td.nm a"
FIRST_GROUP = "/customers/?where=%5B%5B%22code%22,%22is%22,%22KH00000001%22%5D%5D"
GUIDE = (
    ("home", "am001", "/"),
    ("customers", "ph001", "/customers/"),
    ("record", "ph001", "/customers/?sort=-monthly_revenue", FIRST_RECORD),
    ("group-tree", "ph001", FIRST_GROUP, FIRST_RECORD, "#tab-tree"),
    ("influence-map", "ph001", FIRST_GROUP, FIRST_RECORD, "#tab-people"),
    ("rivals", "ph001", "/rival-lines/ending/?months=12"),
    ("interactions", "am001", "/interactions/"),
    ("letter", "am001", "/customers/", FIRST_RECORD, ".rec-v a[href$='/mail/']"),
    ("hand-over", "am001", "/hand-overs/", FIRST_RECORD),
    ("members", "ph001", "/customers/?sort=-monthly_revenue", FIRST_RECORD, "#tab-members"),
    ("custom-fields", "sys001", "/custom-fields/"),
    ("retention", "ph001", "/members/snapshots/"),
    ("board", "ph001", "/boards/"),
    ("desk", "sa001", "/desk/"),
)
"""Name of the picture, who looks, at which page, and the links to go on by from there."""
MORE, EXPORT = ".vb-2 > .push > details.menu:last-of-type summary", "form[hx-post$='/export/'] button"
CHOOSE = ("[data-choose]", ".dt tr:nth-child(2) .cb", ".dt tr:nth-child(4) .cb")
TOP_RECORD = "/customers/?sort=-monthly_revenue"
SCENES = (
    Scene("drawer", "ph001", TOP_RECORD, (FIRST_RECORD,)),
    Scene("propose", "am001", TOP_RECORD, (FIRST_RECORD, "a[href$='/propose/']")),
    Scene("complete", "am001", TOP_RECORD, (FIRST_RECORD, "details.cpl summary")),
    Scene("filter", "ph001", "/customers/", (".chip-new",)),
    Scene("choosing", "ph001", "/customers/", CHOOSE),
    Scene("bulk-edit", "ph001", "/customers/", (*CHOOSE, "[hx-post$='/bulk/']")),
    Scene("export", "ph001", "/customers/", (MORE, EXPORT)),
    Scene("palette", "ph001", "/", ("[data-palette]",)),
    Scene("bin", "ph001", "/customers/bin/"),
    Scene("empty-list", "ph001", "/customers/?q=%E6%97%A0%E6%AD%A4%E5%AE%A2%E6%88%B7"),
    Scene("notices", "am001", "/notices/"),
    Scene("tasks-of-mine", "ph001", "/background/"),
    Scene("interface", "ph001", "/api/docs/"),
    Scene("patterns", "sys001", "/ui/"),
    Scene("absent", "am001", "/nothing-here/"),
    Scene("paper-list", "ph001", "/customers/", paper=True),
    Scene("paper-record", "ph001", TOP_RECORD, (FIRST_RECORD, ".drawer .dw-h a"), paper=True),
    Scene("editing-a-fact", "ph001", TOP_RECORD, (FIRST_RECORD, ".drawer .dw-h a", "button.fact-v")),
)
GUIDE_VIEW = View("", DESK, "zh-hans")
EVERY_VIEW = [
    View(f"{place}-{language[:2]}-{'dark' if dark else 'light'}", size, language, dark)
    for place, size in (("desk", DESK), ("phone", PHONE))
    for language in ("zh-hans", "en")
    for dark in (False, True)
]
SHEET = HOME / "sheet"


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


def take(browser: Browser, served: Demo) -> Iterator[Path]:
    """Take the guide's pictures; gives the files written."""
    page = opened(browser, served, GUIDE_VIEW)
    page.goto(f"{served.address}/account/login/")
    yield picture(page, "sign-in", GUIDE_VIEW)
    page.context.close()
    passwords = dict(served.names)
    for picture_name, name, path, *onward in GUIDE:
        page = opened(browser, served, GUIDE_VIEW)
        sign_in(page, served, name, passwords[name])
        speak(page, GUIDE_VIEW.language)
        page.goto(served.address + path, wait_until="networkidle")
        for link in onward:
            page.goto(str(page.locator(link).first.evaluate("link => link.href")), wait_until="networkidle")
        yield picture(page, picture_name, GUIDE_VIEW)
        page.context.close()


def sign_in(page: Page, served: Demo, name: str, password: str) -> None:
    page.goto(f"{served.address}/account/login/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(password)
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("input[name=password]").press("Enter")


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
    target = folder / (f"{name}-{view.name}.png" if view.name else f"{name}.png")
    page.screenshot(path=target, animations="disabled", caret="hide")
    return target


def contact_sheet(browser: Browser, served: Demo, only: Collection[str]) -> Path:
    """Picture every page in every view, and lay the pictures out on one page, a line for each page."""
    SHEET.mkdir(parents=True, exist_ok=True)
    people = [(name, password) for name, password in served.names if not only or name in only]
    lines: dict[str, list[str]] = {}
    for view in EVERY_VIEW:
        for page_name, taken in _every_page(browser, Demo(served.address, people), view):
            lines.setdefault(page_name, []).append(taken.name)
    (SHEET / "index.html").write_text(_laid_out(lines), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1760, "height": 900})
    page.goto((SHEET / "index.html").as_uri())
    page.screenshot(path=SHEET / "sheet.png", full_page=True)
    page.close()
    return SHEET / "index.html"


def _every_page(browser: Browser, served: Demo, view: View) -> Iterator[tuple[str, Path]]:
    """Picture what each menu leads to, the first record of each list and the form for another one."""
    seen: set[str] = set()
    for number, (name, password) in enumerate(served.names):
        page = opened(browser, served, view)
        if not number:
            page.goto(f"{served.address}/account/login/")
            yield "sign-in", picture(page, "sign-in", view, folder=SHEET)
        sign_in(page, served, name, password)
        speak(page, view.language)
        for path in [path for path in ["/", *menu(page)] if path == "/" or path not in seen]:
            seen.add(path)
            page_name = path.strip("/").replace("/", "-") or f"home-{name}"
            for part, address in {"": path, **_behind(page, served, path)}.items():
                page.goto(served.address + address, wait_until="networkidle")
                yield page_name + part, picture(page, page_name + part, view, folder=SHEET)
        for scene in SCENES:
            if scene.who == name:
                played(page, served, scene)
                yield scene.name, picture(page, scene.name, view, folder=SHEET)
                page.emulate_media(media=None)
        page.context.close()


def played(page: Page, served: Demo, scene: Scene) -> None:
    """Go where the scene is and click what it asks for."""
    page.goto(served.address + scene.path, wait_until="networkidle")
    for selector in scene.clicks:
        found = page.locator(selector).first
        if found.is_visible():
            found.click()
            expect(page.locator(".htmx-request")).to_have_count(0)
            page.wait_for_load_state("networkidle")
    if scene.paper:
        page.emulate_media(media="print")


def _behind(page: Page, served: Demo, path: str) -> dict[str, str]:
    """Return the first record of a list and the form for a new one, each under a name of its own."""
    page.goto(served.address + path, wait_until="networkidle")
    record, form = page.locator(FIRST_RECORD).first, page.locator(f"main a[href='{path}new/']").first
    found = {}
    if record.count():
        found["-record"] = urlsplit(str(record.evaluate("link => link.href"))).path
    if form.count():
        found["-new"] = f"{path}new/"
    return found


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
            print(contact_sheet(browser, served, sys.argv[2:]))  # noqa: T201 — a command's output
        else:
            for written in take(browser, served):
                print(written.relative_to(ROOT))  # noqa: T201 — a command's output
        browser.close()


if __name__ == "__main__":
    main()
