"""Tiny pure types that every storey may use: no Django, no I/O, no clock of their own.

The names most code needs are offered here; the rest is imported from its module, so that reference tables and
the libraries behind them load only where they are used.
"""

from jike.values.errors import InvalidValue, Notice
from jike.values.identifiers import CreditCode, uid7
from jike.values.money import Money
from jike.values.period import Period, add_months
from jike.values.working_calendar import WorkingCalendar

__all__ = ["CreditCode", "InvalidValue", "Money", "Notice", "Period", "WorkingCalendar", "add_months", "uid7"]
