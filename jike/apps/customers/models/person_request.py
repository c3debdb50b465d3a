"""`PersonRequest`: a key person asks for a copy of their data, for its correction, or for its deletion."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import labels
from jike.apps.customers.models.key_person import KeyPerson
from jike.apps.customers.rules import RequestState, answered_by
from jike.apps.organisation.models import Person
from jike.foundation.entering import plain_text
from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import choices, order, text

__all__ = ["PersonRequest"]


class PersonRequest(Record):
    """What ``key_person`` asked for, and what was done; lies where the key person's customer lies."""

    SCOPE = {"own": "key_person__customer__owner_id", "unit": "key_person__customer__unit_id"}
    ACTIONS = {**STANDARD_ACTIONS, "settle": _("Settle requests of key persons")}
    VERBS = {"refuse": _("Refused"), "reopen": _("Opened again")}
    DERIVED = {
        **{name: Derived(name, plain_text) for name in ("wish", "outcome")},
        "due_on": Derived("asked_on", lambda day: answered_by(day) if day else None),
    }

    key_person = models.ForeignKey(
        KeyPerson, models.PROTECT, verbose_name=_("key person"), related_name="requests", db_index=False
    )
    asked = models.CharField(_("asked for"), max_length=10, choices=choices(labels.ASKED))
    wish = text(_("what is wished"), 1000)
    asked_on = models.DateField(_("asked on"))
    due_on = models.DateField(_("answer due"), editable=False)
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=choices(labels.REQUEST_STATES),
        default=RequestState.OPEN.value,
        editable=False,
    )
    outcome = text(_("outcome"), 1000, editable=False)
    settled_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("settled by"),
        related_name="settled_requests",
        null=True,
        blank=True,
        editable=False,
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("request of a person")
        verbose_name_plural = _("requests of persons")
        ordering = ("-asked_on", "-id")
        indexes = (
            order("due_on", "person_request_by_due"),
            order("asked_on", "person_request_by_day"),
            models.Index(fields=("key_person", "state"), name="person_request_of_person"),
        )

    def __str__(self) -> str:
        return f"{self.get_asked_display()} · {self.key_person}"
