"""Verifications as part of the history they verify: each leaves a change with its head and what it found."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from jike.foundation.audit.encoding import decode
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.audit.verifying import Verdict, verify
from jike.foundation.models.change import Change
from jike.foundation.scope import Actor

__all__ = ["Recorded", "last_verdict", "verify_and_record"]

KIND = "foundation.change"
THE_STREAM = UUID(int=0)
"""Stands for the stream as a whole where a change names a row."""


@dataclass(frozen=True)
class Recorded:
    """The outcome of a verification: the chain's head in hexadecimal, how many changes, a finding's sentence."""

    change: Change
    head: str
    changes: int
    finding: str


def verify_and_record(*, actor: Actor, progress: Callable[[int], None] | None = None) -> Verdict:
    """Verify the whole chain, which must still hold the head of the last sound verification, and record the outcome."""
    last = last_verdict(sound=True)
    verdict = verify(expected_head=bytes.fromhex(last.head) if last else None, progress=progress)
    facts = {
        "head": (None, verdict.head.hex()),
        "changes": (None, verdict.changes),
        "finding": (None, verdict.finding.sentence if verdict.finding else ""),
    }
    record_changes([Written(KIND, THE_STREAM, 1, facts)], actor=actor, verb="verify")
    return verdict


def last_verdict(*, sound: bool = False) -> Recorded | None:
    """Return the last verification (with ``sound`` the last that found nothing), or None."""
    rows = Change.objects.filter(uid=THE_STREAM, kind=KIND, verb="verify").annotate(
        payloads=F("values_row__payloads")
    )
    for change in rows.order_by("-pk")[:50]:
        told = {
            name: decode(payload) for name, payload in zip(change.fields, change.payloads or (), strict=False)
        }
        head, count, finding = (told.get(name) or (None, None) for name in ("head", "changes", "finding"))
        if head[1] is not None and not (sound and finding[1]):
            return Recorded(change, head[1], count[1] or 0, finding[1] or "")
    return None
