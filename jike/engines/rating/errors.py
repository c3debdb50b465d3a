"""What the rating engine refuses, so that a caller can tell a wrong tariff from wrong usage.

RatingError
├── TariffInvalid     the tariff does not say one thing clearly; `.problems` names each place
├── UsageRefused      the usage files cannot be read as usage; `.problems` names file, column, record
└── AmountTooLarge    a sum would leave int64; the record or line is named
"""

from __future__ import annotations

from collections.abc import Sequence


class RatingError(Exception):
    """Anything this engine refuses."""


class _Listed(RatingError):
    """An error that carries one sentence per problem found."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class TariffInvalid(_Listed):
    """The tariff has gaps, overlaps, unknown keys, cycles or results below zero."""


class UsageRefused(_Listed):
    """The usage is truncated, of another schema, or holds values that cannot be rated safely."""


class AmountTooLarge(RatingError):
    """A product or sum would not fit into int64, so that no total is given at all."""
