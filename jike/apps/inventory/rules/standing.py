"""The life of a product that a customer has, and of the account that pays for it."""

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["NEXT", "AccountState", "ProductState", "may_follow"]


class ProductState(StrEnum):
    """Where an installed product stands; it comes into being active, when its order is completed."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


NEXT: Mapping[ProductState, frozenset[ProductState]] = {
    ProductState.ACTIVE: frozenset({ProductState.SUSPENDED, ProductState.TERMINATED}),
    ProductState.SUSPENDED: frozenset({ProductState.ACTIVE, ProductState.TERMINATED}),
    ProductState.TERMINATED: frozenset(),
}
"""What is terminated stays so: the customer who wants it again orders it anew."""


class AccountState(StrEnum):
    """Whether a billing account still takes products."""

    OPEN = "open"
    CLOSED = "closed"


def may_follow(now: ProductState, then: ProductState) -> bool:
    """Whether a product in state ``now`` may enter ``then``."""
    return then in NEXT[now]
