"""First passwords and how long a password lasts; its strength is judged by the validators of the settings."""

import datetime as dt
import secrets

__all__ = ["FORMER_KEPT", "PASSWORD_LIMIT", "one_time_password", "password_expired"]

FORMER_KEPT = 3
"""A new password must differ from the current one and from this many before it."""
PASSWORD_LIMIT = 256
"""Characters; more would only keep the hash busy."""

# Read over the telephone without doubt: no 0/O, 1/l/I, no vowels that make words.
_CLEAR = "bcdfghjkmnpqrstvwxz23456789"


def one_time_password() -> str:
    """Return a random first password, such as ``kx7m-q2hd-w9zt``: 57 bits in three groups."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(3))


def password_expired(set_at: dt.datetime | None, *, days: int, now: dt.datetime) -> bool:
    """Whether a password set then must be renewed; ``days`` 0 means that passwords do not expire."""
    return days > 0 and (set_at is None or now - set_at >= dt.timedelta(days=days))
