"""What happened to the demo's members since they joined: bundles changed, some left, moved or came back; and snapshots.

Month after month a file of those who left is stored, a few of them join again here or elsewhere, and what became of the
snapshots' members is counted, as the first night of each month does.
"""

import datetime as dt
from collections.abc import Callable
from random import Random

from django.utils import timezone

from jike.apps.customers.actions import begin_member_check, count_member_fates, take_member_snapshot
from jike.apps.customers.demo.members import store
from jike.apps.customers.models import Customer, Member, MemberBatch, MemberCheck, MemberSnapshot
from jike.apps.customers.rules import Line, State
from jike.apps.organisation.models import Person
from jike.foundation.directory import actor_of
from jike.foundation.scope import system_actor
from jike.values.period import add_months

__all__ = ["ROWS", "make_stories"]

ACTOR = system_actor("演示数据")
SEED = 20260108
ROWS = 1_500
MONTHS = 9
"""So many months ago the older snapshot was taken; the younger one half as long ago."""
LEAVING = 0.009
CHECKERS = ("AM001", "CT001")
"""Who looks for false members first."""
Kind = MemberBatch.Kind


def make_stories(advance: Callable[[int], None]) -> None:
    """Let the months pass; a month whose files are stored is passed over."""
    first = timezone.localdate().replace(day=1)
    ends = [add_months(first, -place) - dt.timedelta(days=1) for place in range(MONTHS, -1, -1)]
    _strangers(ends[0])
    frozen = (ends[0], ends[MONTHS // 2])
    for on in ends:
        if on > ends[0]:
            _month(on)
        if on in frozen and not MemberSnapshot.objects.filter(taken_on=on).exists():
            take_member_snapshot(actor=ACTOR, on=on)
        for snapshot in MemberSnapshot.objects.filter(taken_on__lt=on).exclude(counted_on__gte=on):
            count_member_fates(snapshot, actor=ACTOR, on=on)
        advance(ROWS // len(ends))
    _check()


def _month(on: dt.date) -> None:
    """Let some leave in the month that ends on the day; of these one in eight returns, one in eight joins elsewhere."""
    if MemberBatch.objects.filter(file_name=f"成员退网{on:%Y-%m}.csv").exists():
        return
    random = Random(f"{SEED}{on:%Y%m}")  # noqa: S311 — invented data, nothing secret
    standing = Member.objects.filter(left_on=None).order_by("number").values_list("number", "customer__code")
    gone = [pair for pair in standing if random.random() < LEAVING]
    day = on - dt.timedelta(days=random.randrange(3, 20))
    store(Kind.LEAVE, f"成员退网{on:%Y-%m}.csv", day, lines=_lines([("", number) for number, _code in gone]))
    active = Customer.objects.filter(state=State.ACTIVE, removed_at=None).order_by("code")
    codes = list(active.values_list("code", flat=True))
    back = [(code, number) for number, code in gone[::8]] + [
        (codes[place * 31 % len(codes)], number) for place, (number, _code) in enumerate(gone[4::8])
    ]
    later = day + dt.timedelta(days=2)
    store(Kind.JOIN, f"成员复机{on:%Y-%m}.csv", later, lines=_lines(back))


def _lines(pairs: list[tuple[str, str]]) -> list[Line]:
    return [
        Line(place, code, number, "", "", "", None, None, "")
        for place, (code, number) in enumerate(pairs, start=1)
    ]


def _strangers(on: dt.date) -> None:
    """Let an agent's file join that a check finds fault with: other operators' ranges, and some of nobody."""
    active = Customer.objects.filter(state=State.ACTIVE, removed_at=None).order_by("code")
    codes = list(active.values_list("code", flat=True)[:60])
    ranges = ("130", "133", "189", "156", "128")
    pairs = [(code, f"{ranges[place % 5]}6600{place:04}") for place, code in enumerate(codes)]
    store(Kind.JOIN, "代理商报送成员.csv", on - dt.timedelta(days=40), lines=_lines(pairs))


def _check() -> None:
    for person in Person.objects.filter(staff_no__in=CHECKERS, removed_at=None):
        actor = actor_of(person.uid)
        if actor is not None and not MemberCheck.objects.filter(person=person.uid).exists():
            begin_member_check(actor=actor)
