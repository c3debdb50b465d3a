"""Mailboxes are added, changed, given their password, tried; a job fetches what came."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.actions.mails import take_mail
from jike.apps.customers.models import Mailbox
from jike.apps.customers.queries.mails import (
    PURPOSE,
    imap_server,
    mailboxes_to_fetch,
    smtp_server,
    trouble_in_words,
)
from jike.apps.organisation.models import Person, Unit
from jike.apps.organisation.queries import person_of
from jike.foundation.audit import changing, creating
from jike.foundation.ciphers import sealed_secret
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.jobs import defer, job
from jike.foundation.mailing.accounts import MailTrouble
from jike.foundation.mailing.fetching import Fetched, opened_folder
from jike.foundation.mailing.sending import greet
from jike.foundation.scope import Actor, system_actor

__all__ = [
    "add_mailbox",
    "change_mailbox",
    "fetch_mail",
    "fetch_mailbox",
    "set_password",
    "try_mailbox",
]

ACTOR = system_actor("customers.fetch_mailbox")
AT_ONCE = 200
"""Mails that one run takes; the next one goes on."""
REACHING = frozenset({"imap_host", "smtp_host", "user"})
"""What a stored password belongs to: it is never sent to another server or for another user."""
GIVEN = frozenset(
    {
        *("name", "address", "user", "imap_host", "imap_port", "imap_security", "folder"),
        *("smtp_host", "smtp_port", "smtp_security", "active"),
    }
)


def add_mailbox(
    *, actor: Actor, unit: Unit | None = None, owner: Person | None = None, **details: Any
) -> Mailbox:
    """Add a mailbox, the actor's own unless it names its unit alone; it works once its password is set."""
    only_known(details, GIVEN)
    person = owner or (None if unit is not None else person_of(actor))
    place = unit or (person.unit if person is not None else None)
    if place is None:
        raise Invalid({"unit": [_("Say whose mailbox it is.")]})
    return creating(Mailbox(unit=place, owner=person, **details), actor=actor)


@transaction.atomic
def change_mailbox(mailbox: Mailbox, *, actor: Actor, version: int | None = None, **details: Any) -> Mailbox:
    """Correct a mailbox; with another server or another name there the password must be set again."""
    only_known(details, GIVEN | {"unit", "owner"})
    with changing(mailbox, actor=actor, version=version):
        before = {name: getattr(mailbox, name) for name in REACHING}
        folder = mailbox.folder
        for name, value in details.items():
            setattr(mailbox, name, value)
        if any(getattr(mailbox, name) != value for name, value in before.items()):
            mailbox.sealed_password = ""
        if mailbox.folder != folder or mailbox.imap_host != before["imap_host"]:
            mailbox.uid_validity, mailbox.last_uid = None, 0
    return mailbox


def set_password(mailbox: Mailbox, *, actor: Actor, password: str) -> Mailbox:
    """Store the mailbox's password, enciphered."""
    if not password:
        raise Invalid({"password": [_("Type the password.")]})
    with changing(mailbox, actor=actor, verb="set_password", permit="change"):
        mailbox.sealed_password = sealed_secret(password, purpose=PURPOSE)
        mailbox.problem = ""
    return mailbox


def try_mailbox(mailbox: Mailbox, *, actor: Actor) -> None:
    """Sign in where the mailbox fetches and where it sends, and note what hindered us; raises it as `RuleBroken`."""
    problem = " ".join(_hindrances(mailbox))[:300]
    with changing(mailbox, actor=actor, verb="note_fetch", permit="change"):
        mailbox.problem = problem
    if problem:
        raise RuleBroken(problem)


def _hindrances(mailbox: Mailbox) -> Iterator[str]:
    if not mailbox.imap_host and not mailbox.smtp_host:
        yield _("This mailbox names no server yet.")
    if mailbox.imap_host:
        server = imap_server(mailbox)
        try:
            with opened_folder(server, mailbox.folder):
                pass
        except MailTrouble as error:
            yield trouble_in_words(error, server)
    if mailbox.smtp_host:
        server = smtp_server(mailbox)
        try:
            greet(server)
        except MailTrouble as error:
            yield trouble_in_words(error, server)


@job("customers.fetch_mail", label=gettext_lazy("Begin to fetch mail"), cron="*/5 * * * *")
def fetch_mail() -> None:
    """Begin to fetch each mailbox; one that is still being fetched is not begun twice."""
    with transaction.atomic():
        for mailbox in mailboxes_to_fetch():
            defer(fetch_mailbox, mailbox=mailbox.pk, key=f"mailbox:{mailbox.pk}")


@job("customers.fetch_mailbox", label=gettext_lazy("Fetch a mailbox"))
def fetch_mailbox(mailbox: int) -> None:
    """Take what came into the mailbox since it was read last; what is here already is passed over."""
    row = next((one for one in mailboxes_to_fetch() if one.pk == mailbox), None)
    if row is None:
        return
    last, validity, problem = row.last_uid, row.uid_validity, ""
    try:
        with opened_folder(imap_server(row), row.folder) as folder:
            if folder.validity != validity:
                last, validity = 0, folder.validity
            for one in folder.after(last, at_most=AT_ONCE, bytes_max=settings.ATTACHMENT_BYTES_MAX):
                problem = _taken(one, row) or problem
                last = one.uid
    except MailTrouble as error:
        problem = trouble_in_words(error, imap_server(row))
    except RuleBroken as error:
        problem = str(error)[:300]
    with changing(row, actor=ACTOR, verb="note_fetch", permit="change"):
        row.last_uid, row.uid_validity = last, validity
        row.problem, row.fetched_at = problem, timezone.now()


def _taken(one: Fetched, mailbox: Mailbox) -> str:
    """Take one mail and return nothing, or why it could not be stored: one odd mail stops no others."""
    try:
        take_mail(one.raw, actor=ACTOR, mailbox=mailbox, whole=one.whole)
    except RuleBroken as error:
        words = {"number": one.uid, "problem": error}
        return str(_("Mail number %(number)s could not be stored: %(problem)s") % words)[:300]
    return ""
