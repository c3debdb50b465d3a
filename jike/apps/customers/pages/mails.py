"""How mailboxes and mails look on screen: lists, records, and the small dialogs that assign, set aside and try."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.actions import mailboxes as boxes
from jike.apps.customers.actions import mails as actions
from jike.apps.customers.models import Mail, Mailbox, PartyInteraction
from jike.apps.customers.queries import mails as queries
from jike.apps.customers.rules.mails import MailState
from jike.foundation.directory import address_of
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource import Panel, Resource, Section, Verb
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.fields import form_field
from jike.foundation.scope import Actor, fetch, may

__all__ = ["MAILBOXES", "MAILS", "assign", "ignore", "inbox", "reopen", "set_password", "try_it"]

WORDS_SHOWN = 8_000
WAITING = '[["state","in",["waiting"]]]'


def is_waiting(mail: Mail) -> bool:
    """Whether the mail waits to be assigned."""
    return mail.state == MailState.WAITING


def is_ignored(mail: Mail) -> bool:
    """Whether the mail was set aside."""
    return mail.state == MailState.IGNORED


def is_unassigned(mail: Mail) -> bool:
    """Whether the mail became no interaction yet."""
    return mail.state != MailState.ASSIGNED


def strip(mail: Mail, actor: Actor) -> Mapping[str, Any]:
    """Return what the mail says, who it went to, and the interaction it became."""
    letter, row = queries.letter_of(mail), mail.interaction
    seen = row is not None and actor.holds("customers.partyinteraction:view") and may(actor, "view", row)
    return {
        "words": letter.text[:WORDS_SHOWN],
        "further": max(mail.recipients_count - len(mail.recipients), 0),
        "files": [one.name for one in letter.files],
        "interaction": row if seen else None,
        "address": address_of(row.key) if seen and row is not None else "",
    }


def state_of(mailbox: Mailbox, actor: Actor) -> Mapping[str, Any]:
    """Return whether the mailbox works: its password set, when it was fetched, what the server said."""
    return {"ready": bool(mailbox.sealed_password)}


MAILS = Resource(
    model=Mail,
    slug="mails",
    icon="inbox",
    columns=("subject", "sender_name", "sender", "sent_at", "state", "direction", "mailbox", "files_count"),
    more_columns=("recipients_count", "owner", "unit", "excerpt"),
    looks={"state": "state"},
    sorts=("-sent_at",),
    panels=(
        Verb("assign", gettext_lazy("Assign"), "user-check", "customers:mail_assign", True, is_unassigned),
        Verb("ignore", gettext_lazy("Set aside"), "eye-off", "customers:mail_ignore", when=is_waiting),
        Verb("ignore", gettext_lazy("Take up again"), "refresh", "customers:mail_reopen", when=is_ignored),
        Panel("strip", gettext_lazy("Mail"), "customers/_mail.html", strip, "head"),
    ),
)

MAILBOXES = Resource(
    model=Mailbox,
    slug="mailboxes",
    icon="mail",
    columns=("name", "address", "owner", "unit", "active", "fetched_at", "problem"),
    more_columns=("imap_host", "smtp_host", "user"),
    looks={"imap_port": "code", "smtp_port": "code"},
    sorts=("name",),
    form=(
        Section(gettext_lazy("Mailbox"), ("name", "address", "user", "owner", "unit", "active")),
        Section(gettext_lazy("Fetching (IMAP)"), ("imap_host", "imap_port", "imap_security", "folder")),
        Section(gettext_lazy("Sending (SMTP)"), ("smtp_host", "smtp_port", "smtp_security")),
    ),
    inline=("name", "active"),
    actions={"add": boxes.add_mailbox, "change": boxes.change_mailbox},
    panels=(
        Verb("change", gettext_lazy("Set the password"), "key", "customers:mailbox_password"),
        Verb("change", gettext_lazy("Try the connection"), "plug", "customers:mailbox_try"),
        Panel("state", gettext_lazy("Mailbox"), "customers/_mailbox.html", state_of, "head"),
    ),
)


@page("GET", permission="customers.mail:view")
def inbox(request: PageRequest) -> HttpResponse:
    """Lead to the mails that wait to be assigned."""
    return redirect(f"{reverse('resource:list', args=['mails'])}?where={WAITING}")


@page("GET", "POST", permission="customers.mail:assign")
def assign(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for the customer to whom the mail belongs."""
    mail = fetch(Mail, uid, request.actor, action="assign", related=("owner",))
    form = forms.Form(data=request.POST or None)
    form.fields["customer"] = form_field(attribute_of(PartyInteraction, "customer"), request.actor)
    if mail.sender and request.actor.holds("customers.keyperson:add"):
        label = _("Add %(name)s as a key person") % {"name": mail.sender_name or mail.sender}
        form.fields["as_person"] = forms.BooleanField(required=False, label=label)

    def act(given: dict[str, Any]) -> str:
        chosen, as_person = given["customer"], bool(given.get("as_person"))
        actions.assign_mail(mail, actor=request.actor, customer=chosen, as_person=as_person)
        return _("The mail is kept under “%(name)s”.") % {"name": chosen}

    return ask(request, mail, form, title=_("Assign to a customer"), act=act)


@page("GET", "POST", permission="customers.mail:ignore")
def ignore(request: PageRequest, uid: UUID) -> HttpResponse:
    """Set the mail aside."""
    mail = fetch(Mail, uid, request.actor, action="ignore")

    def act(given: dict[str, Any]) -> str:
        actions.ignore_mail(mail, actor=request.actor)
        return _("The mail is set aside.")

    return ask(request, mail, forms.Form(data=request.POST or None), title=_("Set aside"), act=act)


@page("GET", "POST", permission="customers.mail:ignore")
def reopen(request: PageRequest, uid: UUID) -> HttpResponse:
    """Take up again a mail that was set aside."""
    mail = fetch(Mail, uid, request.actor, action="ignore")

    def act(given: dict[str, Any]) -> str:
        actions.reopen_mail(mail, actor=request.actor)
        return _("The mail waits to be assigned.")

    return ask(request, mail, forms.Form(data=request.POST or None), title=_("Take up again"), act=act)


@page("GET", "POST", permission="customers.mailbox:change")
def set_password(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for the mailbox's password; it is shown to nobody again."""
    mailbox = fetch(Mailbox, uid, request.actor, action="change")
    form = forms.Form(data=request.POST or None)
    form.fields["password"] = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def act(given: dict[str, Any]) -> str:
        boxes.set_password(mailbox, actor=request.actor, password=given["password"])
        return _("The password of “%(name)s” is set.") % {"name": mailbox}

    return ask(request, mailbox, form, title=_("Set the password"), act=act)


@page("GET", "POST", permission="customers.mailbox:change")
def try_it(request: PageRequest, uid: UUID) -> HttpResponse:
    """Sign in to the server as the job does, and say what it answers."""
    mailbox = fetch(Mailbox, uid, request.actor, action="change")

    def act(given: dict[str, Any]) -> str:
        boxes.try_mailbox(mailbox, actor=request.actor)
        return _("The server lets us in.")

    return ask(
        request, mailbox, forms.Form(data=request.POST or None), title=_("Try the connection"), act=act
    )
