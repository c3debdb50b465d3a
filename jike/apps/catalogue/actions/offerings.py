"""Offerings are entered as drafts, priced, put on sale and retired; what was sold keeps the price it was sold at."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.catalogue.models import ProductOffering
from jike.apps.catalogue.models.labels import STATES
from jike.apps.catalogue.rules import NEXT, OfferingState, may_follow, price_problems
from jike.foundation.audit import changing, creating, removing
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor, require

__all__ = ["PRICES", "add_offering", "change_offering", "change_state", "remove_offering"]

PRICES = frozenset({"monthly_price", "one_off_price", "unit_price", "floor_price", "cost_price", "tax_rate"})
CHANGEABLE = PRICES | {
    *("code", "name", "name_en", "specification", "scope", "unit_name", "unit_name_en"),
    *("valid_from", "valid_to", "characteristics"),
}
SENTENCES = {
    "negative": gettext_lazy("A price cannot be negative."),
    "floor": gettext_lazy("The floor price cannot lie above the monthly price."),
    "free": gettext_lazy("Enter at least one price: a month, once, or per use."),
}


def add_offering(*, actor: Actor, **details: Any) -> ProductOffering:
    """Add a draft of an offering; its family is its specification's."""
    only_known(details, CHANGEABLE)
    offering = ProductOffering(**details)
    if offering.specification_id is None:
        raise Invalid({"specification": [_("Choose the specification that is sold.")]})
    offering.family = offering.specification.family
    _check_prices(offering)
    return creating(offering, actor=actor)


@transaction.atomic
def change_offering(
    offering: ProductOffering, *, actor: Actor, version: int | None = None, **details: Any
) -> ProductOffering:
    """Correct an offering; prices need the right to set them."""
    only_known(details, CHANGEABLE)
    priced = any(name in PRICES and getattr(offering, name) != value for name, value in details.items())
    with changing(offering, actor=actor, version=version):
        if priced:
            require(actor, "price", offering)
        for name, value in details.items():
            setattr(offering, name, value)
        offering.family = offering.specification.family
        _check_prices(offering)
    return offering


def change_state(
    offering: ProductOffering, *, actor: Actor, state: str, version: int | None = None
) -> ProductOffering:
    """Put the offering on sale, retire it, or sell it once more."""
    try:
        then = OfferingState(state)
    except ValueError as error:
        raise Invalid({"state": [_("Choose one of the states.")]}) from error
    with changing(offering, actor=actor, verb="change_state", version=version):
        now = OfferingState(offering.state)
        if not may_follow(now, then):
            possible = _(", ").join(str(STATES[one]) for one in OfferingState if one in NEXT[now])
            sentence = _("An offering “%(now)s” cannot become “%(then)s”; possible are: %(possible)s.")
            raise RuleBroken(sentence % {"now": STATES[now], "then": STATES[then], "possible": possible})
        offering.state = then.value
    return offering


def remove_offering(offering: ProductOffering, *, actor: Actor) -> ProductOffering:
    """Put a draft into the recycle bin; what was on sale is retired instead, since others refer to it."""
    if offering.state != OfferingState.DRAFT:
        raise RuleBroken(_("“%(name)s” was on sale; retire it instead of removing it.") % {"name": offering})
    return removing(offering, actor=actor)


def _check_prices(offering: ProductOffering) -> None:
    amounts = (offering.monthly_price, offering.one_off_price, offering.unit_price, offering.floor_price)
    if not all(isinstance(amount, Decimal) for amount in amounts):
        return
    problems: dict[str, list[str]] = {}
    for name, kind in price_problems(
        monthly=offering.monthly_price,
        one_off=offering.one_off_price,
        unit=offering.unit_price,
        floor=offering.floor_price,
    ):
        problems.setdefault(name, []).append(str(SENTENCES[kind]))
    if problems:
        raise Invalid(problems)
