"""The products of an opportunity are set as a whole; its amounts are their sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from jike.apps.catalogue.models import ProductOffering
from jike.apps.sales.models import Opportunity, OpportunityLine
from jike.apps.sales.rules import CLOSED, Stage
from jike.foundation.audit import Under, changing, creating, removing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.lines import Taken, store_lines
from jike.foundation.scope import Actor

__all__ = ["MOST_LINES", "LineGiven", "enter_lines", "set_lines"]

MOST_LINES = 100


@dataclass(frozen=True)
class LineGiven:
    """One product as it is entered; without prices the offering's own count."""

    offering: ProductOffering
    quantity: int = 1
    monthly_price: Decimal | None = None
    one_off_price: Decimal | None = None

    @property
    def monthly(self) -> Decimal:
        """Yuan a month, each."""
        return self.offering.monthly_price if self.monthly_price is None else self.monthly_price

    @property
    def one_off(self) -> Decimal:
        """Yuan once, each."""
        return self.offering.one_off_price if self.one_off_price is None else self.one_off_price


@transaction.atomic
def set_lines(
    opportunity: Opportunity, *, actor: Actor, lines: Sequence[LineGiven], version: int | None = None
) -> Opportunity:
    """Set the products of an open opportunity; lines in their old places change, the rest come and go."""
    if len(lines) > MOST_LINES:
        raise Invalid({"": [_("An opportunity has at most %(most)s products.") % {"most": MOST_LINES}]})
    with changing(opportunity, actor=actor, version=version):
        if Stage(opportunity.stage) in CLOSED:
            raise RuleBroken(_("This opportunity is closed; what was decided stays as it is."))
        _replace(opportunity, lines, actor=actor)
        opportunity.monthly_amount = sum((one.monthly * one.quantity for one in lines), Decimal(0))
        opportunity.one_off_amount = sum((one.one_off * one.quantity for one in lines), Decimal(0))
        if lines and not opportunity.family:
            opportunity.family = lines[0].offering.family
    return opportunity


@transaction.atomic
def enter_lines(
    opportunity: Opportunity, taken: Taken, *, actor: Actor, version: int | None = None
) -> Opportunity:
    """Take in the products of an open opportunity as a grid; its amounts are their sums."""
    with changing(opportunity, actor=actor, version=version):
        if Stage(opportunity.stage) in CLOSED:
            raise RuleBroken(_("This opportunity is closed; what was decided stays as it is."))
        store_lines(
            OpportunityLine, taken, parent=opportunity, by="opportunity", actor=actor, order="position"
        )
        stored = list(opportunity.lines.filter(removed_at=None).select_related("offering"))
        if len(stored) > MOST_LINES:
            raise Invalid({"": [_("An opportunity has at most %(most)s products.") % {"most": MOST_LINES}]})
        if stored or taken.gone:  # without products the amounts are those that somebody estimated
            opportunity.monthly_amount = sum((one.monthly_amount for one in stored), Decimal(0))
            opportunity.one_off_amount = sum((one.one_off_amount for one in stored), Decimal(0))
        if stored and not opportunity.family:
            opportunity.family = stored[0].offering.family
    return opportunity


def _replace(opportunity: Opportunity, lines: Sequence[LineGiven], *, actor: Actor) -> None:
    under = Under(opportunity, "change")
    stored = list(opportunity.lines.filter(removed_at=None).order_by("position", "id"))
    for place, given in enumerate(lines):
        row = stored[place] if place < len(stored) else None
        if row is None:
            creating(
                _filled(OpportunityLine(opportunity=opportunity), given, place), actor=actor, under=under
            )
            continue
        with changing(row, actor=actor, under=under):
            _filled(row, given, place)
    for row in stored[len(lines) :]:
        removing(row, actor=actor, under=under)


def _filled(row: OpportunityLine, given: LineGiven, place: int) -> OpportunityLine:
    row.position, row.offering, row.quantity = place + 1, given.offering, given.quantity
    row.monthly_price, row.one_off_price = given.monthly, given.one_off
    return row
