"""What one needs to know of quotes, their approval, and agreements."""

from jike.apps.quoting.queries.agreements import (
    agreements_ending,
    agreements_of,
    due_reminders,
    lines_of_agreement,
    over_agreements,
)
from jike.apps.quoting.queries.approvals import (
    Answering,
    answering,
    answers_anything,
    for_whom,
    inbox,
    inbox_count,
    level_units,
    levels_held,
    path_of,
    planned_path,
    stands_in_for_an_approver,
    step_named,
    submitted,
)
from jike.apps.quoting.queries.authority import authority_in, authority_of, authority_on, authority_tables
from jike.apps.quoting.queries.documents import Paper, papers_of
from jike.apps.quoting.queries.lines import alternatives_of, lines_of, totals_of, worked
from jike.apps.quoting.queries.moves import require_agreement_move, require_move
from jike.apps.quoting.queries.precedents import Precedent, precedents
from jike.apps.quoting.queries.quotes import (
    expired_quotes,
    next_agreement_code,
    next_quote_code,
    quotes_for,
    quotes_of,
)

__all__ = [
    "Answering",
    "Paper",
    "Precedent",
    "agreements_ending",
    "agreements_of",
    "alternatives_of",
    "answering",
    "answers_anything",
    "authority_in",
    "authority_of",
    "authority_on",
    "authority_tables",
    "due_reminders",
    "expired_quotes",
    "for_whom",
    "inbox",
    "inbox_count",
    "level_units",
    "levels_held",
    "lines_of",
    "lines_of_agreement",
    "next_agreement_code",
    "next_quote_code",
    "over_agreements",
    "papers_of",
    "path_of",
    "planned_path",
    "precedents",
    "quotes_for",
    "quotes_of",
    "require_agreement_move",
    "require_move",
    "stands_in_for_an_approver",
    "step_named",
    "submitted",
    "totals_of",
    "worked",
]
