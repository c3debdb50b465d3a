"""`KeyPerson`: somebody at a customer with a part in its decisions."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.core.validators import EmailValidator, MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import labels
from jike.apps.customers.models.customer import Customer
from jike.apps.customers.models.entering import (
    plain_line,
    plain_mail,
    plain_phone,
    plain_text,
    valid_birthday,
    valid_line,
    valid_phone,
)
from jike.apps.customers.rules import CONSENTED, PERSONAL, Attitude, DecisionRole, Influence
from jike.foundation.models import Matchable, Record, Searchable
from jike.foundation.models.custom_field import custom_column
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, order, text
from jike.values.lunar import yearly_key
from jike.values.pinyin import sort_key

LINES = ("name", "job_title", "department", "wechat")


def name_key(name: str) -> str:
    """Return the key under which a person's name is ordered, its surname read as one."""
    return sort_key(name, person=True)


def kept_key(day: dt.date | None, lunar: bool) -> int | None:
    """Return the key of the day that is kept every year; None where no day is known."""
    return yearly_key(day, lunar=bool(lunar)) if isinstance(day, dt.date) else None


class KeyPerson(Record):
    """A contact with a role in decisions; lies where its customer lies, and whoever covers for that covers for this.

    What belongs to the person and not to the office is sealed: pages show a mask, and each reveal is recorded. What
    goes beyond business (``spouse`` to ``hobbies``) is empty unless the person consented to it (`Consent`).
    """

    SCOPE = {"own": "customer__owner_id", "unit": "customer__unit_id"}
    SEALED = dict.fromkeys((*PERSONAL, "birthday_key"), "customers.keyperson:see_personal")
    ACTIONS = {
        **STANDARD_ACTIONS,
        "reveal": _("Reveal a personal field"),
        "see_personal": _("See personal fields unmasked"),
        "merge": _("Merge doubles"),
        "split": _("Split"),
        "move": _("Move to another customer"),
        "copy_out": _("Give out a copy of somebody's data"),
        "forget": _("Erase somebody's data"),
    }
    VERBS = {"consent": _("Consent recorded"), "withdraw": _("Consent withdrawn")}
    DERIVED = {
        **{name: Derived(name, plain_line) for name in LINES},
        "phone": Derived("phone", plain_phone),
        "email": Derived("email", plain_mail),
        "remarks": Derived("remarks", plain_text),
        **{name: Derived(name, plain_text) for name in CONSENTED},
        "name_key": Derived("name", name_key),
        "birthday_key": Derived(("birthday", "birthday_lunar"), kept_key),
    }
    SEARCH = Searchable(title="name", phones=("phone",), context=("customer__name", "job_title"))
    MATCH = Matchable(people=("name",), phones=("phone",), mails=("email",), within="customer")

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="key_persons", db_index=False
    )
    name = models.CharField(_("name"), max_length=60, validators=[valid_line])
    name_key = models.CharField(
        _("order of names"), max_length=450, editable=False, db_collation="C", blank=True
    )
    job_title = models.CharField(_("job title"), max_length=60, blank=True, validators=[valid_line])
    department = models.CharField(_("department"), max_length=60, blank=True, validators=[valid_line])
    role = models.CharField(
        _("role in decisions"),
        max_length=10,
        choices=choices(labels.DECISION_ROLES),
        default=DecisionRole.HANDLER.value,
    )
    attitude = models.CharField(
        _("attitude to us"), max_length=9, choices=choices(labels.ATTITUDES), default=Attitude.UNKNOWN.value
    )
    influence = models.CharField(
        _("influence"), max_length=6, choices=choices(labels.INFLUENCES), default=Influence.MEDIUM.value
    )
    reports_to = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("reports to"),
        null=True,
        blank=True,
        related_name="reports",
        db_index=False,
    )
    phone = models.CharField(_("telephone"), max_length=32, blank=True, validators=[valid_phone])
    email = models.CharField(_("e-mail"), max_length=254, blank=True, validators=[EmailValidator()])
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True, validators=[valid_line])
    birthday = models.DateField(_("birthday"), null=True, blank=True, validators=[valid_birthday])
    birthday_lunar = models.BooleanField(
        _("birthday kept by the lunar calendar"), default=False, db_default=False
    )
    birthday_key = models.PositiveSmallIntegerField(_("key of the birthday"), null=True, editable=False)
    consented = ArrayField(
        models.CharField(max_length=8),
        verbose_name=_("consented to"),
        default=list,
        db_default=[],
        blank=True,
        editable=False,
    )
    spouse = text(_("spouse"), 200, db_default="")
    family = text(_("family"), 500, db_default="")
    circle = text(_("social circle"), 500, db_default="")
    hobbies = text(_("hobbies"), 500, db_default="")
    remarks = models.TextField(
        _("remarks"), max_length=1000, blank=True, validators=[valid_line, MaxLengthValidator(1000)]
    )
    spoken_on = models.DateField(_("last spoken to"), null=True, blank=True)
    left_on = models.DateField(_("left the customer on"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    """When what was known of the person was erased at their wish; the row stays for what refers to it."""
    custom = custom_column()

    class Meta:
        verbose_name = _("key person")
        verbose_name_plural = _("key persons")
        ordering = ("name_key", "id")
        indexes = (
            order("name_key", "key_person_by_name"),
            order("spoken_on", "key_person_by_spoken"),
            models.Index(fields=("customer", "name_key"), name="key_person_of_customer"),
            models.Index(fields=("email",), name="key_person_by_mail", condition=~models.Q(email="")),
            models.Index(
                fields=("reports_to",),
                name="key_person_reports",
                condition=models.Q(reports_to__isnull=False),
            ),
            models.Index(fields=("birthday_key",), name="key_person_birthday", condition=STANDING),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(reports_to=None) | ~models.Q(reports_to=models.F("id")),
                name="key_person_reports_to_another",
                violation_error_message=_("Nobody reports to themselves."),
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{name: ""}) | models.Q(consented__contains=[name]),
                    name=f"key_person_consented_{name}",
                    violation_error_message=_("The person has not consented to our keeping this."),
                )
                for name in CONSENTED
            ),
        )

    def __str__(self) -> str:
        return self.name
