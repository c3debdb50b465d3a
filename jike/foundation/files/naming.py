"""File names as they may be stored, shown and handed to any operating system again."""

import re
import unicodedata

__all__ = ["LONGEST", "clean_file_name", "ending_of"]

LONGEST = 120
"""Characters; in UTF-8 at most 480 bytes, and 255 bytes after the browser's own shortening."""
LONGEST_ENDING = 12
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, direction and format characters, lone surrogates, line separators: nothing one sees in a name."""
FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def clean_file_name(name: str) -> str:
    """Return the last part of ``name`` without anything that deceives the eye or a file system.

    The ending stays when the name is shortened; where nothing stays, it is "file".
    """
    last = re.split(r"[\\/]", name[-4096:])[-1]
    seen = "".join(
        " " if one in "\t\n" else one
        for one in last
        if one in "\t\n" or unicodedata.category(one) not in UNSEEN
    )
    plain = FORBIDDEN.sub("_", unicodedata.normalize("NFC", seen))
    tidy = re.sub(r"\s+", " ", plain).strip(" .")
    if RESERVED.fullmatch(tidy):
        tidy = f"_{tidy}"
    return _shortened(tidy) or "file"


def ending_of(name: str) -> str:
    """Return the ending in lower case without its dot, "" when there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem and len(ending) <= LONGEST_ENDING else ""


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    ending = ending_of(name)
    tail = f".{ending}" if ending else ""
    return name[: LONGEST - len(tail)].rstrip(" .") + tail
