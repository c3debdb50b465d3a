"""What a rating gives back: every line, who pays it, the tax on it, and what happened to every record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa

from jike.engines.rating.errors import RatingError
from jike.engines.rating.members import Month
from jike.engines.rating.settlement_columns import Settled
from jike.engines.rating.tariff import Tariff

LINES = pa.schema(
    [
        ("customer", pa.int64()),
        ("member", pa.int64()),
        ("line", pa.dictionary(pa.int32(), pa.string())),
        ("records", pa.int64()),
        ("units", pa.int64()),
        ("free", pa.int64()),
        ("charge", pa.int64()),
    ]
)


@dataclass
class Result:
    """The bill of one tariff and month.

    Attributes
    ----------
    read, unrated
        Records read, and how many were not rated by reason; `rated` is the rest.
    usage
        Usage lines: owner (= member), customer, item (index), records, units, free, charge in li.
    settled
        Fees, adjustments, payers and taxes as columns.
    carried
        Units carried into the next month, by (owner, allowance name).

    Raises
    ------
    RatingError
        The records rated and unrated are not together those read; never expected.
    """

    tariff: Tariff
    month: Month
    read: int
    rated: int
    unrated: dict[str, int]
    usage: pa.Table
    settled: Settled
    carried: dict[tuple[int, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.rated + sum(self.unrated.values()) != self.read:
            raise RatingError(f"{self.rated} records rated and {self.unrated} not, but {self.read} read")

    @cached_property
    def total(self) -> int:
        """Sum of all bills in li."""
        return int(self.settled.customer_totals.sum())

    def lines(self) -> pa.Table:
        """Return all lines: usage with its quantities, then fees, adjustments and tax; member 0 is the customer."""
        names = [i.name for i in self.tariff.items]
        usage = self.usage
        line = pa.DictionaryArray.from_arrays(
            usage["item"].combine_chunks().cast(pa.int32()), pa.array(names, pa.string())
        )
        columns = [
            usage["customer"],
            usage["owner"],
            line,
            usage["records"],
            usage["units"],
            usage["free"],
            usage["charge"],
        ]
        first = pa.table(columns, schema=LINES) if names else LINES.empty_table()
        others = [part for part in self._other_lines(set(names)) if part.num_rows]
        return pa.concat_tables([first, *others]).unify_dictionaries()

    def _other_lines(self, usage: set[str]) -> Iterator[pa.Table]:
        facts = self.settled.facts
        for name, column in self.settled.member_lines.items():
            if name not in usage:
                yield _some(facts.customer, facts.member, name, column=column)
        for name, column in self.settled.customer_lines.items():
            yield _some(facts.customers, np.zeros_like(facts.customers), name, column=column)

    def paid(self) -> pa.Table:
        """Return who pays what: customer, member, payer, agreement, charge in li."""
        facts, parts = self.settled.facts, []
        for (payer, agreement), column in self.settled.member_paid.items():
            parts.append(_agreed(facts.customer, facts.member, (payer, agreement), column=column))
        for (payer, agreement), column in self.settled.customer_paid.items():
            parts.append(
                _agreed(facts.customers, np.zeros_like(facts.customers), (payer, agreement), column=column)
            )
        return pa.concat_tables(parts)

    def taxes(self) -> pa.Table:
        """Return customer, member, rate (basis points), sum and tax in li."""
        facts, parts = self.settled.facts, []
        for members, taxes in ((True, self.settled.member_taxes), (False, self.settled.customer_taxes)):
            for rate, (base, tax) in taxes.items():
                keep = np.flatnonzero((base != 0) | (tax != 0))
                customer = facts.customer if members else facts.customers
                member = facts.member if members else np.zeros_like(customer)
                rates = np.full(len(keep), rate, dtype=np.int64)
                columns = [customer[keep], member[keep], rates, base[keep], tax[keep]]
                parts.append(pa.table(columns, names=["customer", "member", "rate", "sum", "tax"]))
        empty = pa.schema(
            [(n, pa.int64()) for n in ("customer", "member", "rate", "sum", "tax")]
        ).empty_table()
        return pa.concat_tables([empty, *parts])

    def totals(self) -> pa.Table:
        """Return customer and total of its bill in li."""
        return pa.table({"customer": self.settled.facts.customers, "total": self.settled.customer_totals})


def _some(customer: np.ndarray, member: np.ndarray, name: str, *, column: np.ndarray) -> pa.Table:
    keep = np.flatnonzero(column)
    nothing = np.zeros(len(keep), dtype=np.int64)
    line = pa.DictionaryArray.from_arrays(pa.array(nothing, pa.int32()), pa.array([name]))
    return pa.table(
        [customer[keep], member[keep], line, nothing, nothing, nothing, column[keep]], schema=LINES
    )


def _agreed(
    customer: np.ndarray, member: np.ndarray, who: tuple[str, str], *, column: np.ndarray
) -> pa.Table:
    keep = np.flatnonzero(column)
    payer, agreement = ([text] * len(keep) for text in who)
    columns = [
        customer[keep],
        member[keep],
        pa.array(payer, pa.string()),
        pa.array(agreement, pa.string()),
        column[keep],
    ]
    return pa.table(columns, names=["customer", "member", "payer", "agreement", "charge"])
