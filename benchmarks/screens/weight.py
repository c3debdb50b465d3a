"""What a page weighs on its way, at the first visit and after, and when the browser first paints it."""

import statistics
from typing import Any

__all__ = ["measure"]

FIRST_KB, LATER_KB, PAINT_MS = 250, 30, 1000
ROUNDS = 5
CHROMIUM = "/usr/bin/chromium"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
PAGES = {"home": "/", "list": "/customers/", "board": "/customers/?layout=board"}


def measure(report: Any, address: str, *, name: str, password: str) -> None:
    """Open pages in Chromium, each first with nothing kept from before."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for what, path in PAGES.items():
            first, later, painted, requests = [], [], [], 0
            for _ in range(ROUNDS):
                context = _signed_in(browser, address, name=name, password=password)
                page = context.new_page()
                link = context.new_cdp_session(page)
                link.send("Network.enable")
                link.send("Network.clearBrowserCache")
                weighed = _Weighed(link)
                page.goto(address + path, wait_until="networkidle")
                painted.append(page.evaluate(PAINTED))
                first.append(weighed.taken())
                requests = weighed.requests
                page.goto(address + path, wait_until="networkidle")
                later.append(weighed.taken())
                context.close()
            report.figure(
                f"{what}: weight of a first visit",
                statistics.median(first) / 1000,
                "kB",
                goal=FIRST_KB,
                higher_is_better=False,
            )
            report.figure(f"{what}: requests of a first visit", requests, "")
            report.figure(
                f"{what}: weight afterwards",
                statistics.median(later) / 1000,
                "kB",
                goal=LATER_KB,
                higher_is_better=False,
            )
            report.figure(
                f"{what}: first paint, median of {ROUNDS}",
                statistics.median(painted),
                "ms",
                goal=PAINT_MS,
                higher_is_better=False,
            )
            report.figure(f"{what}: first paint, quickest", min(painted), "ms")
        browser.close()


class _Weighed:
    """Adds up the bytes that came over the wire, heads included."""

    def __init__(self, link: Any) -> None:
        self._bytes, self.requests = 0.0, 0
        link.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, Any]) -> None:
        self._bytes += event["encodedDataLength"]
        self.requests += event["encodedDataLength"] > 0

    def taken(self) -> float:
        """Return the bytes since the last time."""
        taken, self._bytes = self._bytes, 0.0
        return taken


def _signed_in(browser: Any, address: str, *, name: str, password: str) -> Any:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/account/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    page.close()
    return context
