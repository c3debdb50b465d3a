"""`Mailbox`: an account from which mail is fetched and sent; `Mail`: one mail, with the interaction that it became."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.customers.models.entering import plain_mail
from jike.apps.customers.models.interaction_labels import DIRECTIONS, MAIL_STATES, SECURITIES
from jike.apps.customers.models.party_interaction import PartyInteraction
from jike.apps.customers.rules.interactions import Direction
from jike.apps.customers.rules.mails import MailState
from jike.apps.organisation.models import Person, Unit
from jike.foundation.entering import plain_line, plain_text
from jike.foundation.mailing.accounts import Security
from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import choices, line, order, text

MOST_RECIPIENTS = 20
"""Recipients kept with a mail; its original names all."""


def _port(label: Any, given: int) -> models.PositiveIntegerField:
    limits = [MinValueValidator(1), MaxValueValidator(65535)]
    return models.PositiveIntegerField(label, default=given, validators=limits)


def _security(label: Any) -> models.CharField:
    return models.CharField(
        label, max_length=8, choices=choices(SECURITIES), default=Security.TLS.value, blank=False
    )


class Mailbox(Record):
    """An account on a mail server, of one person (``owner``) or shared by a unit; its password is enciphered.

    ``uid_validity`` and ``last_uid`` tell how far the folder has been read, as RFC 3501 means them.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {**STANDARD_ACTIONS, "send": _("Send from a mailbox")}
    VERBS = {"set_password": _("Password set"), "note_fetch": _("Fetched")}
    UNRECORDED = frozenset({"sealed_password"})
    DERIVED = {
        "address": Derived("address", plain_mail),
        **{name: Derived(name, plain_line) for name in ("name", "imap_host", "smtp_host", "user", "folder")},
    }

    name = line(_("name of the mailbox"), 60, blank=False)
    address = models.EmailField(_("e-mail address"))
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("whose mailbox"),
        related_name="mailboxes",
        null=True,
        blank=True,
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="mailboxes")
    user = line(_("name at the server"), 120, blank=False)
    sealed_password = models.TextField(editable=False, blank=True)
    imap_host = line(_("IMAP server"), 120)
    imap_port = _port(_("IMAP port"), 993)
    imap_security = _security(_("IMAP security"))
    folder = line(_("folder"), 120, default="INBOX")
    smtp_host = line(_("SMTP server"), 120)
    smtp_port = _port(_("SMTP port"), 465)
    smtp_security = _security(_("SMTP security"))
    active = models.BooleanField(_("in use"), default=True)
    uid_validity = models.PositiveBigIntegerField(null=True, editable=False)
    last_uid = models.PositiveBigIntegerField(default=0, editable=False)
    fetched_at = models.DateTimeField(_("last fetched"), null=True, blank=True, editable=False)
    problem = models.CharField(_("problem"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ("name", "id")
        indexes = (order("name", "mailbox_by_name"),)
        constraints = (
            models.UniqueConstraint(
                fields=("address",),
                condition=models.Q(removed_at=None),
                name="mailbox_address_once",
                violation_error_message=_("There is a mailbox with this address already."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Mail(Record):
    """One mail as it came, went out or was handed in as a file; its original is attached.

    It lies where its mailbox lies until it is assigned: what it said is then told by its `PartyInteraction`, which lies
    where the customer lies. ``thread`` is the Message-ID with which the conversation began.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "assign": _("Assign to a customer"),
        "ignore": _("Set aside"),
    }
    VERBS = {"reopen": _("Taken up again")}
    DERIVED = {
        "subject": Derived("subject", plain_line),
        "excerpt": Derived("excerpt", plain_text),
        "sender": Derived("sender", plain_line),
    }

    mailbox = models.ForeignKey(
        Mailbox,
        models.PROTECT,
        verbose_name=_("mailbox"),
        related_name="mails",
        null=True,
        blank=True,
        editable=False,
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("whose mail"),
        related_name="mails",
        null=True,
        blank=True,
        editable=False,
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="mails", editable=False
    )
    state = models.CharField(
        _("state"), max_length=8, choices=choices(MAIL_STATES), default=MailState.WAITING.value
    )
    direction = models.CharField(
        _("who wrote"), max_length=3, choices=choices(DIRECTIONS), default=Direction.INCOMING.value
    )
    message_id = models.CharField(max_length=250, editable=False, db_collation="C")
    thread = models.CharField(max_length=250, editable=False, db_collation="C")
    sender = line(pgettext_lazy("mail", "from"), 254, editable=False)
    sender_name = line(_("sender"), 120, editable=False)
    recipients = ArrayField(
        models.CharField(max_length=254), verbose_name=_("to"), default=list, blank=True, editable=False
    )
    recipients_count = models.PositiveIntegerField(_("recipients"), default=0, editable=False)
    subject = line(_("subject"), 200, editable=False)
    excerpt = text(_("begins"), 600, editable=False)
    files_count = models.PositiveSmallIntegerField(_("files"), default=0, editable=False)
    sent_at = models.DateTimeField(_("sent"), editable=False)
    interaction = models.ForeignKey(
        PartyInteraction,
        models.PROTECT,
        verbose_name=_("interaction"),
        related_name="mails",
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ("-sent_at", "-id")
        indexes = (
            order("sent_at", "mail_by_time"),
            models.Index(fields=("state", "sent_at", "id"), name="mail_in_state"),
            models.Index(fields=("owner", "state", "sent_at"), name="mail_of_owner"),
            models.Index(fields=("thread", "sent_at"), name="mail_thread"),
            models.Index(fields=("message_id",), name="mail_message"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("mailbox", "message_id"),
                nulls_distinct=False,
                name="mail_once",
                violation_error_message=_("This mail is here already."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="assigned", interaction__isnull=False)
                | (~models.Q(state="assigned") & models.Q(interaction=None)),
                name="mail_assigned_became_an_interaction",
                violation_error_message=_("An assigned mail became an interaction."),
            ),
        )

    def __str__(self) -> str:
        return self.subject or self.sender
