"""Writing a mail to a customer's people, answering one, and handing one in as a file."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.validators import EmailValidator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jike.apps.customers.actions import mails as actions
from jike.apps.customers.models import Customer, KeyPerson, Mailbox, PartyInteraction
from jike.apps.customers.queries import mails as queries
from jike.apps.customers.queries.interactions import people_offered
from jike.foundation.errors import Invalid, NotFound, RuleBroken
from jike.foundation.files import clean_file_name, received_file
from jike.foundation.files.sniffing import content_type
from jike.foundation.mailing.sending import Enclosed
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.fields import TextField
from jike.foundation.scope import Actor, fetch

__all__ = ["answer", "hand_in", "write"]

MOST_BYTES = 20 * 1024 * 1024
"""Files that go along, together; most servers take no more."""


class LetterForm(forms.Form):
    """To whom, what about, what is said."""

    def __init__(self, customer: Customer, actor: Actor, *, mailboxes: list[Mailbox], **options: Any) -> None:
        super().__init__(**options)
        self.mailboxes = {str(one.uid): one for one in mailboxes}
        self.people = {str(one.uid): one for one in people_offered(customer, actor) if one.email}
        self.fields["mailbox"] = forms.ChoiceField(
            choices=[(uid, f"{one.name} <{one.address}>") for uid, one in self.mailboxes.items()],
            label=pgettext_lazy("mail", "From"),
        )
        self.fields["people"] = forms.MultipleChoiceField(
            choices=[(uid, one.name) for uid, one in self.people.items()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            label=pgettext_lazy("mail", "To"),
        )
        self.fields["addresses"] = TextField(
            limit=1000,
            required=False,
            label=gettext_lazy("Further addresses"),
            help_text=gettext_lazy("Set apart by commas"),
        )
        self.fields["subject"] = TextField(limit=200, label=gettext_lazy("Subject"))
        self.fields["words"] = TextField(several=True, limit=20_000, label=gettext_lazy("Text"))
        self.fields["words"].widget.attrs["rows"] = 12

    def clean_addresses(self) -> list[str]:
        """Return the addresses one by one."""
        pieces = self.cleaned_data["addresses"].replace("，", ",").replace(";", ",").split(",")
        found = [one.strip().lower() for one in pieces if one.strip()]
        for one in found:
            EmailValidator(_("“%(value)s” is no e-mail address."))(one)
        return found


@page("GET", "POST", permission="customers.mailbox:send")
def write(request: PageRequest, uid: UUID) -> HttpResponse:
    """Offer a letter to the customer's people, and send it."""
    customer = fetch(Customer, uid, request.actor)
    return _letter(request, customer, None)


@page("GET", "POST", permission="customers.mailbox:send")
def answer(request: PageRequest, uid: UUID) -> HttpResponse:
    """Offer an answer to a mail, in its conversation."""
    row = fetch(PartyInteraction, uid, request.actor, related=("customer",))
    if not row.mails.exists():
        raise NotFound
    return _letter(request, row.customer, row)


def _letter(request: PageRequest, customer: Customer, answered: PartyInteraction | None) -> HttpResponse:
    if request.htmx and request.method == "GET":
        return HttpResponse(headers={"HX-Redirect": request.get_full_path()})
    mailboxes = queries.mailboxes_to_send(request.actor)
    form = LetterForm(
        customer,
        request.actor,
        mailboxes=mailboxes,
        data=request.POST or None,
        initial=_beginning(answered),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, customer, answered, form=form)
        except Invalid as error:
            for name, told in error.fields.items():
                form.add_error(name if name in form.fields else None, list(told))
        except RuleBroken as error:
            form.add_error(None, str(error))
    context = {
        "customer": customer,
        "answered": answered,
        "form": form,
        "mailboxes": mailboxes,
        "may_hand_in": answered is None and request.actor.holds("customers.mail:add"),
    }
    return render(request, "customers/letter.html", context, status=422 if form.errors else 200)


def _send(
    request: PageRequest, customer: Customer, answered: PartyInteraction | None, *, form: LetterForm
) -> HttpResponse:
    given = form.cleaned_data
    people: list[KeyPerson] = [form.people[uid] for uid in given["people"]]
    outgoing = actions.Outgoing(
        given["subject"], given["words"], people, given["addresses"], _enclosed(request)
    )
    mailbox = form.mailboxes[given["mailbox"]]
    row = actions.send_mail(mailbox, outgoing, actor=request.actor, customer=customer, answering=answered)
    messages.success(request, _("The mail is sent."))
    return redirect("resource:record", "interactions", row.uid)


def _beginning(answered: PartyInteraction | None) -> dict[str, Any]:
    if answered is None:
        return {}
    mail = answered.mails.order_by("-id").first()
    known = [str(uid) for uid in answered.people]
    incoming = mail is not None and mail.direction == "in"
    addresses = [] if known or mail is None else [mail.sender] if incoming else mail.recipients
    subject = answered.subject
    quoted = "\n".join(f"> {line}" for line in answered.words.splitlines()[:60])
    return {
        "people": known,
        "addresses": ", ".join(addresses),
        "subject": subject if subject.lower().startswith("re:") else f"Re: {subject}"[:200],
        "words": f"\n\n{quoted}" if quoted else "",
    }


def _enclosed(request: PageRequest) -> list[Enclosed]:
    files, size = [], 0
    for upload in request.FILES.getlist("files"):
        size += upload.size or 0
        if size > MOST_BYTES:
            limit = MOST_BYTES // (1024 * 1024)
            raise Invalid({"": [_("The files are larger than %(limit)s MB together.") % {"limit": limit}]})
        content, name = upload.read(), clean_file_name(upload.name or "")
        files.append(Enclosed(name, content_type(content[:8192], name), content))
    return files


@page("POST", permission="customers.mail:add")
def hand_in(request: PageRequest, uid: UUID) -> HttpResponse:
    """Take a mail as a file (.eml) and put it under the customer."""
    customer = fetch(Customer, uid, request.actor)
    try:
        mail = actions.take_eml(received_file(request).read(), actor=request.actor, customer=customer)
    except Invalid as error:
        messages.error(request, " ".join(str(one) for told in error.fields.values() for one in told))
        return redirect("customers:write", uid)
    messages.success(request, _("The mail is kept under “%(name)s”.") % {"name": customer})
    return redirect("resource:record", "interactions", mail.interaction.uid)  # type: ignore[union-attr]
