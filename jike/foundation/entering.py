"""Where typed text enters: cleaned by the values, its mistakes told beside the field in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext

from jike.foundation.errors import Invalid
from jike.values.errors import MESSAGES, InvalidValue, Notice

__all__ = ["entered", "sentence_of", "whole_number"]

MOST_DIGITS = 18
"""What fits a 64-bit column; Python itself refuses texts of thousands of digits."""


def sentence_of(problem: InvalidValue | Notice) -> str:
    """Return the problem's sentence in the reader's language."""
    return gettext(MESSAGES[problem.code]) % problem.params


def whole_number(text: str) -> int | None:
    """Return the number that an address or a hidden input holds; None when it holds none of ours."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def entered(field: str, clean: Callable[..., Any], text: str, **options: Any) -> Any:
    """Return ``clean(text, **options)``; what the value refuses becomes `Invalid` for ``field``."""
    try:
        return clean(text, **options)
    except InvalidValue as error:
        raise Invalid({field: [sentence_of(error)]}) from error
