"""Mails: whom their addresses name, their originals, and how their mailbox's server is reached."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from cryptography.fernet import InvalidToken
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer, KeyPerson, Mail, Mailbox
from jike.apps.customers.rules.mails import MailState, company_domains, customer_by_address
from jike.apps.organisation.models import Person
from jike.foundation.ciphers import open_secret
from jike.foundation.errors import RuleBroken, Unavailable
from jike.foundation.files import attachments_of, open_attachment
from jike.foundation.mailing.accounts import MailTrouble, Obstacle, Server
from jike.foundation.mailing.letters import Letter, read_letter
from jike.foundation.scope import Actor, visible

__all__ = [
    "PURPOSE",
    "customer_for",
    "imap_server",
    "letter_of",
    "lock_message",
    "mailboxes_to_fetch",
    "mailboxes_to_send",
    "original_of",
    "own_among",
    "people_among",
    "smtp_server",
    "trouble_in_words",
]

PURPOSE = "mailbox"
MAIL_LOCK = 7_403_011
"""With a hash of its Message-ID: two fetchers of one mail wait for each other."""
WEB_FORMS = ("{}", "www.{}", "http://{}", "https://{}", "http://www.{}", "https://www.{}", "{}/", "www.{}/")


def own_among(addresses: Collection[str]) -> set[str]:
    """Return those of the addresses that are our mailboxes' or our people's."""
    mailboxes = Mailbox.objects.filter(address__in=addresses, removed_at=None)
    people = Person.objects.annotate(mail=Lower("email")).filter(mail__in=addresses)
    return {*mailboxes.values_list("address", flat=True), *people.values_list("mail", flat=True)}


def people_among(addresses: Collection[str], customer: Customer) -> list[KeyPerson]:
    """Return the customer's key persons with one of these addresses."""
    return list(KeyPerson.objects.filter(customer=customer, email__in=addresses, removed_at=None))


def customer_for(letter: Letter, own: Collection[str]) -> Customer | None:
    """Return whom the letter is from or to: by its sender, or else by everybody in it, or else by its conversation."""
    others = [one for one in (letter.sender, *letter.recipients) if one and one not in own]
    asked = [[letter.sender], others] if letter.sender and letter.sender not in own else [others]
    people, domains = _by_address(others), _by_domain(others)
    found = (customer_by_address(some, people=people, domains=domains) for some in asked)
    number = next((one for one in found if one is not None), None)
    if number is not None:
        return Customer.objects.filter(pk=number, removed_at=None).select_related("owner").first()
    return _by_thread(letter)


def _by_address(addresses: Collection[str]) -> dict[str, set[int]]:
    rows = KeyPerson.objects.filter(email__in=addresses, removed_at=None, customer__removed_at=None)
    found: dict[str, set[int]] = defaultdict(set)
    for email, customer in rows.values_list("email", "customer_id"):
        found[email].add(customer)
    return found


def _by_domain(addresses: Collection[str]) -> dict[str, set[int]]:
    wanted = {domain for one in addresses for domain in company_domains(one)}
    forms = {form.format(domain): domain for domain in wanted for form in WEB_FORMS}
    found: dict[str, set[int]] = defaultdict(set)
    if forms:
        rows = Customer.objects.annotate(web=Lower("domain")).filter(~Q(domain=""), web__in=forms)
        for web, customer in rows.filter(removed_at=None).values_list("web", "pk"):
            found[forms[web]].add(customer)
    return found


def _by_thread(letter: Letter) -> Customer | None:
    known = {letter.thread, *letter.references} - {letter.message_id}
    rows = Mail.objects.filter(Q(thread=letter.thread) | Q(message_id__in=known), state=MailState.ASSIGNED)
    newest = rows.filter(removed_at=None, interaction__removed_at=None).order_by("-id")
    found = newest.select_related("interaction__customer__owner").first()
    return found.interaction.customer if found is not None and found.interaction else None


def original_of(mail: Mail) -> bytes | None:
    """Return the mail as it came; None where it was not kept."""
    stored = next(iter(attachments_of(mail)[:1]), None)
    if stored is None:
        return None
    try:
        with open_attachment(stored) as source:
            return source.read()
    except Unavailable:
        return None


def letter_of(mail: Mail) -> Letter:
    """Return what the mail says, from its original or else from what was kept of it."""
    raw = original_of(mail)
    if raw is not None:
        return read_letter(raw, received_at=mail.sent_at)
    return Letter(
        message_id=mail.message_id,
        thread=mail.thread,
        references=(),
        sender=mail.sender,
        sender_name=mail.sender_name,
        recipients=tuple(mail.recipients),
        subject=mail.subject,
        text=mail.excerpt,
        sent_at=mail.sent_at,
        files=(),
    )


def mailboxes_to_fetch() -> Iterable[Mailbox]:
    """Return the mailboxes that are in use and can be fetched from."""
    rows = Mailbox.objects.filter(active=True, removed_at=None)
    return list(rows.exclude(imap_host="").exclude(sealed_password="").order_by("pk"))


def mailboxes_to_send(actor: Actor) -> list[Mailbox]:
    """Return the mailboxes from which the actor may send, their own first."""
    if not actor.holds("customers.mailbox:send"):
        return []
    rows = visible(Mailbox, actor, "send").filter(active=True).exclude(smtp_host="")
    found = list(rows.exclude(sealed_password="").order_by("name", "pk")[:50])
    return sorted(found, key=lambda one: one.owner_id != actor.person)


def imap_server(mailbox: Mailbox) -> Server:
    """Return where the mailbox is fetched from; its secrets leave the database here alone."""
    return Server(
        mailbox.imap_host, mailbox.imap_port, mailbox.imap_security, mailbox.user, _password(mailbox)
    )


def smtp_server(mailbox: Mailbox) -> Server:
    """Return where the mailbox sends through."""
    return Server(
        mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security, mailbox.user, _password(mailbox)
    )


def trouble_in_words(trouble: MailTrouble, server: Server) -> str:
    """Return what hindered us in a sentence that says what to look at, and the server's own words."""
    sentences = {
        Obstacle.LINE: _(
            "%(server)s cannot be reached. Look at the name, the port and the encryption. (%(problem)s)"
        ),
        Obstacle.CREDENTIALS: _("%(server)s refuses the user name or the password. (%(problem)s)"),
        Obstacle.ANSWER: _("%(server)s says: %(problem)s"),
    }
    words = {"server": f"{server.host}:{server.port}", "problem": trouble}
    return str(sentences[trouble.obstacle] % words)[:300]


def _password(mailbox: Mailbox) -> str:
    try:
        return open_secret(mailbox.sealed_password, purpose=PURPOSE)
    except InvalidToken as error:
        raise RuleBroken(_("The password of this mailbox must be set again.")) from error


def lock_message(message_id: str) -> None:
    """Wait until nobody else stores this mail; others wait for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [MAIL_LOCK, message_id])
