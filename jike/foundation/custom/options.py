"""The choices of a custom field, as an administrator types them: one a line.

``name | English name``, or ``value = name | English name`` where the value stored is no longer the name: so that a
choice is renamed without touching the records that have it.
"""

from django.utils.translation import get_language

__all__ = ["options_of"]


def options_of(text: str) -> list[tuple[str, str]]:
    """Return (value stored, name in the language in force) of each choice, each value once."""
    english, found = get_language() == "en", dict[str, str]()
    for line in text.splitlines():
        value, equals, names = line.rpartition("=")
        name, _bar, name_en = (one.strip() for one in names.partition("|"))
        if name:
            found.setdefault(
                value.strip() if equals and value.strip() else name, (english and name_en) or name
            )
    return list(found.items())
