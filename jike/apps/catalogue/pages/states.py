"""Which states the board and the record's page offer for an offering."""

from jike.apps.catalogue.models import ProductOffering
from jike.apps.catalogue.rules import NEXT, OfferingState

__all__ = ["following_states"]


def following_states(offering: ProductOffering) -> list[str]:
    """Return the states that may follow the offering's, in their order."""
    return [one.value for one in OfferingState if one in NEXT[OfferingState(offering.state)]]
