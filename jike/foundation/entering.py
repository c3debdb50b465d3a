"""Where typed text enters: cleaned by the values, its mistakes told beside the field in the reader's language."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from jike.foundation.errors import Invalid
from jike.values.errors import MESSAGES, InvalidValue, Notice
from jike.values.text import clean_code, clean_line, clean_text

__all__ = [
    "entered",
    "only_known",
    "plain",
    "plain_code",
    "plain_line",
    "plain_text",
    "sentence_of",
    "uids_in",
    "valid_line",
    "whole_number",
]

MOST_DIGITS = 18
"""What fits a 64-bit column; Python itself refuses texts of thousands of digits."""


def sentence_of(problem: InvalidValue | Notice) -> str:
    """Return the problem's sentence in the reader's language."""
    return gettext(MESSAGES[problem.code]) % problem.params


def whole_number(text: str) -> int | None:
    """Return the number that an address or a hidden input holds; None when it holds none of ours."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def uids_in(typed: Any, name: str) -> list[UUID]:
    """Return the uids that came with a form under ``name``, each once."""
    try:
        return [UUID(one) for one in dict.fromkeys(typed.getlist(name)) if one]
    except ValueError as error:
        raise Invalid({name: [gettext("Choose one of those offered.")]}) from error


def only_known(details: Collection[str], known: Collection[str]) -> None:
    """Stop an action that was handed ``details`` besides those ``known``: its caller's mistake, not a person's."""
    if others := sorted(set(details) - set(known)):
        raise TypeError(f"{', '.join(others)}: set by an action of its own, or computed")


def entered(field: str, clean: Callable[..., Any], text: str, **options: Any) -> Any:
    """Return ``clean(text, **options)``; what the value refuses becomes `Invalid` for ``field``."""
    try:
        return clean(text, **options)
    except InvalidValue as error:
        raise Invalid({field: [sentence_of(error)]}) from error


LONGEST = 100_000
"""Characters; what is longer stays as it is, and the field's own limit refuses it."""


def plain(clean: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Return what a model's ``DERIVED`` uses to store text plainly: it never refuses, that is the validators' part."""

    def derived(text: Any) -> Any:
        if not isinstance(text, str) or not text:
            return text
        try:
            return str(clean(text))
        except InvalidValue:
            return text

    return derived


plain_line = plain(lambda text: clean_line(text, limit=LONGEST))
plain_text = plain(lambda text: clean_text(text, limit=LONGEST))
plain_code = plain(lambda text: clean_code(text, limit=LONGEST))


def valid_line(text: str) -> None:
    """Refuse characters that cannot be stored."""
    try:
        clean_text(text, limit=LONGEST)
    except InvalidValue as error:
        raise ValidationError(sentence_of(error)) from error
