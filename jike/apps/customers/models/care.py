"""What one keeps of a key person beside the office: memorial days, the way they came, and what they consented to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import labels
from jike.apps.customers.models.customer import Customer
from jike.apps.customers.models.entering import plain_line, plain_text, valid_birthday
from jike.apps.customers.models.key_person import KeyPerson, kept_key
from jike.apps.organisation.models import Person
from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, line, text

OF_PERSON = {"own": "person__customer__owner_id", "unit": "person__customer__unit_id"}


def _person(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        KeyPerson, models.PROTECT, verbose_name=_("key person"), related_name=related_name
    )


class MemorialDay(Record):
    """A day that means something to the person every year, by the sun or by the lunar calendar (农历)."""

    SCOPE = OF_PERSON
    DERIVED = {"title": Derived("title", plain_line), "day_key": Derived(("day", "lunar"), kept_key)}

    person = _person("memorial_days")
    title = line(_("what it means"), 60, blank=False)
    day = models.DateField(_("first day"), validators=[valid_birthday])
    lunar = models.BooleanField(_("kept by the lunar calendar"), default=False)
    day_key = models.PositiveSmallIntegerField(_("key of the day"), null=True, editable=False)

    class Meta:
        verbose_name = _("memorial day")
        verbose_name_plural = _("memorial days")
        ordering = ("day", "id")
        indexes = (models.Index(fields=("day_key",), name="memorial_day_kept", condition=STANDING),)

    def __str__(self) -> str:
        return self.title


class CareerEntry(Record):
    """A position that the person held before: at a customer of ours, or at an ``employer`` that is none."""

    SCOPE = OF_PERSON
    DERIVED = {name: Derived(name, plain_line) for name in ("employer", "job_title", "department")}

    person = _person("career")
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        verbose_name=_("customer"),
        related_name="former_people",
        null=True,
        blank=True,
    )
    employer = line(_("employer"), 120)
    job_title = line(_("job title"), 60)
    department = line(_("department"), 60)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("career entry")
        verbose_name_plural = _("career entries")
        ordering = (models.F("until").desc(nulls_last=True), "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(customer__isnull=False) | ~models.Q(employer=""),
                name="career_names_an_employer",
                violation_error_message=_("Say where the person worked."),
            ),
            models.CheckConstraint(
                condition=models.Q(since=None)
                | models.Q(until=None)
                | models.Q(until__gte=models.F("since")),
                name="career_ends_after_it_begins",
                violation_error_message=_("A position cannot end before it begins."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer or self.employer} {self.job_title}".strip()


class Consent(Record):
    """A person's separate consent to keep what goes beyond business: of which topics, when, how, recorded by whom."""

    SCOPE = OF_PERSON
    ACTIONS = {**STANDARD_ACTIONS, "withdraw": _("Record that consent is withdrawn")}
    DERIVED = {"wording": Derived("wording", plain_text), "withdrawal": Derived("withdrawal", plain_line)}

    person = _person("consents")
    topics = ArrayField(
        models.CharField(max_length=8, choices=choices(labels.TOPICS)),
        verbose_name=_("topics of the consent"),
    )
    given_on = models.DateField(_("given on"))
    means = models.CharField(_("given how"), max_length=7, choices=choices(labels.MEANS))
    wording = text(_("what was asked and answered"), 1000)
    document = models.UUIDField(_("document"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("recorded by"), related_name="+", null=True, editable=False
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawal = line(_("how it was withdrawn"), 200)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("-given_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(topics=[]),
                name="consent_to_something",
                violation_error_message=_("Choose what the person consented to."),
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on=None) | models.Q(withdrawn_on__gte=models.F("given_on")),
                name="consent_withdrawn_after_it_was_given",
                violation_error_message=_("A consent cannot be withdrawn before it was given."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.given_on}"
