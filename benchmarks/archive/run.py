"""Runs the parts of `jike bench archive` on the site of JIKE_HOME, which holds the demo data of a bench scale.

`jike demo --scale archive --no-serve` makes a million customers, `--scale M` a hundred thousand. What else the parts
need (members, one customer's long life) is made here once and stays, so that a second run begins to measure at once;
what is measured by changing (hand-over, snapshots) is taken back at the end.
"""

import os
from collections.abc import Callable, Mapping

from benchmarks.ground.run import Report
from jike.site.commands.process import load_django

__all__ = ["PARTS", "run"]

PARTS = ("page", "tree", "members", "hand_over", "snapshot", "check")


def run(
    report: Report,
    *,
    members: int = 10_000_000,
    large: int = 50_000,
    entries: int = 5_000,
    tree: int = 2_000,
    moved: int = 5_000,
    rounds: int = 40,
    only: str = "",
) -> None:
    """Measure every part, or the one that ``only`` names (page, tree, members, hand_over, snapshot, check).

    Parameters
    ----------
    members, large
        Members in all, and of the one large customer among them.
    entries, tree, moved
        Entries of one customer's timeline, nodes of one group, customers handed over at once.
    rounds
        How often each page is asked for.
    """
    load_django()
    if only not in ("", *PARTS):
        raise LookupError(f"there is no part {only!r}; there are: {', '.join(PARTS)}")
    from benchmarks.archive import filling, handing, masses, pages
    from jike.apps.customers.models import Customer, Member

    report.size("customers", Customer.objects.count())
    report.size("load average of the machine at the beginning", os.getloadavg()[0])
    if only in ("", "members", "snapshot", "check"):
        filling.make_members(report, members=members, large=large)
        report.size("members", Member.objects.filter(left_on=None).count())
    if only in ("", "page"):
        filling.make_entries(report, entries=entries)
    report.size("rounds of each page", rounds)
    if only in ("", "page", "tree", "members"):
        pages.measure(report, rounds=rounds, only=only, nodes=tree)
    parts: Mapping[str, Callable[[], None]] = {
        "hand_over": lambda: handing.measure(report, moved=moved),
        "snapshot": lambda: masses.measure_snapshot(report),
        "check": lambda: masses.measure_check(report),
    }
    for name, measure in parts.items():
        if only in ("", name):
            measure()
    report.size("load average of the machine at the end", os.getloadavg()[0])
