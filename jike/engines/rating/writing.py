"""Charged records as Parquet: one file for each thread, counted while it is written."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ITEMISED = pa.schema(
    [(name, pa.int64()) for name in ("id", "member", "units", "free", "charge")]
    + [(name, pa.int16()) for name in ("item", "rule", "reason")]
)
REPEATING = ["free", "item", "rule", "reason"]
LOW = 32


class ChargedFile:
    """A file of `ITEMISED` records.

    Attributes
    ----------
    charge
        Li of all records written.
    records
        How many.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.charge, self.records = path, 0, 0
        # Numbers that hardly repeat are neither looked up in a dictionary nor packed: both cost more than all else.
        self._writer = pq.ParquetWriter(
            path,
            ITEMISED,
            compression="none",
            use_dictionary=REPEATING,
            column_encoding={"id": "DELTA_BINARY_PACKED"},
        )

    def write(self, columns: list[Any]) -> None:
        """Write records, given by column."""
        charge = columns[4]
        # In two halves, so that no sum of a batch leaves int64.
        self.charge += (int((charge >> LOW).sum()) << LOW) + int((charge & np.int64((1 << LOW) - 1)).sum())
        self.records += len(charge)
        self._writer.write_batch(pa.record_batch(columns, schema=ITEMISED))

    def __enter__(self) -> ChargedFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
