"""What one needs to know of quotes, their approval, and agreements."""

from jike.apps.quoting.queries.agreements import (
    agreements_ending,
    agreements_of,
    due_reminders,
    lines_of_agreement,
    over_agreements,
)
from jike.apps.quoting.queries.approvals import (
    answering_level,
    answers_anything,
    inbox,
    inbox_count,
    level_units,
    levels_held,
    path_of,
    planned_path,
    step_named,
)
from jike.apps.quoting.queries.lines import alternatives_of, lines_of, totals_of, worked
from jike.apps.quoting.queries.precedents import Precedent, precedents
from jike.apps.quoting.queries.quotes import expired_quotes, next_agreement_code, next_quote_code, quotes_of

__all__ = [
    "Precedent",
    "agreements_ending",
    "agreements_of",
    "alternatives_of",
    "answering_level",
    "answers_anything",
    "due_reminders",
    "expired_quotes",
    "inbox",
    "inbox_count",
    "level_units",
    "levels_held",
    "lines_of",
    "lines_of_agreement",
    "next_agreement_code",
    "next_quote_code",
    "over_agreements",
    "path_of",
    "planned_path",
    "precedents",
    "quotes_of",
    "step_named",
    "totals_of",
    "worked",
]
