"""Cleaning of free text where it enters: forms, imports, interfaces.

What cannot be stored (NUL and other control characters, lone surrogates) is refused with a sentence; what
only deceives the eye (direction overrides, zero-width characters) is taken out; the rest becomes NFC, so
that the same name typed on two systems compares equal.
"""

import re
import unicodedata

from jike.values.errors import InvalidValue

# Direction marks and overrides (trojan-source), zero-width characters, soft hyphen, byte-order mark, Hangul
# fillers, annotation marks and tag characters: all of them draw nothing.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u115f\u1160\u3164\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SPACES = re.compile(r"\s+")
# What nearly all names, codes and numbers are made of: nothing of it is changed or refused.
_ORDINARY = re.compile(
    r"[0-9A-Za-z\u4e00-\u9fa5（）()·.,，、:：/_#&+-]+(?: [0-9A-Za-z\u4e00-\u9fa5（）()·.,，、:：/_#&+-]+)*"
)
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# NFC can shrink a text to a third at most; anything far beyond is refused before work is spent on it.
_SHRINKS_AT_MOST = 4


def is_ordinary(text: str) -> bool:
    """Whether cleaning would change and refuse nothing: only usual characters, single spaces between them.

    >>> is_ordinary("福州闽江数据 Co"), is_ordinary(" 福州")
    (True, False)
    """
    return _ORDINARY.fullmatch(text) is not None


def clean_text(text: str, *, limit: int) -> str:
    """Text of several lines as it may be stored.

    Line ends become line feeds, tabs stay, both ends are trimmed. Raises ``InvalidValue`` for what cannot be
    stored and for more than ``limit`` characters.
    """
    if len(text) <= limit and _ORDINARY.fullmatch(text):
        return text
    if len(text) > limit * _SHRINKS_AT_MOST + 1000:
        raise InvalidValue("text.too_long", length=len(text), limit=limit)
    text = _LINE_ENDS.sub("\n", _UNSEEN.sub("", text))
    if refused := _REFUSED.search(text):
        raise InvalidValue("text.control_character", character=f"{ord(refused[0]):04X}")
    # NFC after the removal: a joiner between a letter and its accent must not keep them apart.
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > limit:
        raise InvalidValue("text.too_long", length=len(text), limit=limit)
    return text


def clean_line(text: str, *, limit: int) -> str:
    """Text of one line as it may be stored: ``clean_text``, and any white space becomes one space."""
    if len(text) <= limit and _ORDINARY.fullmatch(text):
        return text
    if len(text) > limit * _SHRINKS_AT_MOST + 1000:
        raise InvalidValue("text.too_long", length=len(text), limit=limit)
    cleaned = _SPACES.sub(" ", clean_text(text, limit=len(text) * 3 + 1))
    if len(cleaned) > limit:
        raise InvalidValue("text.too_long", length=len(cleaned), limit=limit)
    return cleaned


def half_width(text: str) -> str:
    """Full-width letters, digits and signs (ＡＢＣ１２３－) as their plain forms; other text unchanged."""
    return text.translate(_HALF_WIDTH)


def clean_code(text: str, *, limit: int) -> str:
    """A code as it may be stored and compared: one line, half width, upper case, no spaces."""
    return _SPACES.sub("", half_width(clean_line(text, limit=limit))).upper()
