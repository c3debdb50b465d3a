"""The keys that work everywhere, as data: shown by `?`, and read by the script that obeys them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["SHORTCUTS", "ShortcutGroup"]

Keys = tuple[str, ...]


@dataclass(frozen=True)
class ShortcutGroup:
    """Shortcuts under one heading; each is its keys, pressed one after the other, and what they do."""

    label: str | Promise
    keys: tuple[tuple[Keys, str | Promise], ...]


SHORTCUTS = (
    ShortcutGroup(
        _("Everywhere"),
        (
            (("Ctrl", "K"), _("Search, go, act")),
            (("C",), _("Create")),
            (("E",), _("Edit the record")),
            (("?",), _("Show these keys")),
            (("Ctrl", "↵"), _("Save the form")),
            (("Esc",), _("Close what is open")),
        ),
    ),
    ShortcutGroup(
        _("In lists"),
        (
            (("J",), _("Next row")),
            (("K",), _("Previous row")),
            (("↵",), _("Open the row")),
            (("/",), _("Find in this list")),
        ),
    ),
)
