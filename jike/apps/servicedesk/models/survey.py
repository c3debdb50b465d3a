"""`Survey`: one customer asked once what they expected and what they got."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.servicedesk.models import labels
from jike.apps.servicedesk.models.ticket import Ticket
from jike.apps.servicedesk.rules import Occasion, SurveyState
from jike.foundation.entering import plain_text, valid_line
from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, order

TO_BE_MAILED = STANDING & models.Q(state="sent", mailed_at=None) & ~models.Q(mail_to="")


class Survey(Record):
    """A questionnaire behind a signed link; points from 1 to 10, satisfaction is perceived less expected."""

    SCOPE = {"own": "customer__owner_id", "unit": "customer__unit_id"}
    ACTIONS = {**STANDARD_ACTIONS, "withdraw": _("Withdraw a survey")}
    VERBS = {"answer": _("Answered by the customer"), "mail": _("Mailed to the customer")}
    SEALED = {"mail_to": "customers.keyperson:see_personal"}
    DERIVED = {"remark": Derived("remark", plain_text)}

    code = models.CharField(_("survey number"), max_length=20, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="surveys", db_index=False
    )
    key_person = models.ForeignKey(
        KeyPerson,
        models.PROTECT,
        verbose_name=_("person asked"),
        related_name="surveys",
        null=True,
        blank=True,
        db_index=False,
    )
    ticket = models.ForeignKey(
        Ticket,
        models.PROTECT,
        verbose_name=_("ticket"),
        related_name="surveys",
        null=True,
        blank=True,
    )
    occasion = models.CharField(
        _("occasion"), max_length=8, choices=choices(labels.OCCASIONS), default=Occasion.PERIODIC.value
    )
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=choices(labels.SURVEY_STATES),
        default=SurveyState.SENT.value,
        editable=False,
    )
    sent_at = models.DateTimeField(pgettext_lazy("survey", "sent"), editable=False)
    valid_until = models.DateField(_("may be answered until"), editable=False)
    mail_to = models.EmailField(
        _("mail the link to"),
        blank=True,
        default="",
        db_default="",
        help_text=_("Left empty, the link goes to the key person's address, if we know one."),
    )
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(
        pgettext_lazy("survey", "answered"), null=True, blank=True, editable=False
    )
    answers = models.JSONField(_("points by aspect"), default=dict, blank=True, editable=False)
    """``{aspect: [expected, perceived]}``."""
    expectation = models.DecimalField(
        _("expected"), max_digits=4, decimal_places=2, null=True, blank=True, editable=False
    )
    perception = models.DecimalField(
        _("perceived"), max_digits=4, decimal_places=2, null=True, blank=True, editable=False
    )
    satisfaction = models.DecimalField(
        _("satisfaction"), max_digits=4, decimal_places=2, null=True, blank=True, editable=False
    )
    reputation = models.BooleanField(_("thinks well of us"), null=True, blank=True, editable=False)
    preference = models.BooleanField(_("asks for us by name"), null=True, blank=True, editable=False)
    remark = models.TextField(
        _("remark"), max_length=1000, blank=True, validators=[valid_line, MaxLengthValidator(1000)]
    )

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ("-sent_at", "id")
        indexes = (
            order("sent_at", "survey_by_sent"),
            order("answered_at", "survey_by_answered"),
            order("satisfaction", "survey_by_satisfaction"),
            models.Index(fields=("customer", "answered_at"), name="survey_of_customer"),
            models.Index(fields=("id",), name="survey_to_be_mailed", condition=TO_BE_MAILED),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                name="survey_code_once",
                violation_error_message=_("Another survey has this number."),
            ),
            models.UniqueConstraint(
                fields=("ticket",),
                condition=models.Q(ticket__isnull=False, removed_at=None),
                name="survey_once_for_a_ticket",
                violation_error_message=_("The customer was asked about this ticket already."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="answered", answered_at__isnull=False, perception__isnull=False)
                | (~models.Q(state="answered") & models.Q(answered_at=None)),
                name="survey_answered_whole",
                violation_error_message=_("An answered survey holds its answers."),
            ),
        )

    def __str__(self) -> str:
        return self.code
