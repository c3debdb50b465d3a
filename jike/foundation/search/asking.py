"""What somebody typed, as a condition on the index, and the exact comparison afterwards.

A word is split where script changes: 广东gs asks for 广东 and for gs. Latin runs may be initials, whole or begun
syllables, a mixture of both, Latin letters of a name, the beginning of a code or the end of a telephone number. The
condition is wider than what is meant (parts instead of the whole); `Asked.fits` is exact.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from jike.foundation.search.spelling import (
    DOUBLE_INITIALS,
    INITIALS,
    forms_of,
    known_syllables,
    letters_of,
    spelled_end,
    symbols_of,
)
from jike.foundation.search.terms import Term, all_of, any_of, each_of, exactly, starting
from jike.foundation.search.tokens import CODE_LENGTHS, PHONE_TAIL, phone_digits

__all__ = ["TYPED_LIMIT", "Asked", "Rank", "asked"]

TYPED_LIMIT = 100
"""Characters that are read; the rest of what was typed is ignored."""
PARTS_LIMIT = 12
VOWELS = frozenset("aeo")
PARTINGS_LIMIT = 60
READINGS_LIMIT = 4
"""Ways to part typed letters into syllables that are asked for: those of the fewest parts and of one more."""
_RUN = re.compile(r"[a-z0-9]+|[^a-z0-9]+")


class Rank(NamedTuple):
    """How well a record fits, best first when compared."""

    exact: int
    """0 when the whole title or code was typed, else 1."""
    start: int
    """0 when the title or code begins with it, else 1."""


@dataclass(frozen=True)
class _Word:
    """One typed word: its runs of one script each, and what it would be as a code or a telephone number."""

    runs: tuple[str, ...]
    code: str
    phone: str
    symbols: tuple[str, ...]

    @property
    def term(self) -> Term:
        ways = [each_of([_run_term(run) for run in self.runs])] if self.runs else []
        if self.symbols:
            ways.append(all_of([exactly(symbol) for symbol in self.symbols]))
        return any_of([*ways, *_number_terms(self.code, self.phone)])

    def fits(self, names: str, codes: str) -> bool:
        if self.symbols and not self.runs:
            return True
        return _number_fits(self, codes) or all(_run_fits(run, names) for run in self.runs)


@dataclass(frozen=True)
class Asked:
    """What was typed, read; false when there is nothing to look for."""

    words: tuple[_Word, ...]
    whole: _Word
    typed: str

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def term(self) -> Term:
        """The condition on the index, without marks of kinds."""
        together = _number_terms(self.whole.code, self.whole.phone) if len(self.words) > 1 else []
        return any_of([each_of([word.term for word in self.words]), *together])

    @property
    def beginning(self) -> Term | None:
        """The condition that a name also begins with the first letters typed, where initials can tell."""
        first = self.words[0].runs[0] if self.words and self.words[0].runs else ""
        if not first or not first.isascii():
            return None
        starts = {exactly(f"b{first[:3]}")} | {exactly(f"b{heads[:3]}") for heads in _heads(first)}
        return all_of([self.term, any_of(sorted(starts))])

    @property
    def literal(self) -> str:
        """The first run of Chinese letters, by which a title may begin; empty when Latin comes first."""
        first = self.words[0].runs[0] if self.words and self.words[0].runs else ""
        return "" if first.isascii() else first

    @property
    def literals(self) -> list[str]:
        """Chinese runs whose letters the index knows only in pairs, to be compared as a whole."""
        return [run for word in self.words for run in word.runs if len(run) > 2 and not run.isascii()]

    def fits(self, names: str, codes: str) -> bool:
        """Compare exactly: whether the record is meant. ``names`` and ``codes`` as the entry has them."""
        return _number_fits(self.whole, codes) or all(word.fits(names, codes) for word in self.words)

    def rank(self, names: str, codes: str) -> Rank:
        """Return how well a record fits that is meant; much quicker than telling whether it is."""
        letters = names.partition("\n")[0]
        end = _chain(letters, self._runs) if self._runs else None
        begun = bool(self.whole.code) and f"\n{self.whole.code}" in codes
        whole = begun and f"\n{self.whole.code}\n" in codes
        return Rank(not (end == len(letters) or whole), end is None and not begun)

    @cached_property
    def _runs(self) -> list[str]:
        return [run for word in self.words for run in word.runs]

    def spans(self, title: str) -> list[tuple[int, int]]:
        """Return the stretches of the title that were typed, for marking them."""
        letters, places = [], []
        for place, character in enumerate(title):
            folded = letters_of(character)
            letters.append(folded)
            places += [place] * len(folded)
        line = "".join(letters)
        found = (_run_span(run, line) for run in self._runs)
        return _merged([(places[span[0]], places[span[1] - 1] + 1) for span in found if span])


def asked(text: str) -> Asked:
    """Read what was typed; anything may come in."""
    plain = text[:TYPED_LIMIT]
    words = [_word(part) for part in plain.split()]
    if any(word.runs for word in words):
        words = [word for word in words if word.runs]
    kept = tuple(word for word in words if word.runs or word.symbols)
    return Asked(kept, _word("".join(plain.split())), plain.strip())


def _word(part: str) -> _Word:
    letters = letters_of(part)
    digits = phone_digits(part)
    numeric = len(digits) >= PHONE_TAIL and len(digits) >= len(
        letters_of(part.removeprefix("+86")).removeprefix("0")
    )
    return _Word(
        tuple(_RUN.findall(letters)[:PARTS_LIMIT]),
        code=letters if letters.isascii() and len(letters) >= CODE_LENGTHS[0] else "",
        phone=digits if numeric else "",
        symbols=() if letters else tuple(symbols_of(part)[:PARTS_LIMIT]),
    )


def _number_terms(code: str, phone: str) -> list[Term]:
    found = []
    if code:
        length = max(length for length in CODE_LENGTHS if length <= len(code))
        found.append(exactly(f"c{code[:length]}"))
    if phone:
        found.append(exactly(f"t{phone[-PHONE_TAIL:]}"))
    return found


def _number_fits(word: _Word, codes: str) -> bool:
    return bool(
        (word.code and f"\n{word.code}" in codes)
        or (word.phone and f"{word.phone}\n" in codes and len(word.phone) >= PHONE_TAIL)
    )


def _run_term(run: str) -> Term:
    if not run.isascii():
        pairs = [run[place : place + 2] for place in range(len(run) - 1)][:PARTS_LIMIT] or [run]
        return all_of([exactly(pair) for pair in pairs])
    ways = [_initials_term(run)]
    if run.isalpha():
        ways += [_pieces_term(pieces) for pieces in _readings(run)]
    return any_of(ways)


def _initials_term(initials: str) -> Term:
    if len(initials) < 3:
        return starting(f"i{initials}")
    windows = dict.fromkeys(initials[place : place + 3] for place in range(len(initials) - 2))
    return all_of([exactly(f"i{window}") for window in list(windows)[:PARTS_LIMIT]])


def _heads(run: str) -> list[str]:
    return ["".join(piece[0] for piece in pieces) for pieces in _readings(run)] if run.isalpha() else []


def _readings(run: str) -> list[tuple[str, ...]]:
    """Return the ways to part typed letters into syllables and initials, but the one with initials only."""
    parted = sorted(
        islice((pieces for pieces in _parted(run) if len(pieces) < len(run)), PARTINGS_LIMIT), key=len
    )
    return [pieces for pieces in parted if len(pieces) <= len(parted[0]) + 1][:READINGS_LIMIT]


def _parted(run: str) -> Iterator[tuple[str, ...]]:
    if not run:
        yield ()
        return
    for length in range(min(6, len(run)), 0, -1):
        piece, rest = run[:length], run[length:]
        known = piece in known_syllables() or piece in DOUBLE_INITIALS or (length == 1 and piece in INITIALS)
        if known or (not rest and _begun(piece)):
            for pieces in _parted(rest):
                if not (pieces and _torn(piece, pieces[0])):
                    yield (piece, *pieces)


def _torn(piece: str, following: str) -> bool:
    """Whether an initial is parted from the rest of its syllable: nobody who types zhou means zh and ou."""
    lone = piece in DOUBLE_INITIALS or (len(piece) == 1 and piece not in VOWELS)
    return lone and piece + following in known_syllables()


@cache
def _begun(start: str) -> tuple[str, ...]:
    """Return the syllables that begin so."""
    return tuple(sorted(one for one in known_syllables() if one.startswith(start)))


def _pieces_term(pieces: Sequence[str]) -> Term:
    if len(pieces) == 1:
        return starting(f"p{pieces[0]}")
    conditions = []
    for place, (piece, following) in enumerate(pairwise(pieces)):
        if len(piece) == 1 and len(following) == 1 and piece not in known_syllables():
            continue
        whole = following in known_syllables() and place + 2 < len(pieces)
        heads = [piece] if piece in known_syllables() else _begun(piece)
        if len(piece) == 1:
            heads = _begun(piece)
        lexeme = exactly if whole and len(following) > 1 else starting
        conditions.append(any_of([lexeme(f"p{head}-{following}") for head in heads]))
    heads_typed = "".join(piece[0] for piece in pieces)
    if len(heads_typed) > 2:
        conditions.append(_initials_term(heads_typed))
    return all_of(conditions or [_initials_term(heads_typed)])


def _run_fits(run: str, names: str) -> bool:
    return any(_run_span(run, line) is not None for line in names.split("\n"))


def _run_span(run: str, line: str) -> tuple[int, int] | None:
    if not run.isascii():
        place = line.find(run)
        return None if place < 0 else (place, place + len(run))
    plain = line.find(run)
    if plain >= 0:
        return plain, plain + len(run)
    for start, letter in enumerate(line):
        end = spelled_end(line, start, run) if run[0] in _initials_of(letter) else None
        if end is not None:
            return start, end
    return None


@lru_cache(maxsize=60_000)
def _initials_of(letter: str) -> frozenset[str]:
    return frozenset(form[0] for form in forms_of(letter))


def _chain(letters: str, runs: Sequence[str]) -> int | None:
    """Return where the title's letters end that the runs spell from its beginning on, one after the other."""
    at = 0
    for run in runs:
        if letters.startswith(run, at):
            at += len(run)
            continue
        end = spelled_end(letters, at, run) if run.isascii() else None
        if end is None:
            return None
        at = end
    return at


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged
