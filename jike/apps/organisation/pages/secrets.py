"""Enciphering what must be read again but not lie open in the database: the secrets of second factors."""

import base64
from functools import cache
from hashlib import sha256

from cryptography.fernet import Fernet
from django.conf import settings

__all__ = ["open_secret", "sealed_secret"]


@cache
def _cipher(secret_key: str) -> Fernet:
    digest = sha256(b"jike.second-factor:" + secret_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def sealed_secret(text: str) -> str:
    """Return ``text`` enciphered under the installation's secret key."""
    return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()


def open_secret(sealed: str) -> str:
    """Return what `sealed_secret` was given; cryptography.fernet.InvalidToken when the key is another."""
    return _cipher(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
