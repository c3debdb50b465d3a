"""What may be with products: families, the life of offerings, prices, characteristics, and rights."""

from jike.apps.catalogue.rules.characteristics import (
    MISTAKES,
    Characteristic,
    Mistake,
    characteristics_of,
    written,
)
from jike.apps.catalogue.rules.families import FAMILIES_BY_GROUP, Family, Group, Reach, group_of
from jike.apps.catalogue.rules.grants import GRANTS
from jike.apps.catalogue.rules.life import NEXT, OfferingState, may_be_sold, may_follow
from jike.apps.catalogue.rules.prices import TAX_RATES, price_problems

__all__ = [
    "FAMILIES_BY_GROUP",
    "GRANTS",
    "MISTAKES",
    "NEXT",
    "TAX_RATES",
    "Characteristic",
    "Family",
    "Group",
    "Mistake",
    "OfferingState",
    "Reach",
    "characteristics_of",
    "group_of",
    "may_be_sold",
    "may_follow",
    "price_problems",
    "written",
]
