"""Lists, boards, record pages and moved cards of the loop through HTTP, for those whose days they fill.

Everybody asks for what they may see; beside the clock stands the processor time of web server and database, which a
machine busy with other work hardly lengthens.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle

from benchmarks.ground.run import Report
from benchmarks.ground.served import served
from benchmarks.screens.asking import Screen, ask_again
from benchmarks.screens.browser import Answer, Browser
from benchmarks.screens.serving import Served, database_process
from jike.apps.organisation.demo import DEMO_PASSWORD
from jike.apps.organisation.models import Person
from jike.foundation.resource import Resource
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import visible
from tests.making import acting

__all__ = ["measure"]

GOAL_MS, PROVINCE_GOAL_MS, MOVE_GOAL_MS = 80, 200, 60
PEOPLE = {
    "a manager": "am001",
    "a city head": "ct001",
    "the province": "ph001",
    "an agent": "sa001",
    "a delivery manager": "dm001",
}
WIDE = ("the province", "a delivery manager")
"""Who sees a whole province on their boards."""
SLUGS = (
    *("customers", "opportunities", "agreements", "orders", "service-tasks", "products", "tickets", "visits"),
    *("bills", "warnings"),
)
ONLY = {"an agent": ("customers", "tickets"), "a delivery manager": ("orders", "service-tasks")}
"""Whose lists are few."""
DESK = ("/desk/", "/desk/queue/")
BOARDS = ("mine", "units", "service", "delivery")
SOME = 40


def measure(report: Report, database: str, *, rounds: int) -> None:
    """Serve the database and ask for every screen ``rounds`` times."""
    with served(database) as (address, process):
        server = Served(address, process, database_process())
        for who, name in PEOPLE.items():
            browser = Browser(address, name, password=DEMO_PASSWORD)
            for screen in _screens(who, browser):
                ask_again(report, screen, rounds=rounds, server=server)


def _screens(who: str, browser: Browser) -> Iterator[Screen]:
    actor = acting(Person.objects.get(staff_no=browser.name.upper()))
    wide = PROVINCE_GOAL_MS if who in WIDE else GOAL_MS

    def asking(path: str) -> Callable[[], Answer]:
        return lambda: browser.expect(path)

    for resource in map(all_resources().__getitem__, ONLY.get(who, SLUGS)):
        if actor.holds(f"{resource.kind}:view"):
            yield from _of_resource(who, resource, browser, wide=wide)
    for board in BOARDS:
        if browser.get(f"/boards/{board}/").status == 200:
            yield Screen(f"{who}: management board {board}", asking(f"/boards/{board}/"), wide)
    for path in DESK:
        if browser.get(path).status == 200:
            yield Screen(f"{who}: {path}", asking(path), GOAL_MS)
    if who == "a manager":
        yield Screen(f"{who}: moving a card", _moving(browser), MOVE_GOAL_MS)


def _of_resource(who: str, resource: Resource, browser: Browser, *, wide: float) -> Iterator[Screen]:
    slug = resource.slug
    yield Screen(f"{who}: {slug}, list", lambda: browser.expect(f"/{slug}/?scope=all"), GOAL_MS)
    if resource.states:
        yield Screen(
            f"{who}: {slug}, board", lambda: browser.expect(f"/{slug}/?scope=all&layout=board"), wide
        )
    addresses = [f"/{slug}/{uid}/" for uid in _some(resource, browser.name)]
    if addresses:
        yield Screen(f"{who}: {slug}, record", _one_after_another(browser, addresses), GOAL_MS)


def _some(resource: Resource, name: str) -> list[str]:
    """Return the uids of some records that the person sees, not all neighbours."""
    actor = acting(Person.objects.get(staff_no=name.upper()))
    found = visible(resource.model, actor).order_by("-id").values_list("uid", flat=True)
    return [str(uid) for uid in list(found[: SOME * 11])[::11]]


def _one_after_another(browser: Browser, addresses: Sequence[str]) -> Callable[[], Answer]:
    places = cycle(addresses)
    return lambda: browser.expect(next(places))


def _moving(browser: Browser) -> Callable[[], Answer]:
    """Move cards of a Kanban there and back, as their drag does."""
    from jike.apps.sales.models import Opportunity

    actor = acting(Person.objects.get(staff_no=browser.name.upper()))
    deals = list(visible(Opportunity, actor, "change_stage").filter(stage="need").order_by("id")[:SOME])
    versions = {deal.uid: deal.version for deal in deals}
    turns = cycle([(deal.uid, state) for state in ("solution", "need") for deal in deals])

    def move() -> Answer:
        uid, state = next(turns)
        answer = browser.post(f"/opportunities/{uid}/move/", {"state": state, "version": str(versions[uid])})
        if answer.status not in (200, 204) or b"dlg" in answer.raw:
            raise RuntimeError(f"the card did not move: {answer.status}")
        versions[uid] += 1
        return answer

    return move
