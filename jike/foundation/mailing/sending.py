"""Sending by SMTP: a letter is written as MIME and handed to the server in one go."""

import smtplib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from jike.foundation.mailing.accounts import TIMEOUT_SECONDS, MailTrouble, Obstacle, Security, Server, secured

__all__ = ["Enclosed", "greet", "post", "written"]


@dataclass(frozen=True)
class Enclosed:
    """A file that goes along."""

    name: str
    content_type: str
    content: bytes


def written(
    sender: tuple[str, str],
    to: Sequence[str],
    *,
    subject: str,
    words: str,
    at: datetime,
    cc: Sequence[str] = (),
    answers: Sequence[str] = (),
    files: Iterable[Enclosed] = (),
) -> EmailMessage:
    """Return the letter of ``sender`` (name, address); ``answers`` are the Message-IDs of its thread, oldest first."""
    letter = EmailMessage()
    name, address = sender
    letter["From"] = str(Address(display_name=name, addr_spec=address))
    letter["To"] = ", ".join(to)
    if cc:
        letter["Cc"] = ", ".join(cc)
    letter["Subject"] = " ".join(subject.split())
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    if answers:
        letter["In-Reply-To"] = answers[-1]
        letter["References"] = " ".join(answers)
    letter.set_content(words)
    for one in files:
        kind, _slash, rest = one.content_type.partition("/")
        letter.add_attachment(one.content, maintype=kind, subtype=rest or "octet-stream", filename=one.name)
    return letter


def post(server: Server, letter: EmailMessage, *, to: Sequence[str]) -> None:
    """Hand the letter to the server for ``to``; raises `MailTrouble` when it takes it for none or not for all."""
    with _signed_in(server) as connection:
        refused = connection.send_message(letter, to_addrs=list(to))
    if refused:
        raise MailTrouble(", ".join(sorted(refused)))


def greet(server: Server) -> None:
    """Sign in and leave again; raises `MailTrouble`."""
    with _signed_in(server) as connection:
        connection.noop()


@contextmanager
def _signed_in(server: Server) -> Iterator[smtplib.SMTP]:
    try:
        with _connected(server) as connection:
            if server.user:
                connection.login(server.user, server.password)
            yield connection
    except smtplib.SMTPAuthenticationError as error:
        raise MailTrouble(str(error), Obstacle.CREDENTIALS) from error
    except smtplib.SMTPException as error:
        raise MailTrouble(str(error)) from error
    except OSError as error:
        raise MailTrouble(str(error), Obstacle.LINE) from error


def _connected(server: Server) -> smtplib.SMTP:
    if server.security == Security.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=secured())
    connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    if server.security == Security.STARTTLS:
        connection.starttls(context=secured())
    return connection
