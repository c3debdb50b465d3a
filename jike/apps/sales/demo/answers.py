"""Opportunities that account managers made of what rivals supply and of what their customers need."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from jike.apps.customers.models import Need, RivalLine
from jike.apps.sales.actions import answer_need, answer_rival_line
from jike.foundation.directory import actor_of
from jike.foundation.errors import RuleBroken

__all__ = ["ANSWERS", "make_answers"]

ANSWERS = 16
AHEAD = dt.timedelta(days=45)


def make_answers(advance: Callable[[int], None]) -> None:
    """Answer some that nobody has answered yet, as their customers' managers; once."""
    if RivalLine.objects.filter(answer_uid__isnull=False).exists():
        return
    today = timezone.localdate()
    lines = RivalLine.objects.filter(ends_on__gt=today, removed_at=None).order_by("ends_on", "id")
    needs = Need.objects.filter(state="confirmed", removed_at=None).order_by("wanted_on", "id")
    rows: list[RivalLine | Need] = [
        *lines.select_related("customer__owner")[: ANSWERS * 9 // 4 : 3],
        *needs.select_related("customer__owner")[: ANSWERS * 3 // 4 : 3],
    ]
    for row in rows:
        actor = actor_of(row.customer.owner.uid) if row.customer.owner else None
        if actor is None:
            continue
        try:
            with transaction.atomic():
                if isinstance(row, RivalLine):
                    amount = row.monthly_price or Decimal(3000)
                    name = f"争回{row.site}{row.get_family_display()}"
                    answer_rival_line(
                        row, actor=actor, name=name, monthly_amount=amount, expected_on=row.ends_on
                    )
                else:
                    answer_need(row, actor=actor, name=row.name, expected_on=row.wanted_on or today + AHEAD)
        except RuleBroken:
            continue  # a colleague's protected opportunity of the same customer and family stands first
        advance(1)
