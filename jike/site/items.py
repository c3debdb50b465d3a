"""What an item of the navigation is: one place to go, and groups of them."""

from dataclasses import dataclass

from django.utils.functional import Promise

from jike.values.pinyin import syllables

__all__ = ["APPROVING", "LENT", "Group", "Item"]

Text = str | Promise
LENT = "lent authority"
"""Opens approvals to those who stand in for somebody who approves, whatever they hold themselves."""
APPROVING = (
    *(f"quoting.quoteapproval:answer_{level}" for level in ("county", "city", "province", "headquarters")),
    "quoting.quote:submit",
)
"""What approvers of quotes hold."""


@dataclass(frozen=True)
class Item:
    """One place to go.

    Attributes
    ----------
    label, icon, page, arguments
        What it is called, its Tabler icon, the name of its address and what that name needs.
    permissions
        Any one of them opens it; none means everybody who is signed in.
    key
        The letter that goes there after `g`.
    phone
        Its place in the phone's bottom bar, from the left; 0: not there.
    short
        What the phone's bottom bar calls it, where the label is too long for a fifth of the screen.
    url
        The address; filled in for an actor.
    """

    label: Text
    icon: str
    page: str
    arguments: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    key: str = ""
    phone: int = 0
    short: Text = ""
    url: str = ""

    @property
    def code(self) -> str:
        """What names the item on the page."""
        return "-".join([self.page, *self.arguments]).replace(":", "-")

    @property
    def words(self) -> str:
        """By what else than its label one may type it: pinyin, whole and initials, and the English name."""
        parts = syllables(str(self.label))
        return " ".join(["".join(parts), "".join(part[:1] for part in parts), self.page.rpartition(":")[2]])


@dataclass(frozen=True)
class Group:
    """Items under one heading; the first group has none."""

    label: Text
    items: tuple[Item, ...]
