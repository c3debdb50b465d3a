"""What one needs to reach a mail server, and how its refusals are told."""

import ssl
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["TIMEOUT_SECONDS", "MailTrouble", "Obstacle", "Security", "Server", "secured"]

TIMEOUT_SECONDS = 30


class Security(StrEnum):
    """How the connection is enciphered."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True)
class Server:
    """Where to connect, and as whom."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)


class Obstacle(StrEnum):
    """Where it came to an end."""

    LINE = "line"
    CREDENTIALS = "credentials"
    ANSWER = "answer"


class MailTrouble(Exception):
    """The server could not be reached or refused us; the sentence is the server's or the system's own."""

    def __init__(self, sentence: str, obstacle: Obstacle = Obstacle.ANSWER) -> None:
        super().__init__(sentence)
        self.obstacle = obstacle


def secured() -> ssl.SSLContext:
    """Return what checks a server's certificate and name."""
    return ssl.create_default_context()
