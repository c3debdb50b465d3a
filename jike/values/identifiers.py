"""Identifiers: time-ordered uids of records, and the codes by which the state knows organisations.

``uid7`` makes UUID version 7 (RFC 9562 §5.7) here, because PostgreSQL before 18 cannot and a record's uid
is known before it is stored. ``CreditCode`` is the 统一社会信用代码 (GB 32100-2015) with the 组织机构代码
(GB 11714) inside it.
"""

import os
import re
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from jike.values.errors import InvalidValue, Notice, excerpt
from jike.values.text import half_width

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_RANDOM_BITS = 74
_MAX_MILLISECONDS = 1 << 48


class _Uid7Sequence:
    """Monotonic random (RFC 9562 §6.2 method 2): within a millisecond the random part grows by chance."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = -1
        self._random = 0

    def after_clock(self, milliseconds: int) -> UUID:
        """Larger than every one before, even when the clock was set back."""
        with self._lock:
            return self._next(max(milliseconds, self._milliseconds))

    def at(self, milliseconds: int) -> UUID:
        """With exactly this time; larger than the one before when its time is not earlier."""
        with self._lock:
            return self._next(milliseconds)

    def _next(self, milliseconds: int) -> UUID:
        if milliseconds != self._milliseconds:
            # The top bit starts at zero, leaving room to grow.
            self._milliseconds, self._random = milliseconds, secrets.randbits(_RANDOM_BITS - 1)
        else:
            self._random += 1 + secrets.randbits(32)
            if self._random >> _RANDOM_BITS:
                self._milliseconds, self._random = milliseconds + 1, secrets.randbits(_RANDOM_BITS - 1)
        high, low = self._random >> 62, self._random & ((1 << 62) - 1)
        return UUID(int=self._milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


_FROM_CLOCK = _Uid7Sequence()
_FROM_ARGUMENT = _Uid7Sequence()
# A forked worker must neither repeat its parent's uids nor inherit a held lock.
os.register_at_fork(after_in_child=_FROM_CLOCK.restart)
os.register_at_fork(after_in_child=_FROM_ARGUMENT.restart)


def uid7(now: datetime | None = None) -> UUID:
    """A new UUID version 7: unique, and larger than all that this process made before.

    With ``now`` (needs a time zone) the uid carries that time, as for records of the past in data makers;
    then the order holds as long as the times given do not go back.
    """
    if now is None:
        return _FROM_CLOCK.after_clock(time.time_ns() // 1_000_000)
    if now.tzinfo is None:
        raise InvalidValue("time.naive")
    milliseconds = (now - _EPOCH) // _MILLISECOND
    if not 0 <= milliseconds < _MAX_MILLISECONDS:
        raise InvalidValue("uid.time_out_of_range")
    return _FROM_ARGUMENT.at(milliseconds)


def uid7_time(uid: UUID) -> datetime:
    """The moment (UTC, to the millisecond) that a UUID version 7 carries."""
    return _EPOCH + _MILLISECOND * (uid.int >> 80)


CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUE = {character: value for value, character in enumerate(CREDIT_ALPHABET)}
_CREDIT_WEIGHTS = tuple(pow(3, power, 31) for power in range(17))
_CREDIT_FIRST = frozenset("123456789ANY")
_CREDIT_LENGTH = 18
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_FORM = re.compile(r"[0-9A-Z]{8}[0-9X]")
_SEPARATORS = re.compile(r"[\s\u200b-\u200f\ufeff-]+")


def credit_check_character(first: str) -> str:
    """The check character for the first 17 characters: (31 − Σ value·3^(i−1) mod 31) mod 31."""
    total = sum(
        weight * _CREDIT_VALUE[character] for weight, character in zip(_CREDIT_WEIGHTS, first, strict=True)
    )
    return CREDIT_ALPHABET[-total % 31]


@dataclass(frozen=True, slots=True, order=True)
class CreditCode:
    """A unified social credit code (统一社会信用代码) of 18 characters.

    Wrong length, alphabet or first character raise ``InvalidValue``. A wrong check character does not: such
    codes have been issued, so ``notice`` then asks for confirmation.

    >>> CreditCode.parse("91110000600037341l").value
    '91110000600037341L'
    """

    value: str

    def __post_init__(self) -> None:
        if len(self.value) != _CREDIT_LENGTH:
            raise InvalidValue("credit_code.length", length=len(self.value))
        for character in self.value:
            if character not in _CREDIT_VALUE:
                raise InvalidValue("credit_code.alphabet", character=excerpt(character))
        if self.value[0] not in _CREDIT_FIRST:
            raise InvalidValue("credit_code.first", character=self.value[0])

    @classmethod
    def parse(cls, text: str) -> "CreditCode":
        """The code as people type or paste it: full width, lower case, with spaces or hyphens."""
        return cls(_SEPARATORS.sub("", half_width(text)).upper())

    def __str__(self) -> str:
        return self.value

    @property
    def verified(self) -> bool:
        """Whether the check character is the computed one."""
        return self.value[-1] == credit_check_character(self.value[:-1])

    @property
    def notice(self) -> Notice | None:
        """What to have confirmed, or None."""
        expected = credit_check_character(self.value[:-1])
        if expected == self.value[-1]:
            return None
        return Notice("credit_code.check", {"expected": expected, "found": self.value[-1]})

    @property
    def authority(self) -> str:
        """The kind of registering authority (character 1): 1 编办, 5 民政, 9 市场监管 …"""
        return self.value[0]

    @property
    def region(self) -> str:
        """The six-digit GB/T 2260 code of the registering authority's region; old codes occur."""
        return self.value[2:8]

    @property
    def organisation_code(self) -> str:
        """The organisation code (组织机构代码) inside: eight characters and its own check character."""
        return self.value[8:17]


def organisation_check_character(first: str) -> str:
    """The check character (0–9, X) of GB 11714 for the first 8 characters: 11 − Σ value·weight mod 11."""
    total = sum(
        weight * int(character, 36) for weight, character in zip(_ORGANISATION_WEIGHTS, first, strict=True)
    )
    return "0123456789X"[-total % 11]


def organisation_code_verified(text: str) -> bool:
    """Whether the check character of an organisation code (``60003734-1`` or without hyphen) is right.

    Raises ``InvalidValue`` when the text has not the form of one.
    """
    plain = _SEPARATORS.sub("", half_width(text)).upper()
    if not _ORGANISATION_FORM.fullmatch(plain):
        raise InvalidValue("organisation_code.form", text=excerpt(text))
    return plain[8] == organisation_check_character(plain[:8])
