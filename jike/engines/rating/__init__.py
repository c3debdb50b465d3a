"""Tariffs × usage → charges, exact to the li; usable alone: ``from jike.engines import rating``.

Read a tariff (`load`, `loads`), admit usage files (`admit`), state the `Problem`, and `rate` it; `itemise` writes what
each record costs, `compare` sets tariffs side by side. `Reference` does the same record by record as a person would.
Money is int64 li (0.001 yuan); see docs/decisions/rating-exactness.md.
"""

from jike.engines.rating.admission import Usage, admit, months_in, together
from jike.engines.rating.amounts import Mode, Rounding, yuan
from jike.engines.rating.backends import DuckDB, Spark
from jike.engines.rating.columnar import rate
from jike.engines.rating.comparing import Choice, Comparison, break_even, compare
from jike.engines.rating.errors import AmountTooLarge, RatingError, TariffInvalid, UsageRefused
from jike.engines.rating.explaining import explain
from jike.engines.rating.explaining_bill import explain_bill
from jike.engines.rating.facts import MEMBERS, table_of
from jike.engines.rating.itemised import Itemised, itemise
from jike.engines.rating.loading import load, loads
from jike.engines.rating.members import Member, Month
from jike.engines.rating.problem import Problem, circles_of
from jike.engines.rating.reference import Bill, Reference
from jike.engines.rating.result import Result
from jike.engines.rating.tariff import Service, Tariff
from jike.engines.rating.usage import SCHEMA, Reason, Record, instant, peer_code

__all__ = [
    "MEMBERS",
    "SCHEMA",
    "AmountTooLarge",
    "Bill",
    "Choice",
    "Comparison",
    "DuckDB",
    "Itemised",
    "Member",
    "Mode",
    "Month",
    "Problem",
    "RatingError",
    "Reason",
    "Record",
    "Reference",
    "Result",
    "Rounding",
    "Service",
    "Spark",
    "Tariff",
    "TariffInvalid",
    "Usage",
    "UsageRefused",
    "admit",
    "break_even",
    "circles_of",
    "compare",
    "explain",
    "explain_bill",
    "instant",
    "itemise",
    "load",
    "loads",
    "months_in",
    "peer_code",
    "rate",
    "table_of",
    "together",
    "yuan",
]
