"""How text is compared when somebody searches: folded letter by letter, and every way of spelling a Chinese letter.

Each character folds by itself (NFKD, case-folded), so that a part of a name always folds to a part of the folded name.
Accents, punctuation and symbols stand aside: 买买提·艾力 is found by 提艾. This module knows no Django: the processes
that rebuild an index import nothing else.
"""

import unicodedata
from functools import cache, lru_cache

from pypinyin.constants import PHRASES_DICT
from pypinyin.contrib.tone_convert import to_normal

from jike.values.pinyin import readings_of, syllables

__all__ = ["folded", "forms_of", "is_latin", "known_syllables", "letters_of", "spelled_end", "symbols_of"]

INITIALS = frozenset("abcdefghjklmnopqrstwxyz")
"""Letters with which a syllable begins; no syllable begins with i, u or v."""
LETTERS = frozenset({"L", "N", "Co", "Cn"})
"""Letters and numbers; rare Chinese letters still live among private and unnamed characters."""
UNSEEN = frozenset({"Z", "Cc", "Cf", "Cs"})
DOUBLE_INITIALS = ("zh", "ch", "sh")


@lru_cache(maxsize=100_000)
def folded(character: str) -> str:
    """Return one character as it is compared; unseen and control characters fold to nothing."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(one for one in plain if _category(one) not in UNSEEN)


@lru_cache(maxsize=100_000)
def _letters(character: str) -> str:
    return "".join(one for one in folded(character) if _category(one) in LETTERS)


def letters_of(text: str) -> str:
    """Return the folded letters and digits of a text, nothing between them."""
    return "".join(map(_letters, text))


def symbols_of(text: str) -> list[str]:
    """Return each punctuation mark, symbol and accent of a text once."""
    every = (one for character in text for one in folded(character))
    return list(dict.fromkeys(one for one in every if _category(one) not in LETTERS))


def _category(character: str) -> str:
    """Return the kind of a character: of Unicode's categories the first letter, of the unnamed ones both."""
    category = unicodedata.category(character)
    return category if category[0] == "C" else category[0]


def is_latin(letter: str) -> bool:
    """Whether a folded letter is one of a-z or 0-9, which stand for themselves when spelled."""
    return letter.isascii()


@lru_cache(maxsize=60_000)
def forms_of(letter: str) -> tuple[str, ...]:
    """Return the spellings of one folded letter: itself, or its readings without tones; none for other scripts.

    Of a polyphone these are the readings that occur in words (重 zhong and chong, 行 hang and xing) and the one it
    has as a surname; dictionaries know many more (市 as fu), by which nobody types.
    """
    if is_latin(letter):
        return (letter,)
    readings = [one for one in readings_of(letter) if one.isascii() and one.isalpha()]
    usual = _readings_in_words().get(letter, frozenset())
    usual |= {*readings[:1], *syllables(letter, person=True)}
    usual |= {one.replace("v", "u") for one in usual}
    return tuple(one for one in readings if one in usual)


@cache
def _readings_in_words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word, sounds in PHRASES_DICT.items():
        for letter, sound in zip(word, sounds, strict=False):
            found.setdefault(letter, set()).add(sound[0])
    plain = {sound: to_normal(sound) for sounds in found.values() for sound in sounds}
    return {letter: frozenset(plain[sound] for sound in sounds) for letter, sounds in found.items()}


@cache
def known_syllables() -> frozenset[str]:
    """Return every syllable that some letter has in words, without tones."""
    plain = frozenset(one for readings in _readings_in_words().values() for one in readings)
    usual = {one for one in plain if one.isascii() and one.isalpha() and one[0] in INITIALS and len(one) <= 6}
    return frozenset(usual | {one.replace("v", "u") for one in usual})


def spelled_end(letters: str, start: int, typed: str) -> int | None:
    """Return where the letters end that ``typed`` spells from ``start`` on, or None when it does not.

    Each letter counts by a whole reading or by its initial (also zh, ch, sh), the last one also by a beginning.
    """
    reached = {0}
    for place in range(start, len(letters)):
        onwards: set[int] = set()
        for form in forms_of(letters[place]):
            for position in reached:
                rest = typed[position:]
                if form.startswith(rest):
                    return place + 1
                onwards.update(position + len(part) for part in _parts(form) if rest.startswith(part))
        if not onwards:
            return None
        reached = onwards
    return None


@lru_cache(maxsize=5_000)
def _parts(form: str) -> tuple[str, ...]:
    return (form, form[:1], form[:2]) if form.startswith(DOUBLE_INITIALS) else (form, form[:1])
