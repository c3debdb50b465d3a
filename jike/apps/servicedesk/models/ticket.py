"""`Ticket`: an enquiry, a complaint or a trouble of a customer, with its clocks."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.models.entering import plain_phone, valid_phone
from jike.apps.customers.models.labels import SERVICE_LEVELS
from jike.apps.organisation.models import Person, Unit
from jike.apps.servicedesk.models import labels
from jike.apps.servicedesk.rules import Cause, Channel, Kind, State
from jike.foundation.entering import plain_line, plain_text, valid_line
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, STOPPED, Derived
from jike.foundation.models.shapes import STANDING, choices, order, text

WATCHED = models.Q(removed_at=None, next_due_at__isnull=False)


def _moment(label: Any) -> models.DateTimeField:
    return models.DateTimeField(label, null=True, blank=True, editable=False)


class Ticket(Record):
    """What a customer asked, complained of, or reported; lies where its customer lies.

    ``owner`` handles it in ``unit``. ``next_due_at`` is the nearest of the promises still owed, None while the clock
    stands still; minutes are those that counted against the promise.
    """

    SCOPE = {"own": "customer__owner_id", "unit": "customer__unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "change_state": _("Handle: answer, wait, settle, confirm"),
        "assign": _("Assign the handler"),
        "oversee": _("Oversee overdue tickets"),
    }
    VERBS = {
        "take": _("Taken"),
        "answer": _("Answered"),
        "wait": _("Waiting for the customer"),
        "resume": _("Taken up again"),
        "settle": _("Settled"),
        "confirm": _("Confirmed by the customer"),
        "reopen": _("Reopened"),
        "cancel": _("Cancelled"),
        "escalate": _("Escalated"),
    }
    READS = {
        "next_due_at": models.Case(
            models.When(state=State.WAITING, then=models.Value(STOPPED)), default=models.F("next_due_at")
        )
    }
    DERIVED = {
        "title": Derived("title", plain_line),
        "caller": Derived("caller", plain_line),
        "phone": Derived("phone", plain_phone),
        "description": Derived("description", plain_text),
        "settlement": Derived("settlement", plain_text),
    }
    SEARCH = Searchable(title="title", codes=("code",), context=("customer__name", "code"))

    code = models.CharField(_("ticket number"), max_length=20, editable=False)
    ticket_type = models.CharField(
        _("kind"), max_length=9, choices=choices(labels.KINDS), default=Kind.ENQUIRY.value
    )
    title = models.CharField(pgettext_lazy("ticket", "subject"), max_length=120, validators=[valid_line])
    description = text(_("what the customer says"), 4000)
    cause = models.CharField(
        pgettext_lazy("ticket", "about"),
        max_length=8,
        choices=choices(labels.CAUSES),
        default=Cause.OTHER.value,
    )
    channel = models.CharField(
        pgettext_lazy("ticket", "came by"),
        max_length=10,
        choices=choices(labels.CHANNELS),
        default=Channel.PHONE.value,
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="tickets", db_index=False
    )
    key_person = models.ForeignKey(
        KeyPerson,
        models.PROTECT,
        verbose_name=_("key person"),
        related_name="tickets",
        null=True,
        blank=True,
        db_index=False,
    )
    caller = models.CharField(_("caller"), max_length=60, blank=True, validators=[valid_line])
    phone = models.CharField(_("caller's telephone"), max_length=32, blank=True, validators=[valid_phone])
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("handler"),
        related_name="tickets",
        null=True,
        blank=True,
        db_index=False,
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("handling unit"), related_name="tickets", db_index=False
    )
    priority = models.CharField(
        _("priority"),
        max_length=8,
        choices=choices(labels.PRIORITIES),
        blank=True,
        help_text=_("Follows from kind and service level unless you choose one."),
    )
    level = models.CharField(
        _("service level at the time"), max_length=8, choices=choices(SERVICE_LEVELS), editable=False
    )
    state = models.CharField(
        _("state"), max_length=9, choices=choices(labels.STATES), default=State.OPEN.value
    )

    opened_at = models.DateTimeField(_("opened"), editable=False)
    answered_at = _moment(_("first answered"))
    settled_at = _moment(pgettext_lazy("ticket", "settled at"))
    confirmed_at = _moment(_("confirmed at"))
    answer_due_at = models.DateTimeField(_("answer due"), editable=False)
    settle_due_at = models.DateTimeField(_("settlement due"), editable=False)
    next_due_at = _moment(pgettext_lazy("ticket", "clock"))
    clock_from = models.DateTimeField(_("clock started"), editable=False)
    paused_at = _moment(_("clock stopped"))
    paused_minutes = models.PositiveIntegerField(
        _("minutes waited for the customer"), default=0, editable=False
    )
    answer_minutes = models.PositiveIntegerField(
        _("minutes to the answer"), null=True, blank=True, editable=False
    )
    settle_minutes = models.PositiveIntegerField(
        _("minutes to the settlement"), null=True, blank=True, editable=False
    )
    answered_in_time = models.BooleanField(_("answered in time"), null=True, blank=True, editable=False)
    settled_in_time = models.BooleanField(_("settled in time"), null=True, blank=True, editable=False)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0, editable=False)
    escalation = models.PositiveSmallIntegerField(_("escalation level"), default=0, editable=False)
    settlement = text(_("what was done"), 4000)
    rating = models.PositiveSmallIntegerField(_("customer's rating"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ("next_due_at", "id")
        indexes = (
            # Of the running alone: one of all tickets would be walked past these for a board's finished ones.
            models.Index(
                fields=("next_due_at", "id"), include=("escalation",), name="ticket_by_due", condition=WATCHED
            ),
            order("opened_at", "ticket_by_opened"),
            order("priority", "ticket_by_priority"),
            models.Index(fields=("customer", "opened_at"), name="ticket_of_customer"),
            models.Index(fields=("owner", "next_due_at", "id"), name="ticket_of_owner"),
            models.Index(fields=("unit", "next_due_at", "id"), name="ticket_of_unit"),
            models.Index(fields=("state", "opened_at", "id"), name="ticket_in_state", condition=STANDING),
            # With the customer, by whom boards count: all that this asks for lies in the index.
            models.Index(
                fields=("state", "next_due_at", "id"),
                include=("customer",),
                name="ticket_on_board",
                condition=STANDING,
            ),
            models.Index(fields=("phone",), name="ticket_phone", condition=~models.Q(phone="")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                name="ticket_code_once",
                violation_error_message=_("Another ticket has this number."),
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at=None) | models.Q(answered_at__gte=models.F("opened_at")),
                name="ticket_answered_after_opening",
                violation_error_message=_("A ticket is answered after it was opened."),
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None) | models.Q(settled_at__gte=models.F("opened_at")),
                name="ticket_settled_after_opening",
                violation_error_message=_("A ticket is settled after it was opened."),
            ),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)),
                name="ticket_rating_in_stars",
                violation_error_message=_("The rating lies between 1 and 5."),
            ),
        )

    def __str__(self) -> str:
        return self.title
