"""Integration tokens: how they look, and that only their digest is kept."""

import datetime as dt
import secrets
from hashlib import sha256
from typing import NamedTuple

__all__ = ["LONGEST", "USE_NOTED_EVERY", "NewToken", "new_token", "token_digest"]

MARK = "jike_"
PREFIX_LENGTH = len(MARK) + 6
LONGEST = dt.timedelta(days=366)
"""The longest a token may live."""
USE_NOTED_EVERY = dt.timedelta(hours=1)
"""How often the use of a token is noted at most."""


class NewToken(NamedTuple):
    """A token as it is shown once, and what is kept of it."""

    secret: str
    prefix: str
    digest: str


def new_token() -> NewToken:
    """Return a token of 256 random bits; a plain digest is enough for it, since nobody can guess it."""
    secret = MARK + secrets.token_urlsafe(32)
    return NewToken(secret, secret[:PREFIX_LENGTH], token_digest(secret))


def token_digest(secret: str) -> str:
    """Return what is stored of a token."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
