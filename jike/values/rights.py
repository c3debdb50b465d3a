"""The vocabulary of rights: how far a grant reaches and which side of the house a permission belongs to."""

from enum import StrEnum

__all__ = ["Breadth", "Domain", "split_permission"]


class Breadth(StrEnum):
    """How far one grant reaches, narrowest first."""

    OWN = "own"
    """Rows I own, and those of the people I deputise for, for as long as I do."""
    TEAM = "team"
    """Rows of the very units in which I hold the post that carries the grant."""
    BELOW = "below"
    """Rows of those units and of everything under them."""
    ALL = "all"
    """Every row."""


class Domain(StrEnum):
    """The side a permission lies on; the three kinds of administration exclude each other (GB/T 22239)."""

    BUSINESS = "business"
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"

    @property
    def administrative(self) -> bool:
        """Whether holders of this domain may hold no other administrative one."""
        return self is not Domain.BUSINESS


def split_permission(permission: str) -> tuple[str, str]:
    """Split ``"quoting.quote:approve"`` into its kind and action.

    Raises ValueError when the text has another shape.
    """
    kind, colon, action = permission.partition(":")
    if not (kind and colon and action) or "." not in kind:
        raise ValueError(f"{permission!r} is no permission: write it like 'quoting.quote:approve'")
    return kind, action
