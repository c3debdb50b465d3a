"""The one gate for writing, and the change stream it writes in the same transaction.

`creating`, `changing`, `removing` and `restoring` work on one row, `creating_many` and `changing_many` set-wise,
`load_ledger` for facts that are loaded and never edited, `maintain_columns` for what follows from them, `load_records`
for the makers of large data sets, `blotting` and `erasing` at a person's wish. Nothing else saves.
"""

from jike.foundation.audit.batches import load_records, loading, maintain_columns, reserve_ids
from jike.foundation.audit.forgetting import blotting, erasing, forget, forgetting
from jike.foundation.audit.gate import Under, changing, creating, removing, restoring
from jike.foundation.audit.ledger import load_ledger
from jike.foundation.audit.restoring_stream import begin_new_era
from jike.foundation.audit.sealing import seal_pending, sealing_lag_seconds
from jike.foundation.audit.setwise import Outcome, changing_many, creating_many
from jike.foundation.audit.stream import Entry, Position, histories_of, history_of, note, settled_changes
from jike.foundation.audit.verifying import Finding, Verdict, verify

__all__ = [
    "Entry",
    "Finding",
    "Outcome",
    "Position",
    "Under",
    "Verdict",
    "begin_new_era",
    "blotting",
    "changing",
    "changing_many",
    "creating",
    "creating_many",
    "erasing",
    "forget",
    "forgetting",
    "histories_of",
    "history_of",
    "load_ledger",
    "load_records",
    "loading",
    "maintain_columns",
    "note",
    "removing",
    "reserve_ids",
    "restoring",
    "seal_pending",
    "sealing_lag_seconds",
    "settled_changes",
    "verify",
]
