"""Checks of members: a person's runs, and what one of them found."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from jike.apps.customers.models import MemberCheck, MemberFinding
from jike.apps.customers.models.environment_labels import OPERATORS
from jike.apps.customers.models.labels import STATES
from jike.apps.customers.rules import Suspicion
from jike.foundation.errors import NotFound
from jike.foundation.scope import Actor

__all__ = ["findings_of", "member_check", "member_checks", "undecided"]

PAGE = 50
RUNS_SHOWN = 20


def member_checks(actor: Actor) -> list[MemberCheck]:
    """Return the person's latest checks."""
    rows = MemberCheck.objects.filter(person__in=[actor.uid]).select_related("customer")
    return list(rows.order_by("-id")[:RUNS_SHOWN])


def member_check(uid: UUID, actor: Actor) -> MemberCheck:
    """Return one of the person's own checks; others' look absent."""
    rows = MemberCheck.objects.filter(uid=uid, person__in=[actor.uid]).select_related("customer")
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def undecided(check: MemberCheck) -> dict[str, tuple[int, int]]:
    """Return reason → (how many were found, how many of them wait for a decision), the gravest first."""
    waiting = Count("pk", filter=Q(decision=""))
    rows = (
        MemberFinding.objects.filter(run=check)
        .values_list("reason")
        .annotate(found=Count("pk"), waiting=waiting)
    )
    counts = {reason: (found, left) for reason, found, left in rows.order_by()}
    return {str(one): counts[one] for one in Suspicion if one in counts}


def findings_of(
    check: MemberCheck, *, reason: str = "", after: int = 0, limit: int = PAGE
) -> tuple[list[tuple[MemberFinding, str]], int]:
    """Return findings in their order with what is told of them, and after which the next page begins (0 at the end)."""
    rows: Any = MemberFinding.objects.filter(run=check, pk__gt=after).select_related("customer")
    rows = rows.filter(reason=reason) if reason else rows
    found = list(rows.order_by("id")[: limit + 1])
    following = found[limit - 1].pk if len(found) > limit else 0
    return [(one, _told(one)) for one in found[:limit]], following


def _told(one: MemberFinding) -> str:
    if one.reason == Suspicion.FOREIGN:
        return str(OPERATORS.get(one.told, one.told))
    if one.reason == Suspicion.STATE:
        return str(STATES.get(one.told, one.told))
    return one.told
