"""JIKE_MAIL_URL as Django's mail settings, so that one address says everything about the mail server."""

from typing import Any
from urllib.parse import unquote, urlsplit

__all__ = ["mail_settings"]

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
TIMEOUT_SECONDS = 20


def mail_settings(address: str) -> dict[str, Any]:
    """Return the EMAIL_ settings for an address that `jike.site.config` has checked.

    Without an address EMAIL_HOST is empty: then no digest is sent, and the page of notices says so.
    """
    parts = urlsplit(address)
    return {
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or PORTS.get(parts.scheme, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
