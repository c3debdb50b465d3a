"""Registration (报备): it protects who found an opportunity against a colliding colleague, for a time.

The times are sensible defaults, not an official standard.
"""

import datetime as dt

__all__ = ["PROTECTION_DAYS", "PROTECTION_ENDING_DAYS", "RENEWED_DAYS", "is_protected", "protection_after"]

PROTECTION_DAYS = 90
"""From the registration of an opportunity."""
RENEWED_DAYS = 60
"""From each stage that it reaches further on."""
PROTECTION_ENDING_DAYS = 7
"""Protection that ends within so many days is shown as ending."""


def is_protected(until: dt.date | None, *, today: dt.date) -> bool:
    """Whether a registration that holds until that day, inclusive, still protects."""
    return until is not None and until >= today


def protection_after(until: dt.date | None, *, on: dt.date) -> dt.date | None:
    """Return how long a registration holds after the opportunity advanced ``on`` that day; an ended one stays ended."""
    if until is None or until < on:
        return until
    return max(until, on + dt.timedelta(days=RENEWED_DAYS))
