"""Blotting out: what names one person is taken out of a text, and the rest of it stays readable."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

__all__ = ["BLOT", "Words"]

BLOT = "***"
LEAST_NAME, LEAST_DIGITS = 2, 7
APART = r"[\s\-()（）]*"


@dataclass(frozen=True)
class Words:
    """By what a person is named: whole texts, and numbers however their digits are set apart.

    A text shorter than two characters names nobody, and fewer than seven digits are no number of a person.
    """

    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str], numbers: Iterable[str]) -> "Words":
        """Return the words among what is known; empty and short ones are left out, +86 counts for nothing."""
        digits = (re.sub(r"\D", "", one.removeprefix("+86")) for one in numbers)
        return cls(
            tuple(dict.fromkeys(one.strip() for one in texts if len(one.strip()) >= LEAST_NAME)),
            tuple(dict.fromkeys(one for one in digits if len(one) >= LEAST_DIGITS)),
        )

    def __bool__(self) -> bool:
        return bool(self.texts or self.numbers)

    def name(self, text: str) -> bool:
        """Whether the text names the person."""
        return bool(self) and self._pattern.search(text) is not None

    def blotted(self, text: str) -> str:
        """Return the text without what names the person.

        >>> Words.of(["王小明"], ["+8613800138000"]).blotted("请王小明回电 138-0013-8000。")
        '请***回电 ***。'
        """
        return self._pattern.sub(BLOT, text) if self else text

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        texts = [re.escape(one) for one in sorted(self.texts, key=len, reverse=True)]
        numbers = [rf"(?:\+?86{APART})?" + APART.join(one) + r"(?!\d)" for one in self.numbers]
        return re.compile("|".join([*texts, *numbers]), re.IGNORECASE)
