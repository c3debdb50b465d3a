"""Member lines of the demo's customers: who joined when they became a customer's, and a few who left last month."""

import datetime as dt
from collections.abc import Callable, Iterator

from django.db import transaction
from django.utils import timezone

from jike.apps.customers.actions import name_file, store_members
from jike.apps.customers.models import Customer, MemberBatch
from jike.apps.customers.rules import Line, State
from jike.apps.organisation.models import Person
from jike.foundation.scope import system_actor

__all__ = ["LINES", "make_members", "store"]

ACTOR = system_actor("演示数据")
LINES = 6_000
"""About as many lines join."""
DEPARTMENTS = ("综合部", "销售部", "生产部", "财务部", "信息部", "物流部")
BUNDLES = ("融合套餐 199", "融合套餐 129", "", "终端合约 24 个月", "")
LEAVING = 25
"""One of so many left."""


def make_members(advance: Callable[[int], None]) -> None:
    """Let lines of every active customer join, and some leave; files stored already are passed over."""
    today = timezone.localdate()
    last_month = today.replace(day=1) - dt.timedelta(days=1)
    lines = list(_lines(today))
    leaving = [one._replace(line=place) for place, one in enumerate(lines[::LEAVING], start=1)]
    store(MemberBatch.Kind.JOIN, "成员入网.csv", dt.date(today.year - 1, 1, 1), lines=lines)
    store(MemberBatch.Kind.LEAVE, f"成员退网{last_month:%Y%m}.csv", last_month, lines=leaving)
    advance(LINES)


def _lines(today: dt.date) -> Iterator[Line]:
    """Give each customer four to about fifty lines by its place, a few with a bundle that ends in months to come."""
    active = Customer.objects.filter(state=State.ACTIVE, removed_at=None)
    line = 0
    for place, code in enumerate(active.order_by("code").values_list("code", flat=True)):
        for number in range(4 + place * 29 % 47):
            line += 1
            bundle = BUNDLES[line % len(BUNDLES)]
            yield Line(
                line,
                code,
                f"136{place:04}{number:04}",
                f"6{line:04}",
                DEPARTMENTS[line % len(DEPARTMENTS)],
                bundle,
                today + dt.timedelta(days=15 + line % 400 - 730) if bundle else None,
                today + dt.timedelta(days=15 + line % 400) if bundle else None,
                "",
            )


@transaction.atomic
def store(kind: str, name: str, day: dt.date, *, lines: list[Line]) -> None:
    """Store a file of lines once."""
    if MemberBatch.objects.filter(file_name=name).exists():
        return
    person = Person.objects.filter(removed_at=None).order_by("pk").values_list("uid", flat=True)[0]
    batch = name_file(kind, name, actor=ACTOR, person=person, day=day)
    store_members(batch, lines, actor=ACTOR)
