"""The ready-made catalogue is installed: what is missing is added and put on sale, what is there stays as it is."""

from django.db import transaction

from jike.apps.catalogue.actions.offerings import add_offering, change_state
from jike.apps.catalogue.actions.specifications import add_specification
from jike.apps.catalogue.models import ProductOffering, ProductSpecification
from jike.apps.catalogue.rules import OfferingState
from jike.apps.catalogue.rules.ready_made import OFFERINGS, SPECIFICATIONS, ReadyOffering
from jike.foundation.scope import Actor, require_permission

__all__ = ["install_ready_made"]


@transaction.atomic
def install_ready_made(*, actor: Actor) -> int:
    """Install the ready-made specifications and offerings that are not there; return how many offerings were added."""
    require_permission(actor, "catalogue.productoffering:add")
    known = {one.code: one for one in ProductSpecification.objects.filter(removed_at=None)}
    there = set(ProductOffering.objects.filter(removed_at=None).values_list("code", flat=True))
    missing = [one for one in OFFERINGS if one.code not in there]
    needed = {one.specification for one in missing}
    for one in SPECIFICATIONS:
        if one.code in needed and one.code not in known:
            known[one.code] = add_specification(
                actor=actor,
                code=one.code,
                name=one.name,
                name_en=one.name_en,
                family=one.family.value,
                lines="\n".join(one.lines),
            )
    for offering in missing:
        _install(offering, known[offering.specification], actor=actor)
    return len(missing)


def _install(one: ReadyOffering, specification: ProductSpecification, *, actor: Actor) -> None:
    counted, counted_en = one.counted
    added = add_offering(
        actor=actor,
        code=one.code,
        name=one.name,
        name_en=one.name_en,
        specification=specification,
        scope=one.reach.value,
        monthly_price=one.monthly,
        one_off_price=one.one_off,
        unit_price=one.per_use,
        floor_price=one.floor,
        cost_price=one.cost,
        tax_rate=one.tax,
        unit_name=counted,
        unit_name_en=counted_en,
        characteristics=one.values,
    )
    change_state(added, actor=actor, state=OfferingState.ACTIVE)
