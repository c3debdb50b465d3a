"""Formulas over a record's figures and days: read once, worked out in Python for one record or in SQL for many.

A formula is an expression of Python's grammar, of which only what stands in this module is known: names, figures,
``+ - * /``, one comparison at a time within ``when(a > b, then, else)``, and ``min max abs round``. Nothing is ever
evaluated as code. A quotient is rounded to six places in both languages, so that both give the same.
"""

import ast
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from jike.foundation.errors import RuleBroken

__all__ = ["LARGEST", "PLACES", "TODAY", "Empty", "Formula", "Sort", "evaluate", "read", "rounded"]

LARGEST, PLACES, LONGEST, DEEPEST = Decimal(10) ** 15, 6, 500, 20
TODAY = "today"
FULL_WIDTH = str.maketrans("（）×÷，＋－＊／＞＜｛｝", "()*/,+-*/><{}")
NAMED = re.compile(r"\{([^{}]*)\}")
FUNCTIONS = {
    "min": "min",
    "max": "max",
    "abs": "abs",
    "round": "round",
    "when": "when",
    "最小": "min",
    "最大": "max",
    "绝对值": "abs",
    "四舍五入": "round",
    "如果": "when",
}
SIGNS: Mapping[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS: Mapping[type[ast.AST], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "=",
    ast.NotEq: "!=",
}


class Sort(StrEnum):
    """What part of a formula gives."""

    NUMBER = "number"
    DAY = "day"


class Empty(Exception):
    """A formula has no value for this record; the sentence says why."""


@dataclass(frozen=True)
class Part:
    """A node: a ``figure``, a ``name``, or an ``act`` (sign, comparison or function) upon its parts."""

    sort: Sort
    act: str
    value: Any = None
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Formula:
    """A formula as read.

    Attributes
    ----------
    text
        As it is stored: fields by their keys.
    names
        The fields it needs.
    """

    text: str
    root: Part
    names: frozenset[str]


def read(text: str, known: Mapping[str, Sort], *, labels: Mapping[str, str] | None = None) -> Formula:
    """Read a formula.

    Parameters
    ----------
    known
        Name of a field it may use → what it gives.
    labels
        What people call fields → name; a formula may use either, a label with spaces in braces.

    Raises
    ------
    RuleBroken
        It cannot be read, uses what no formula may, or mixes days and figures.
    """
    plain = text.translate(FULL_WIDTH).strip()
    if not plain or len(plain) > LONGEST:
        raise RuleBroken(_("Enter a formula of at most %(most)s characters.") % {"most": LONGEST})
    reader = _Reader({**known, TODAY: Sort.DAY}, {**(labels or {}), "今天": TODAY})
    plain = NAMED.sub(lambda found: f" {reader.name(found[1].strip())} ", plain).strip()
    try:
        tree = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise RuleBroken(_("This formula cannot be read; look at its signs and brackets.")) from error
    root = reader.part(tree, 0)
    return Formula(ast.unparse(reader.renamed(tree)), root, frozenset(reader.used - {TODAY}))


class _Reader(ast.NodeTransformer):
    def __init__(self, known: Mapping[str, Sort], labels: Mapping[str, str]) -> None:
        self.known, self.labels, self.used = known, labels, set[str]()

    def name(self, word: str) -> str:
        """Return the field that a word names."""
        found = word if word in self.known else self.labels.get(word, "")
        if not found:
            raise RuleBroken(_("A formula cannot use “%(name)s”.") % {"name": word[:40]})
        return found

    def renamed(self, tree: ast.expr) -> ast.expr:
        """Return the tree with keys in place of labels."""
        changed: ast.expr = self.visit(tree)
        return changed

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(FUNCTIONS.get(node.id) or self.name(node.id), node.ctx)

    def part(self, node: ast.AST, depth: int) -> Part:
        if depth > DEEPEST:
            raise RuleBroken(_("This formula is nested too deeply."))
        match node:
            case ast.Constant(value=int() | float() as figure) if not isinstance(figure, bool):
                return Part(Sort.NUMBER, "figure", _figure(figure))
            case ast.Name():
                name = self.name(node.id)
                self.used.add(name)
                return Part(self.known[name], "name", name)
            case ast.UnaryOp(op=ast.USub()):
                return _negative(self.part(node.operand, depth + 1))
            case ast.BinOp() if type(node.op) in SIGNS:
                sides = (self.part(node.left, depth + 1), self.part(node.right, depth + 1))
                return _calculated(SIGNS[type(node.op)], *sides)
            case ast.Call(func=ast.Name(id=word), keywords=[]) if word in FUNCTIONS:
                return self.call(FUNCTIONS[word], node.args, depth + 1)
        raise RuleBroken(_("A formula knows figures, fields, + - * / and its own functions, nothing else."))

    def call(self, act: str, given: list[ast.expr], depth: int) -> Part:
        if act == "when":
            return self.choice(given, depth)
        parts = tuple(self.part(one, depth) for one in given)
        sorts = {one.sort for one in parts}
        counts = {"min": len(parts) >= 2, "max": len(parts) >= 2, "abs": len(parts) == 1}
        if act == "round":
            whole = len(parts) == 2 and parts[1].act == "figure" and parts[1].value in range(PLACES + 1)
            fits = sorts == {Sort.NUMBER} and (len(parts) == 1 or whole)
        else:
            fits = counts[act] and len(sorts) == 1 and (act != "abs" or sorts == {Sort.NUMBER})
        if not fits:
            raise RuleBroken(_("“%(name)s” cannot be used so in a formula.") % {"name": act})
        return Part(parts[0].sort, act, None, parts)

    def choice(self, given: list[ast.expr], depth: int) -> Part:
        match given:
            case [ast.Compare(left=left, ops=[sign], comparators=[right]), then, other]:
                sides = (self.part(left, depth), self.part(right, depth))
                ways = (self.part(then, depth), self.part(other, depth))
                if (
                    sides[0].sort == sides[1].sort
                    and ways[0].sort == ways[1].sort
                    and type(sign) in COMPARISONS
                ):
                    asked = Part(Sort.NUMBER, COMPARISONS[type(sign)], None, sides)
                    return Part(ways[0].sort, "when", None, (asked, *ways))
        raise RuleBroken(_("Write when(a > b, then, else), with figures or days on both sides."))


def _figure(value: float) -> Decimal:
    figure = Decimal(str(value))
    if not figure.is_finite() or abs(figure) >= LARGEST:
        raise RuleBroken(_("A figure in the formula is too large."))
    return rounded(figure, 10)


def _negative(part: Part) -> Part:
    if part.sort is not Sort.NUMBER:
        raise RuleBroken(_("Days cannot be calculated with in this way."))
    return Part(Sort.NUMBER, "negative", None, (part,))


def _calculated(sign: str, left: Part, right: Part) -> Part:
    gives = {
        (Sort.DAY, "-", Sort.DAY): Sort.NUMBER,
        (Sort.DAY, "+", Sort.NUMBER): Sort.DAY,
        (Sort.DAY, "-", Sort.NUMBER): Sort.DAY,
    }.get((left.sort, sign, right.sort))
    if left.sort is right.sort is Sort.NUMBER:
        gives = Sort.NUMBER
    if gives is None:
        raise RuleBroken(_("Days cannot be calculated with in this way."))
    act = {Sort.DAY: "later" if sign == "+" else "earlier"}.get(gives, sign)
    return Part(gives, "days" if left.sort is Sort.DAY and gives is Sort.NUMBER else act, None, (left, right))


def evaluate(formula: Formula, value_of: Callable[[str], Any], *, places: int) -> Decimal | dt.date:
    """Return what the formula gives, a figure rounded to ``places``; ``value_of`` gives a field's value by name.

    Raises
    ------
    Empty
        A field is not filled in, something is divided by zero, or the result is beyond all measure.
    """
    with localcontext(prec=2000):
        found = _value(formula.root, value_of)
        if not isinstance(found, Decimal):
            return found
        if abs(found) >= LARGEST:
            raise Empty(_("The result is too large."))
        return rounded(found, places)


def rounded(figure: Decimal, places: int) -> Decimal:
    """Return the figure with so many decimal places, halves away from zero."""
    return figure.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _value(part: Part, value_of: Callable[[str], Any]) -> Any:
    if part.act == "figure":
        return part.value
    if part.act == "name":
        found = value_of(part.value)
        if found is None:
            raise Empty(part.value)
        return found if part.sort is Sort.DAY else Decimal(found)
    if part.act == "when":
        asked, then, other = part.parts
        left, right = (_value(one, value_of) for one in asked.parts)
        return _value(then if _HOLDS[asked.act](left, right) else other, value_of)
    return _ACTS[part.act](*(_value(one, value_of) for one in part.parts))


def _divided(left: Decimal, right: Decimal) -> Decimal:
    if not right:
        raise Empty(_("It would be divided by zero."))
    return rounded(left / right, PLACES)


def _later(day: dt.date, count: Decimal) -> dt.date:
    try:
        return day + dt.timedelta(days=int(rounded(count, 0)))
    except (OverflowError, ValueError) as error:
        raise Empty(_("The result is too large.")) from error


def _round(figure: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    return rounded(figure, int(places))


_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
_ACTS: Mapping[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divided,
    "negative": lambda a: -a,
    "days": lambda a, b: Decimal((a - b).days),
    "later": _later,
    "earlier": lambda day, count: _later(day, -count),
    "min": min,
    "max": max,
    "abs": abs,
    "round": _round,
}
