"""The part of a style sheet that pages can use: rules whose class names no page ever says are left out.

The component library brings every component there is, 635 kB, and a browser reads all of it before it paints the first
page. What remains is decided by words, not by guesses: a class name that stands in no template, no script and no
Python file of pages cannot be on a page. So a library's class names are written whole, never put together.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

__all__ = ["pruned", "words_of"]

WORD = re.compile(r"[A-Za-z_][\w-]*")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
CHOICE = re.compile(r":(?:not|is|where|has)\([^()]*\)")
PIECE = re.compile(r"/\*.*?\*/|\"[^\"]*\"|'[^']*'|[{};]|[^\"'{};/]+|/", re.DOTALL)
NESTING = ("@media", "@supports", "@layer", "@container")


def words_of(files: Iterable[Path]) -> frozenset[str]:
    """Return every word in these files that could be a class name."""
    return frozenset(word for file in files for word in WORD.findall(file.read_text(encoding="utf-8")))


def pruned(sheet: str, words: Collection[str]) -> str:
    """Return the sheet without rules that need a class name outside ``words``; everything else stays as it is."""
    return "".join(_kept(_rules(sheet), frozenset(words)))


def _kept(rules: Iterable[tuple[str, str]], known: frozenset[str]) -> Iterator[str]:
    for head, body in rules:
        if head.startswith(NESTING):
            inner = "".join(_kept(_rules(body), known))
            if inner:
                yield f"{head}{{{inner}}}"
        elif not body or head.startswith("@"):
            yield f"{head}{{{body}}}" if body else head
        elif selectors := [one for one in _selectors(head) if _usable(one, known)]:
            yield f"{','.join(selectors)}{{{body}}}"


def _usable(selector: str, known: frozenset[str]) -> bool:
    """Whether each class it needs is known; what it offers to choose from or excludes does not count."""
    needed = CLASS.findall(CHOICE.sub("", CHOICE.sub("", selector)))
    return known.issuperset(needed)


def _selectors(head: str) -> Iterator[str]:
    """Split a rule's head at its commas, but not within brackets."""
    depth = start = 0
    for place, letter in enumerate(head):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and not depth:
            yield head[start:place]
            start = place + 1
    yield head[start:]


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Split a sheet into (head, body) of its outermost rules; a statement such as ``@charset …;`` has no body."""
    depth, head, body = 0, "", ""
    for piece in PIECE.findall(text):
        if piece.startswith("/*"):
            if piece.startswith("/*!") and not depth:
                yield piece, ""
            continue
        if piece == "}":
            depth -= 1
            if not depth:
                yield head.strip(), body
                head = body = ""
                continue
        if depth:
            body += piece
        elif piece == ";":
            yield f"{head.strip()};", ""
            head = ""
        elif piece != "{":
            head += piece
        depth += piece == "{"
