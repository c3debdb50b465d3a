"""What every page knows about who looks at it: `context` puts one lazy object, `shell`, into each template.

Nothing is asked of the database before a template reads it, and pages without the frame (errors above all) read only
what comes from cookies, so that they can be shown while the database is away.
"""

from functools import cached_property
from hashlib import blake2b
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext

from jike.foundation.notify import unread_count
from jike.foundation.scope import Actor
from jike.site import menu as navigation
from jike.site.shortcuts import SHORTCUTS, ShortcutGroup

__all__ = ["SIDE_COOKIE", "THEMES", "THEME_COOKIE", "Shell", "context"]

THEME_COOKIE = "jike_theme"
SIDE_COOKIE = "jike_side"
THEMES = ("auto", "light", "dark")


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the template variable ``shell``."""
    return {"shell": Shell(request)}


class Shell:
    """Read by base.html and the bare frame; each attribute is worked out when it is first read."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def actor(self) -> Actor | None:
        """The actor of this request, None before sign-in."""
        return getattr(self.request, "actor", None)

    @property
    def person(self) -> Any:
        """The person signed in (not the one they see as), None before sign-in."""
        return self.request.user if self.actor else None

    @cached_property
    def theme(self) -> str:
        """The person's choice, or the cookie's before sign-in: auto, light or dark."""
        chosen = getattr(self.person, "theme", "") or self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else "auto"

    @property
    def lang(self) -> str:
        """The page's language as browsers want it."""
        return "en" if get_language() == "en" else "zh-CN"

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The languages on offer, each in its own name."""
        return list(settings.LANGUAGES)

    @property
    def language(self) -> str:
        """The code of the page's language."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def slim(self) -> bool:
        """Whether the navigation is folded to its icons."""
        return self.request.COOKIES.get(SIDE_COOKIE) == "slim"

    @cached_property
    def keys(self) -> navigation.Keys:
        """What opens the places of the navigation."""
        return navigation.keys_of(self.actor)

    @cached_property
    def menu(self) -> tuple[navigation.Group, ...]:
        """Groups of the navigation."""
        return navigation.listed(self.keys)

    @cached_property
    def ending(self) -> tuple[navigation.Item, ...]:
        """Items at the foot of the navigation."""
        return navigation.ending(self.keys)

    @cached_property
    def bottom(self) -> list[navigation.Item]:
        """Items of the phone's bottom bar."""
        return navigation.phone_items(self.keys)

    @cached_property
    def creating(self) -> tuple[navigation.Item, ...]:
        """What the create menu offers."""
        return navigation.creating(self.keys)

    @cached_property
    def rights(self) -> str:
        """What tells apart those parts of the frame that hold what one may do: the same for people of one role."""
        held = "\n".join(sorted(self.keys or ()))
        return blake2b(held.encode(), digest_size=16).hexdigest()

    @cached_property
    def unread(self) -> int:
        """How many notices the person has not read, counted as far as the bell shows."""
        return unread_count(self.actor.uid) if self.actor and self.actor.uid else 0

    @cached_property
    def search(self) -> str:
        """The address that the palette asks, empty while nothing is to be found."""
        try:
            return reverse("foundation:search")
        except NoReverseMatch:
            return ""

    @cached_property
    def here(self) -> str:
        """The address of the menu item that this page lies under: the longest one the path begins with."""
        items = [*(item for group in self.menu for item in group.items), *self.ending]
        path = self.request.path
        fitting = [
            item.url for item in items if path == item.url or (item.url != "/" and path.startswith(item.url))
        ]
        return max(fitting, key=len, default="")

    @property
    def shortcuts(self) -> list[ShortcutGroup]:
        """Keys of this page for the `?` dialog, the menu's letters among them."""
        going = [
            (("G", item.key.upper()), item.label) for group in self.menu for item in group.items if item.key
        ]
        going += [(("G", item.key.upper()), item.label) for item in self.ending if item.key]
        return [ShortcutGroup(gettext("Go to"), tuple(going)), *SHORTCUTS]

    @property
    def version(self) -> str:
        """The installed version of Jike."""
        return version("jike")

    @property
    def lockout(self) -> dict[str, int]:
        """After how many failures a name is locked, and for how many minutes."""
        return {
            "failures": settings.AXES_FAILURE_LIMIT,
            "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60),
        }
