"""How a text is written made alike: width, 繁简, numerals, signs; and how it sounds, folded as people mishear it.

Readings are taken character by character, the most frequent one: a key must come out the same whatever stands beside
the character, and a phrase dictionary would cost ten times as much.
"""

import re
import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

__all__ = ["folded", "plain", "sounds"]

_NOISE = re.compile(r"[\s《》·.,，。、:;'\"“”‘’&＆/\\|_+*#@!?~-]+")
_NUMERALS = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True))
_NUMERAL_RUN = re.compile("(?<=第)[〇零一二三四五六七八九十]+|[〇零一二三四五六七八九]{2,}")
_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "h": "f"}
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_BRACKETS = re.compile("[【〔［】〕］]")


def plain(text: str) -> str:
    """Write the text half width, simplified, in capitals, Chinese numerals as figures, without spaces and signs.

    Brackets stay, since they part a name.

    >>> plain("第十二建築 公司（ａｂｃ）")
    '第12建筑公司(ABC)'
    """
    narrow = unicodedata.normalize("NFKC", text)
    if not narrow.isascii():
        narrow = _BRACKETS.sub(_bracket, narrow)
        narrow = _converter().convert(narrow)
        narrow = _NUMERAL_RUN.sub(lambda run: _number(run[0]), narrow)
    return _NOISE.sub("", narrow).upper()


@lru_cache(maxsize=50_000)
def sounds(text: str) -> tuple[str, ...]:
    """Return what each character sounds like, folded; a letter or figure sounds like itself.

    >>> sounds("闽江A1")
    ('min', 'jian', 'A', '1')
    """
    return tuple(_sound(character) for character in text)


def folded(syllable: str) -> str:
    """Fold what many speakers do not tell apart: zh/z, ch/c, sh/s, n/l, h/f, and -ng/-n.

    >>> folded("zheng"), folded("nan")
    ('zen', 'lan')
    """
    head = next((sign for sign in ("zh", "ch", "sh", "n", "h") if syllable.startswith(sign)), "")
    rest = syllable[len(head) :]
    if not rest:
        return syllable
    for long, short in _FINALS:
        if rest.endswith(long):
            rest = rest.removesuffix(long) + short
            break
    return _INITIALS.get(head, head) + rest


@lru_cache(maxsize=30_000)
def _sound(character: str) -> str:
    if character.isascii():
        return character
    found = lazy_pinyin(character, style=Style.NORMAL)
    reading = found[0] if found else character
    return folded(reading) if reading.isascii() else character


@cache
def _converter() -> OpenCC:
    """Return the converter from 繁體 to 简体, loaded once a process."""
    return OpenCC("t2s")


def _bracket(sign: re.Match[str]) -> str:
    return "(" if sign[0] in "【〔［" else ")"


def _number(run: str) -> str:
    """Write Chinese numerals as figures: 一二 as 12, 十二 as 12, 二十 as 20."""
    if "十" not in run:
        return "".join(_NUMERALS[one] for one in run)
    tens, _, ones = run.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return run
    return f"{_NUMERALS.get(tens, '1')}{_NUMERALS.get(ones, '0')}"
