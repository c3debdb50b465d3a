"""The grids of quotes and agreements: their columns, and what follows from a row while it is typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue.models import ProductOffering
from jike.apps.quoting import actions, queries
from jike.apps.quoting.models import Agreement, AgreementLine, Quote, QuoteLine
from jike.foundation.lines import Lines
from jike.foundation.scope import Actor

__all__ = ["AGREEMENT_LINES", "QUOTE_LINES"]


def rows_of(quote: Quote, actor: Actor) -> Sequence[QuoteLine]:
    """Return the lines of the recommended alternative."""
    return queries.lines_of(quote)


def work_out(rows: Sequence[Mapping[str, Any]], quote: Quote | None, actor: Actor) -> list[Mapping[str, Any]]:
    """Return what follows from each row; a stored line's list price is that of its day."""
    stored = {one.offering_id: one for one in queries.lines_of(quote)} if quote is not None else {}
    authority = queries.authority_of(quote) if quote is not None else queries.authority_on(localdate())
    found: list[Mapping[str, Any]] = []
    for row in rows:
        offering = row.get("offering")
        line = stored.get(offering.pk) if isinstance(offering, ProductOffering) else None
        found.append(queries.worked(row, line, authority=authority))
    return found


def agreed_rows(agreement: Agreement, actor: Actor) -> Sequence[AgreementLine]:
    """Return what was agreed."""
    return queries.lines_of_agreement(agreement)


QUOTE_LINES = Lines(
    name="lines",
    label=_("Lines"),
    template="quoting/_lines_tab.html",
    model=QuoteLine,
    columns=(
        "offering",
        "quantity",
        "counted_in",
        "list_price",
        "discount",
        "price",
        "monthly_amount",
        "one_off_price",
        "margin",
        "level",
    ),
    fixed=("counted_in", "list_price", "price", "monthly_amount", "margin", "level"),
    totals=("monthly_amount",),
    looks={"discount": "percent", "margin": "percent"},
    start={"quantity": 1, "discount": 100, "one_off_price": None},
    rows=rows_of,
    store=actions.store_quote_lines,
    work_out=work_out,
    in_form=False,
)

AGREEMENT_LINES = Lines(
    name="lines",
    label=_("Lines"),
    template="quoting/_agreement_lines.html",
    model=AgreementLine,
    columns=("offering", "quantity", "list_price", "price", "one_off_price"),
    fixed=("list_price",),
    start={"quantity": 1, "price": None, "one_off_price": None},
    rows=agreed_rows,
    store=actions.store_agreement_lines,
    in_form=False,
)
