"""Offerings on sale on a day, found by what people type, and the ready-made ones that are there or not."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jike.apps.catalogue.models import ProductOffering
from jike.apps.catalogue.rules import OfferingState, may_be_sold
from jike.apps.catalogue.rules.ready_made import OFFERINGS, ReadyOffering
from jike.foundation.scope import Actor, visible

__all__ = ["offerings_on_sale", "ready_made", "selling_problem"]


def offerings_on_sale(actor: Actor, *, on: dt.date) -> QuerySet[ProductOffering]:
    """Return what may be sold on that day, in the order of families and names."""
    begun = Q(valid_from=None) | Q(valid_from__lte=on)
    going_on = Q(valid_to=None) | Q(valid_to__gte=on)
    rows = visible(ProductOffering, actor).filter(begun, going_on, state=OfferingState.ACTIVE)
    return rows.order_by("family", "name_key", "id")


def selling_problem(offering: ProductOffering, *, on: dt.date) -> str:
    """Return why the offering may not be sold on that day, in words; "" when it may."""
    sellable = may_be_sold(
        OfferingState(offering.state), valid_from=offering.valid_from, valid_to=offering.valid_to, on=on
    )
    if sellable:
        return ""
    words = {"name": str(offering)}
    if offering.state == OfferingState.RETIRED:
        return _("“%(name)s” is retired and no longer sold.") % words
    if offering.state == OfferingState.DRAFT:
        return _("“%(name)s” is a draft and not on sale yet.") % words
    return _("“%(name)s” is not on sale on this day.") % words


def ready_made(actor: Actor) -> list[tuple[ReadyOffering, ProductOffering | None]]:
    """Return the ready-made offerings, each with the one of its code that is there already."""
    there = {one.code: one for one in visible(ProductOffering, actor)}
    return [(one, there.get(one.code)) for one in OFFERINGS]
