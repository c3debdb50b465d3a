"""What enters the index for one record: lexemes made of its letters, readings, codes and telephone numbers.

Every lexeme begins with the mark of its kind, so that the index holds a list of its own per kind, and then with
its family:

====== ============================================================ ==================================
family of                                                           广东ABC
====== ============================================================ ==================================
\\-     each letter that is not Latin, each two adjacent ones, symbols 广 东 广东
i      three adjacent initials (fewer at the end)                   igda idab iabc ibc ic
b      the first one, two and three initials of a name              bg bgd bgda
p      two adjacent syllables                                       pguang-dong pdong-
c      the beginnings of a code                                     cgd cgd2 …
t      the last four digits of a telephone number                   t2607
=      the whole value of a sealed field                            =phone:13812342607
====== ============================================================ ==================================
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice, product, takewhile
from typing import NamedTuple

from jike.foundation.search.spelling import forms_of, is_latin, letters_of, symbols_of

__all__ = ["CODE_LENGTHS", "PHONE_TAIL", "Entry", "entry_of", "phone_digits", "sealed_lexeme"]

CODE_LENGTHS = (*range(2, 13), 15, 18)
PHONE_TAIL = 4
WITH_AREA_CODE = 10
"""Digits of the shortest number with 0, area code and subscriber's number."""
VARIANTS = 24
"""Spellings of one place in a name that are kept; a name of many polyphones in a row would have thousands."""


class Entry(NamedTuple):
    """One record as the index keeps it."""

    names: str
    """Folded letters of title and names, one a line."""
    codes: str
    """Folded codes and open telephone numbers, each between line feeds."""
    tokens: str
    """A tsvector as text."""


def entry_of(
    mark: str,
    names: Sequence[str],
    *,
    codes: Iterable[str] = (),
    phones: Iterable[str] = (),
    sealed: Mapping[str, str] | None = None,
) -> Entry:
    """Return the entry of a record whose title is the first of ``names``; ``sealed`` maps field → value."""
    lines = [letters_of(name) for name in names]
    plain_codes = list(dict.fromkeys(code for code in map(letters_of, codes) if code))
    numbers = [number for number in map(phone_digits, phones) if number]
    vector = [part for line in lines for part in _name_parts(mark, line)]
    vector += [_quoted(mark, symbols_of(name)) for name in names if not name.isalnum()]
    for code in plain_codes:
        vector += [f"'{mark}c{code[:length]}' " for length in CODE_LENGTHS if length <= len(code)]
    vector += [f"'{mark}t{number[-PHONE_TAIL:]}' " for number in numbers]
    vector.append(_quoted(mark, [sealed_lexeme(*pair) for pair in (sealed or {}).items() if pair[1]]))
    framed = "".join(f"{one}\n" for one in (*plain_codes, *numbers))
    return Entry("\n".join(lines), framed and f"\n{framed}", "".join(vector))


def phone_digits(number: str) -> str:
    """Return the digits of a telephone number without country code, extension and the 0 dialled before an area code."""
    plain = number.partition(";")[0].removeprefix("+86")
    digits = "".join(one for one in letters_of(plain) if one.isascii() and one.isdigit())
    return digits.removeprefix("0") if len(digits) >= WITH_AREA_CODE else digits


def sealed_lexeme(field: str, value: str) -> str:
    """Return the lexeme by which a sealed value is found, whole or not at all."""
    return f"={field}:{letters_of(value.partition(';')[0].removeprefix('+86'))}"[:500]


def _quoted(mark: str, lexemes: Iterable[str]) -> str:
    """Return lexemes as a tsvector literal has them; only symbols and sealed values hold what must be escaped."""
    plain = (one.replace("\\", "\\\\").replace("'", "''") for one in lexemes)
    return "".join(f"'{mark}{one}' " for one in plain)


def _name_parts(mark: str, line: str) -> list[str]:
    """Return the lexemes of a name's folded letters, place by place; names share most of what the caches hold."""
    if not line:
        return []
    begun = [_heads(letter) for letter in line[:3]] + ["", ""]
    places = zip(line, [*line[1:], ""], [*line[2:], "", ""], strict=False)
    return [_beginnings(mark, *begun[:3]), *(_place(mark, *letters) for letters in places)]


@lru_cache(maxsize=200_000)
def _place(mark: str, letter: str, *following: str) -> str:
    """Return the lexemes that begin at one letter, which the two following ones decide."""
    parts = _trigrams(mark, _heads(letter), *(_heads(one) if one else "" for one in following))
    return parts if is_latin(letter) else parts + _pair(mark, letter, following[0])


@lru_cache(maxsize=60_000)
def _heads(letter: str) -> str:
    """Return the initials of a letter's readings; none for scripts that nobody spells."""
    return "".join(dict.fromkeys(form[0] for form in forms_of(letter)))


@lru_cache(maxsize=500_000)
def _pair(mark: str, here: str, beside: str) -> str:
    found = [here]
    if beside and not is_latin(beside):
        found.append(here + beside)
    following = forms_of(beside) if beside and not is_latin(beside) else ()
    pairs = product(forms_of(here), following or ("",))
    found += [f"p{first}-{second}" for first, second in islice(pairs, VARIANTS)]
    return "".join([f"'{mark}{one}' " for one in found])


@lru_cache(maxsize=200_000)
def _trigrams(mark: str, *heads: str) -> str:
    return "".join([f"'{mark}i{one}' " for one in _spelled(heads)])


@lru_cache(maxsize=100_000)
def _beginnings(mark: str, *heads: str) -> str:
    found = {one[:length] for one in _spelled(heads) for length in range(1, len(one) + 1)}
    return "".join([f"'{mark}b{one}' " for one in sorted(found)])


def _spelled(heads: Sequence[str]) -> list[str]:
    """Return the initials under every reading, up to the first letter that has none."""
    choices = list(takewhile(bool, heads))
    return ["".join(chosen) for chosen in islice(product(*choices), VARIANTS)] if choices else []
