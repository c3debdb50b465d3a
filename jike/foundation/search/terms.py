"""Conditions on the index as data: written as a tsquery for a kind, or weighed by how frequent their lexemes are."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

__all__ = ["Frequencies", "Term", "all_of", "any_of", "each_of", "estimate", "exactly", "starting", "tsquery"]


class Term(NamedTuple):
    """One lexeme, whole or begun, or several terms joined."""

    operator: str
    """``=`` or ``*`` with a lexeme; ``&`` (parts of one thing), ``&&`` (things apart) or ``|`` with parts."""
    lexeme: str = ""
    parts: tuple["Term", ...] = ()


def exactly(lexeme: str) -> Term:
    """Return the condition that the lexeme is there."""
    return Term("=", lexeme)


def starting(lexeme: str) -> Term:
    """Return the condition that a lexeme is there that begins so."""
    return Term("*", lexeme)


def all_of(terms: Sequence[Term]) -> Term:
    """Return the condition that all of them hold."""
    return terms[0] if len(terms) == 1 else Term("&", parts=tuple(dict.fromkeys(terms)))


def each_of(terms: Sequence[Term]) -> Term:
    """Return the condition that all of them hold, which have nothing to do with each other."""
    return terms[0] if len(terms) == 1 else Term("&&", parts=tuple(dict.fromkeys(terms)))


def any_of(terms: Sequence[Term]) -> Term:
    """Return the condition that one of them holds."""
    return terms[0] if len(terms) == 1 else Term("|", parts=tuple(dict.fromkeys(terms)))


def tsquery(term: Term, mark: str) -> str:
    """Return the condition upon entries of the kind with that mark."""
    if term.parts:
        return f"({f' {term.operator[0]} '.join(tsquery(part, mark) for part in term.parts)})"
    plain = term.lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{mark}{plain}'{':*' if term.operator == '*' else ''}"


@dataclass(frozen=True)
class Frequencies:
    """How many entries hold each frequent lexeme, and each kind has, as the database last counted a sample."""

    counts: Mapping[str, float]
    ordered: Sequence[str]
    rare: float
    """What a lexeme that is not among them may have at most."""
    kinds: Mapping[str, float]


def estimate(term: Term, mark: str, known: Frequencies, *, entries: float) -> float:
    """Return about how many of a kind's ``entries`` meet a condition, rather too many than too few."""
    if term.parts:
        counts = [estimate(part, mark, known, entries=entries) for part in term.parts]
        if term.operator == "|":
            return sum(counts)
        if term.operator == "&" or not entries:
            return min(counts)
        return entries * prod(min(1.0, count / entries) for count in counts)
    lexeme = mark + term.lexeme
    if term.operator == "=":
        return known.counts.get(lexeme, known.rare)
    total, place = known.rare, bisect_left(known.ordered, lexeme)
    while place < len(known.ordered) and known.ordered[place].startswith(lexeme):
        total += known.counts[known.ordered[place]]
        place += 1
    return total
