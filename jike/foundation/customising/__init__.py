"""Resources as administrators complete them: with custom fields and tags; and how these are defined."""

from jike.foundation.customising.completing import customised, opened

__all__ = ["customised", "opened"]
