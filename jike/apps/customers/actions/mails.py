"""Mails come in, become interactions of the customer whom their addresses name, or wait to be assigned; they go out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.actions.interactions import Present, record_interaction
from jike.apps.customers.actions.people import add_key_person
from jike.apps.customers.models import Customer, KeyPerson, Mail, Mailbox, PartyInteraction
from jike.apps.customers.models.interaction_labels import MAIL_STATES
from jike.apps.customers.models.mail import MOST_RECIPIENTS
from jike.apps.customers.queries.mails import (
    customer_for,
    letter_of,
    lock_message,
    own_among,
    people_among,
    smtp_server,
    trouble_in_words,
)
from jike.apps.customers.rules.interactions import MOST_PEOPLE, Channel, Direction
from jike.apps.customers.rules.mails import MAIL_NEXT, MailState
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import person_of
from jike.foundation.audit import changing, creating
from jike.foundation.errors import Invalid, RuleBroken, TooLarge
from jike.foundation.files import attach
from jike.foundation.mailing.accounts import MailTrouble
from jike.foundation.mailing.letters import Letter, read_letter
from jike.foundation.mailing.sending import Enclosed, post, written
from jike.foundation.scope import Actor, require, require_permission, system_actor, visible

__all__ = [
    "Outgoing",
    "assign_mail",
    "ignore_mail",
    "reopen_mail",
    "send_mail",
    "take_eml",
    "take_mail",
]

EXCERPT = 600
KEEPER = system_actor("customers.keep_mail")
"""Attaches what came with a mail, wherever the mail itself may be put."""


@dataclass(frozen=True)
class Outgoing:
    """A mail to be sent: to key persons of the customer, and to further addresses."""

    subject: str
    words: str
    people: Sequence[KeyPerson] = ()
    addresses: Sequence[str] = ()
    files: Collection[Enclosed] = ()


@transaction.atomic
def take_mail(raw: bytes, *, actor: Actor, mailbox: Mailbox, whole: bool = True) -> Mail:
    """Take a mail that came into ``mailbox``: it becomes an interaction where its addresses name a customer.

    Taken a second time it is passed over. ``whole`` is False where only the head of a mail too large was fetched.
    """
    letter = read_letter(raw, received_at=timezone.now())
    lock_message(letter.message_id)
    known = Mail.objects.filter(mailbox=mailbox, message_id=letter.message_id[:250]).first()
    if known is not None:
        return known
    own = own_among([letter.sender, *letter.recipients])
    others = [one for one in (letter.sender, *letter.recipients) if one and one not in own]
    mail = _mail(letter, own=own)
    mail.mailbox, mail.owner, mail.unit = mailbox, mailbox.owner, mailbox.unit
    mail.state = (MailState.WAITING if others or not letter.sender else MailState.IGNORED).value
    if not whole:
        mail.excerpt = _("This mail is too large; only its head was fetched.")
    creating(mail, actor=actor)
    _keep_original(mail, raw)
    customer = customer_for(letter, own) if others else None
    speaker = mailbox.owner or (customer.owner if customer is not None else None)
    if customer is not None and speaker is not None:
        _become(mail, letter, actor=actor, customer=customer, speaker=speaker)
    return mail


@transaction.atomic
def take_eml(raw: bytes, *, actor: Actor, customer: Customer) -> Mail:
    """Take a mail handed in as a file (.eml) and put it under ``customer``."""
    require(actor, "view", customer)
    require_permission(actor, "customers.mail:add")
    person = person_of(actor)
    if person is None:
        raise Invalid({"file": [_("Only people hand in mails.")]})
    letter = read_letter(raw, received_at=timezone.now())
    if not letter.sender and not letter.recipients and not letter.subject:
        raise Invalid({"file": [_("This file is no mail.")]})
    lock_message(letter.message_id)
    if Mail.objects.filter(mailbox=None, message_id=letter.message_id).exists():
        raise Invalid({"file": [_("This mail is here already.")]})
    mail = _mail(letter, own={*own_among([letter.sender, *letter.recipients])})
    mail.owner, mail.unit = person, person.unit
    creating(mail, actor=actor)
    _keep_original(mail, raw)
    return _become(mail, letter, actor=actor, customer=customer, speaker=person)


@transaction.atomic
def assign_mail(mail: Mail, *, actor: Actor, customer: Customer, as_person: bool = False) -> Mail:
    """Put a waiting mail under ``customer``; with ``as_person`` its sender becomes a key person there."""
    require(actor, "assign", mail)
    require(actor, "view", customer)
    _require_order(mail, MailState.ASSIGNED)
    letter, person = letter_of(mail), person_of(actor)
    if as_person and letter.sender:
        name = letter.sender_name or letter.sender.partition("@")[0]
        add_key_person(actor=actor, customer=customer, name=name[:60], email=letter.sender)
    speaker = mail.owner or person or customer.owner
    if speaker is None:
        raise Invalid({"customer": [_("Say who spoke.")]})
    return _become(mail, letter, actor=actor, customer=customer, speaker=speaker)


def ignore_mail(mail: Mail, *, actor: Actor) -> Mail:
    """Set the mail aside: it concerns no customer."""
    with changing(mail, actor=actor, verb="ignore"):
        _require_order(mail, MailState.IGNORED)
        mail.state = MailState.IGNORED.value
    return mail


def reopen_mail(mail: Mail, *, actor: Actor) -> Mail:
    """Take up again a mail that was set aside."""
    with changing(mail, actor=actor, verb="reopen", permit="ignore"):
        _require_order(mail, MailState.WAITING)
        mail.state = MailState.WAITING.value
    return mail


@transaction.atomic
def send_mail(
    mailbox: Mailbox,
    outgoing: Outgoing,
    *,
    actor: Actor,
    customer: Customer,
    answering: PartyInteraction | None = None,
) -> PartyInteraction:
    """Send a mail to people of the customer and keep it as an interaction; nothing is kept when it cannot be sent."""
    require(actor, "send", mailbox)
    require(actor, "view", customer)
    seen = visible(KeyPerson, actor).filter(pk__in=[one.pk for one in outgoing.people], customer=customer)
    to = list(dict.fromkeys([*(one.email for one in seen if one.email), *outgoing.addresses]))
    _check(outgoing, to)
    answered = answering.mails.order_by("-id").first() if answering is not None else None
    letter = written(
        (mailbox.name, mailbox.address),
        to,
        subject=outgoing.subject,
        words=outgoing.words,
        at=timezone.localtime(),
        answers=list(dict.fromkeys([answered.thread, answered.message_id])) if answered else (),
        files=outgoing.files,
    )
    raw = letter.as_bytes()
    read = read_letter(raw, received_at=timezone.now())
    mail = _mail(read, own={mailbox.address})
    mail.mailbox, mail.owner, mail.unit = mailbox, mailbox.owner, mailbox.unit
    creating(mail, actor=actor)
    _keep_original(mail, raw)
    speaker = person_of(actor) or mailbox.owner
    if speaker is None:
        raise Invalid({"": [_("Say who spoke.")]})
    _become(mail, read, actor=actor, customer=customer, speaker=speaker)
    try:
        post(smtp_server(mailbox), letter, to=to)
    except MailTrouble as error:
        why = trouble_in_words(error, smtp_server(mailbox))
        raise RuleBroken(_("The mail was not sent. %(problem)s") % {"problem": why}) from error
    if mail.interaction is None:
        raise LookupError("a mail that was sent is an interaction")
    return mail.interaction


def _check(outgoing: Outgoing, to: Collection[str]) -> None:
    problems = {}
    if not to:
        problems["people"] = [_("Choose somebody with an e-mail address.")]
    if len(to) > MOST_RECIPIENTS:
        problems["people"] = [_("At most %(limit)s people can be named.") % {"limit": MOST_RECIPIENTS}]
    if not outgoing.subject.strip():
        problems["subject"] = [_("Say what it was about.")]
    if not outgoing.words.strip():
        problems["words"] = [_("Write something first.")]
    if problems:
        raise Invalid(problems)


def _mail(letter: Letter, *, own: Collection[str]) -> Mail:
    direction = Direction.OUTGOING if letter.sender in own else Direction.INCOMING
    return Mail(
        direction=direction.value,
        message_id=letter.message_id,
        thread=letter.thread,
        sender=letter.sender,
        sender_name=letter.sender_name,
        recipients=list(letter.recipients[:MOST_RECIPIENTS]),
        recipients_count=len(letter.recipients),
        subject=letter.subject or letter.sender or "—",
        excerpt=letter.text[:EXCERPT],
        files_count=len(letter.files),
        sent_at=letter.sent_at,
    )


def _keep_original(mail: Mail, raw: bytes) -> None:
    """Attach the mail as it came; bytes that may not be attached are let go, and its text stays."""
    try:
        with transaction.atomic():
            attach(mail, name=f"{mail.subject[:60]}.eml", chunks=[raw], actor=KEEPER)
    except (Invalid, TooLarge):
        mail.files_count = 0


def _become(mail: Mail, letter: Letter, *, actor: Actor, customer: Customer, speaker: Person) -> Mail:
    """Make the mail an interaction with the customer, or let it join the one that another mailbox's copy became."""
    copies = Mail.objects.filter(message_id=mail.message_id, state=MailState.ASSIGNED, removed_at=None)
    twin = copies.exclude(pk=mail.pk).filter(interaction__customer=customer).first()
    row = twin.interaction if twin is not None and twin.interaction is not None else None
    if row is None:
        row = _interaction(mail, letter, actor=actor, customer=customer, speaker=speaker)
    with changing(mail, actor=actor, verb="assign"):
        mail.state, mail.interaction = MailState.ASSIGNED.value, row
    return mail


def _interaction(
    mail: Mail, letter: Letter, *, actor: Actor, customer: Customer, speaker: Person
) -> PartyInteraction:
    met = people_among([letter.sender, *letter.recipients], customer)[:MOST_PEOPLE]
    seen = visible(KeyPerson, actor).filter(pk__in=[one.pk for one in met])
    row = record_interaction(
        actor=actor,
        customer=customer,
        owner=speaker,
        channel=Channel.MAIL.value,
        direction=mail.direction,
        happened_at=min(letter.sent_at, timezone.now()),
        subject=mail.subject,
        words=letter.text,
        present=Present([one.uid for one in seen]),
    )
    for one in letter.files:
        try:
            with transaction.atomic():
                attach(row, name=one.name, chunks=[one.content], actor=KEEPER)
        except (Invalid, TooLarge):
            # What may not be attached stays within the original, which nobody opens by a click.
            continue
    return row


def _require_order(mail: Mail, then: MailState) -> None:
    now = MailState(mail.state)
    if then not in MAIL_NEXT[now]:
        raise RuleBroken(_("This mail is already in the state “%(state)s”.") % {"state": MAIL_STATES[now]})
