"""Enciphering what must be read again but not lie open in the database: second factors, passwords of mailboxes."""

import base64
from functools import cache
from hashlib import sha256

from cryptography.fernet import Fernet
from django.conf import settings

__all__ = ["open_secret", "sealed_secret"]


@cache
def _cipher(secret_key: str, purpose: str) -> Fernet:
    digest = sha256(f"jike.{purpose}:{secret_key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def sealed_secret(text: str, *, purpose: str) -> str:
    """Return ``text`` enciphered under the installation's secret key; each ``purpose`` has a key of its own."""
    return _cipher(settings.SECRET_KEY, purpose).encrypt(text.encode()).decode()


def open_secret(sealed: str, *, purpose: str) -> str:
    """Return what `sealed_secret` was given; cryptography.fernet.InvalidToken when the key is another."""
    return _cipher(settings.SECRET_KEY, purpose).decrypt(sealed.encode()).decode()
