"""Where columns are computed: DuckDB on this machine, or Spark; both through the same Ibis expressions."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import ibis
import pyarrow as pa

MACROS = (
    "CREATE OR REPLACE MACRO div(a, b) AS a // b",
    "CREATE OR REPLACE MACRO shiftright(a, bits) AS CAST(a AS BIGINT)",
    "CREATE OR REPLACE MACRO unix_micros(a) AS epoch_us(a)",
)


class Backend(Protocol):
    """What the columnar execution needs of an engine.

    `adds` is with how many threads records may be added up beside it in this process (`adding.py`); 0 for never.
    """

    adds: int

    def read(self, files: Sequence[str]) -> Any:
        """Return Parquet files as one Ibis table."""

    def small(self, table: pa.Table) -> Any:
        """Return a small Arrow table as an Ibis table to be joined."""

    def keep(self, table: Any) -> Any:
        """Compute a table once and return what stands for the result."""

    def arrow(self, table: Any) -> pa.Table:
        """Return the rows."""

    def write(self, table: Any, path: Path) -> None:
        """Write the rows as Parquet."""

    def forget(self) -> None:
        """Drop what was kept."""

    def close(self) -> None:
        """Give everything back."""


class DuckDB:
    """DuckDB in this process, within a bound of memory, spilling to a folder of its own.

    Parameters
    ----------
    threads
        Cores to use; by default all.
    memory_mb
        What DuckDB may hold before it spills to disk.
    spill
        Folder for spilled data; by default a temporary one.
    grouping
        Leave all sums to DuckDB, also those that could be added by address.
    """

    def __init__(
        self,
        *,
        threads: int | None = None,
        memory_mb: int = 2_000,
        spill: str | None = None,
        grouping: bool = False,
    ) -> None:
        threads = threads or len(os.sched_getaffinity(0))
        self.adds = 0 if grouping else threads
        self._folder = tempfile.TemporaryDirectory(prefix="jike-rating-", dir=spill)
        self.connection = ibis.duckdb.connect(
            threads=threads,
            memory_limit=f"{memory_mb}MB",
            temp_directory=self._folder.name,
            preserve_insertion_order=False,
        )
        self._kept: list[str] = []
        self._numbers = itertools.count()
        for macro in MACROS:
            self.connection.raw_sql(macro)

    def read(self, files: Sequence[str]) -> Any:
        """Return Parquet files as one Ibis table."""
        return self.connection.read_parquet(list(files))

    def small(self, table: pa.Table) -> Any:
        """Store a small Arrow table, so that its statistics let DuckDB join by direct lookup."""
        self.connection.con.register("arriving", table)
        try:
            return self._store("SELECT * FROM arriving")
        finally:
            self.connection.con.unregister("arriving")

    def keep(self, table: Any) -> Any:
        """Compute a table once."""
        return self._store(self.connection.compile(table))

    def _store(self, query: str) -> Any:
        name = f"kept_{next(self._numbers)}"
        self._kept.append(name)
        self.connection.con.execute(f"CREATE TABLE {name} AS {query}")
        return self.connection.table(name)

    def arrow(self, table: Any) -> pa.Table:
        """Return the rows."""
        return self.connection.to_pyarrow(table)

    def write(self, table: Any, path: Path) -> None:
        """Write the rows as one Parquet file."""
        self.connection.to_parquet(table, path, compression="lz4")

    def forget(self) -> None:
        """Drop the tables that were kept."""
        for name in self._kept:
            self.connection.con.execute(f"DROP TABLE IF EXISTS {name}")
        self._kept.clear()

    def close(self) -> None:
        """Close the connection and remove what was spilled."""
        self.connection.disconnect()
        self._folder.cleanup()

    def __enter__(self) -> DuckDB:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Spark:
    """A Spark session given by the caller, who also stops it; needs the optional extra `spark` and Java 17."""

    adds = 0

    def __init__(self, session: Any) -> None:
        self._session = session
        self._numbers = itertools.count()
        self.connection = ibis.pyspark.connect(session)
        self._kept: list[Any] = []
        self._views: list[str] = []

    def read(self, files: Sequence[str]) -> Any:
        """Return Parquet files as one Ibis table (Ibis itself takes one path only)."""
        return self._view(self._session.read.parquet(*files))

    def small(self, table: pa.Table) -> Any:
        """Return a small Arrow table as a view."""
        return self._view(self._session.createDataFrame(table))

    def keep(self, table: Any) -> Any:
        """Let Spark cache a table once it is computed."""
        frame = self._session.sql(self.connection.compile(table)).cache()
        self._kept.append(frame)
        return self._view(frame)

    def _view(self, frame: Any) -> Any:
        name = f"jike_rating_{next(self._numbers)}"
        frame.createOrReplaceTempView(name)
        self._views.append(name)
        return self.connection.table(name)

    def arrow(self, table: Any) -> pa.Table:
        """Return the rows."""
        return self.connection.to_pyarrow(table)

    def write(self, table: Any, path: Path) -> None:
        """Write the rows as a folder of Parquet files."""
        self.connection.to_parquet(table, path)

    def forget(self) -> None:
        """Let Spark give up what it cached, and the views."""
        for frame in self._kept:
            frame.unpersist()
        for name in self._views:
            self._session.catalog.dropTempView(name)
        self._kept.clear()
        self._views.clear()

    def close(self) -> None:
        """Let go of what was cached; the session stays the caller's."""
        self.forget()
