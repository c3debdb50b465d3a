"""Pinyin of Chinese text: a key to sort by, and every way in which somebody may type a name.

The embedded PostgreSQL has no ICU, so Chinese order is a stored key (``sort_key``). Sorting needs the one
right reading, found from the whole name (重庆 chongqing, 长沙银行 changsha yinhang); searching needs all
readings of each character, since people type either (重庆 as cq or zq).
"""

import unicodedata
from functools import lru_cache
from itertools import product

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.seg.simpleseg import seg

# Below the space that parts syllables, so that a name sorts before its own continuations.
_BEFORE_TEXT = "\t"
_OTHER = "\0"
# Characters that phrases read otherwise than families do.
_SURNAMES = {
    "曾": "zeng",
    "单": "shan",
    "仇": "qiu",
    "区": "ou",
    "解": "xie",
    "查": "zha",
    "朴": "piao",
    "盖": "ge",
    "乐": "yue",
    "缪": "miao",
    "秘": "bi",
    "折": "she",
    "种": "chong",
    "员": "yun",
    "黑": "he",
    "召": "shao",
    "覃": "qin",
    "隗": "wei",
    "祭": "zhai",
    "翟": "zhai",
}


def syllables(text: str, *, person: bool = False) -> list[str]:
    """The toneless syllables of a text in order, other runs in lower case; ü is written v.

    Read by the phrases of the whole text; with ``person`` a leading surname is read as a surname (单 shan).

    >>> syllables("重庆银行ABC")
    ['chong', 'qing', 'yin', 'hang', 'abc']
    """
    return [part for part, _ in _parts(text, person=person)]


def sort_key(text: str, *, person: bool = False) -> str:
    """The key under which the text is stored for Chinese order: its syllables, then the text itself.

    Keys compare bytewise (collation C). Length is at most about seven times the text's.
    """
    return " ".join(syllables(text, person=person)) + _BEFORE_TEXT + text


def initials(text: str, *, person: bool = False) -> str:
    """The first letter of each syllable, other runs whole: 重庆银行 → ``cqyh``, 中国石化A → ``zgsha``."""
    return "".join(
        part[0] if chinese else "".join(filter(str.isalnum, part))
        for part, chinese in _parts(text, person=person)
    )


def readings(text: str) -> list[tuple[str, ...]]:
    """All readings of each character; a character that is not Chinese reads as itself."""
    return [readings_of(character) for character in unicodedata.normalize("NFKC", text).casefold()]


@lru_cache(maxsize=50_000)
def readings_of(character: str) -> tuple[str, ...]:
    """All toneless readings of one character; ü as v and as u."""
    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors=str)
    spelled: dict[str, None] = {}
    for reading in found[0] if found else [character]:
        spelled[reading] = None
        if "v" in reading and len(reading) > 1:
            spelled[reading.replace("v", "u")] = None
    return tuple(spelled)


def initials_variants(text: str, *, limit: int = 16) -> list[str]:
    """The initials under every reading, for an index: 重庆 → ``cq`` and ``zq``; at most ``limit`` of them."""
    choices = [tuple(dict.fromkeys(reading[:1] for reading in options)) for options in readings(text)]
    variants: dict[str, None] = {}
    for letters in product(*choices):
        variants["".join(letters)] = None
        if len(variants) >= limit:
            break
    return list(variants)


def spelled_by(text: str, typed: str) -> bool:
    """Whether ``typed`` Latin letters spell the beginning of ``text``.

    Each character counts by its whole reading or its first letter, the last one also by a beginning:
    重庆银行 is spelled by cq, zq, chongq, cqyinh.
    """
    wanted = "".join(typed.split()).casefold()
    if not wanted:
        return False
    reached = {0}
    for options in readings(text):
        onwards: set[int] = set()
        for position in reached:
            rest = wanted[position:]
            for reading in options:
                if reading.startswith(rest):
                    return True
                onwards.update(
                    position + len(form) for form in (reading, reading[:1]) if rest.startswith(form)
                )
        if not onwards:
            return False
        reached = onwards
    return False


def spelled_in_full(text: str, typed: str) -> bool:
    """Whether ``typed`` is the whole text by whole readings: 西安 by xian, 重庆 by chongqing."""
    wanted = "".join(typed.split()).casefold()
    reached = {0}
    for options in readings(text):
        reached = {
            at + len(reading) for at in reached for reading in options if wanted.startswith(reading, at)
        }
    return len(wanted) in reached


def _parts(text: str, *, person: bool) -> list[tuple[str, bool]]:
    """The syllables and the other runs in order, each with whether it is a Chinese syllable."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    parts: list[tuple[str, bool]] = []
    if person:
        surname = next((plain[:length] for length in (2, 1) if plain[:length] in _SURNAMES), "")
        parts = [(syllable, True) for syllable in _SURNAMES.get(surname, "").split()]
        plain = plain[len(surname) :]
    for word in seg(plain) if plain else ():
        parts += _parts_of_word(word)
    return parts


@lru_cache(maxsize=100_000)
def _parts_of_word(word: str) -> tuple[tuple[str, bool], ...]:
    """The parts of one word, a phrase or a character: names are many, but their words are few."""
    parts: list[tuple[str, bool]] = []
    for part in lazy_pinyin(word, errors=_marked):
        if part.startswith(_OTHER):
            parts += [(run, False) for run in part[1:].split()]
        else:
            parts.append((part, True))
    return tuple(parts)


def _marked(run: str) -> str:
    """Mark a run that has no pinyin, so that it is not taken for a syllable."""
    return _OTHER + run
