"""The watch over the history: every night it is verified, and what is found is told to those who answer for it.

Above jobs and events, because it uses both; who answers for the history is for higher capabilities to say.
"""

import logging
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from jike.foundation.audit import Verdict
from jike.foundation.audit.verdicts import verify_and_record
from jike.foundation.events import publish
from jike.foundation.jobs import Progress, job
from jike.foundation.notify import Channel, Topic, declare_topics
from jike.foundation.scope import system_actor

__all__ = ["ALTERED", "HistoryAltered", "raise_alarm", "verify_history"]

log = logging.getLogger("jike.history")
ALTERED = Topic(
    "foundation.history_altered",
    _("The history of changes was altered"),
    Channel.DIGEST,
    page="foundation:audit",
)
declare_topics(ALTERED)


@dataclass(frozen=True)
class HistoryAltered:
    """A verification found something; ``finding`` says what, ``mark`` is the same whenever that is found again."""

    finding: str
    mark: str


@job("foundation.verify_history", label=_("Verify the history of changes"), cron="0 4 * * *")
def verify_history(*, progress: Progress) -> None:
    """Verify every sealed change and record the outcome; anybody who may see the history finds it there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(rows), 0) FROM foundation_seal")
        total = int(cursor.fetchone()[0])
    verdict = verify_and_record(
        actor=system_actor("foundation.verify_history"),
        progress=lambda done: progress(min(done, total - 1), total),
    )
    raise_alarm(verdict)
    progress(total, total, verdict.finding.sentence if verdict.finding else "")


def raise_alarm(verdict: Verdict) -> None:
    """Have those who answer for the history told of what was found, if anything was."""
    found = verdict.finding
    if found is None:
        return
    log.critical("the history of changes was altered: %s", found.sentence)
    with transaction.atomic():
        publish(HistoryAltered(found.sentence, f"history:{found.seal}:{found.change or 0}"))
