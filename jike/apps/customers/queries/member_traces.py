"""Where a person's telephone number stands among the members of their customer: today's, former, frozen, checked.

A key person's own telephone is often a line of the company. As long as it is, it is the company's; then it is nobody's.
"""

from typing import Any, NamedTuple

from django.db.models import QuerySet

from jike.apps.customers.models import (
    KeyPerson,
    Member,
    MemberFinding,
    MemberFormer,
    MemberSnapshot,
    MemberSnapshotLine,
)
from jike.apps.customers.rules.requests import numbers_known_as

__all__ = ["MemberTraces", "member_traces"]


class MemberTraces(NamedTuple):
    """Rows of ledgers in which one of the ``numbers`` stands."""

    numbers: frozenset[str]
    members: QuerySet[Member]
    formers: QuerySet[MemberFormer]
    frozen: QuerySet[MemberSnapshotLine]
    findings: QuerySet[MemberFinding]

    def rows(self) -> list[Any]:
        """Return all of them, ledger by ledger."""
        return [row for some in self[1:] for row in some]

    def ours(self) -> frozenset[str]:
        """Return the numbers that are lines of the customer today."""
        return frozenset(self.members.filter(left_on=None).values_list("number", flat=True))


def member_traces(person: KeyPerson, numbers: frozenset[str] | None = None) -> MemberTraces:
    """Return the traces of the person's numbers, or of these ``numbers``, at the person's customer."""
    known = numbers_known_as(person.phone.split(";")) if numbers is None else numbers
    members = Member.objects.filter(customer=person.customer_id, number__in=known)
    joined = list(members.values_list("batch", flat=True))
    snapshots = list(MemberSnapshot.objects.values_list("pk", flat=True)) if known else []
    frozen = MemberSnapshotLine.objects.filter(snapshot__in=snapshots, customer=person.customer_id)
    return MemberTraces(
        numbers=known,
        members=members,
        formers=MemberFormer.objects.filter(number__in=known, joined_by__in=joined),
        frozen=frozen.filter(numbers__overlap=list(known)),
        findings=MemberFinding.objects.filter(customer=person.customer_id, number__in=known),
    )
