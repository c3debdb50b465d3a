"""`Lead`: a hint at business, perhaps with somebody who is no customer yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue.models.labels import FAMILIES
from jike.apps.customers.models import Customer
from jike.apps.customers.models.entering import plain_phone, valid_phone, valid_region
from jike.apps.organisation.models import Person, Unit
from jike.apps.sales.models import labels
from jike.apps.sales.models.opportunity import Opportunity
from jike.apps.sales.rules import LeadSource, LeadState
from jike.foundation.entering import plain_line, plain_text
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived, Matchable
from jike.foundation.models.shapes import STANDING, amount, choices, line, order, text


class Lead(Record):
    """What was heard of ``name``; without an owner it lies in the public pool (公海) of its unit, free to be claimed.

    ``customer`` is whom it concerns or became, ``opportunity`` what it was converted into.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "claim": _("Claim from the public pool"),
        "release": _("Give back to the public pool"),
        "assign": _("Assign owner"),
        "change_state": _("Change the state"),
        "convert": _("Convert"),
        "merge": _("Merge doubles"),
        "split": _("Split"),
    }
    DERIVED = {
        **{name: Derived(name, plain_line) for name in ("name", "contact_name", "job_title")},
        **{name: Derived(name, plain_text) for name in ("needs", "drop_reason")},
        "phone": Derived("phone", plain_phone),
    }
    SEARCH = Searchable(
        title="name", codes=("code",), phones=("phone",), context=("unit__name", "owner__name")
    )
    MATCH = Matchable(companies=("name",), region="region", phones=("phone",))

    code = line(_("lead code"), 32)
    name = line(_("company or body"), 120, blank=False)
    contact_name = line(_("contact"), 60)
    job_title = line(_("job title"), 60)
    phone = models.CharField(_("telephone"), max_length=32, blank=True, validators=[valid_phone])
    region = models.CharField(
        _("region"), max_length=6, blank=True, db_collation="C", validators=[valid_region]
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("owner"),
        related_name="leads",
        null=True,
        blank=True,
        db_index=False,
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="leads", db_index=False
    )
    source = models.CharField(
        _("source"), max_length=8, choices=choices(labels.LEAD_SOURCES), default=LeadSource.OTHER.value
    )
    state = models.CharField(
        _("state"), max_length=9, choices=choices(labels.LEAD_STATES), default=LeadState.NEW.value
    )
    found_on = models.DateField(_("found on"), null=True, blank=True)
    family = models.CharField(_("product family"), max_length=16, choices=choices(FAMILIES), blank=True)
    needs = text(_("needs"), 2000)
    expected_amount = amount(_("expected yearly amount"), blank=True)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True, editable=False)
    drop_reason = text(_("why it was dropped"), 500)
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        verbose_name=_("customer"),
        related_name="leads",
        null=True,
        blank=True,
    )
    opportunity = models.ForeignKey(
        Opportunity,
        models.PROTECT,
        verbose_name=_("opportunity"),
        related_name="leads",
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ("-id",)
        indexes = (
            order("found_on", "lead_by_found"),
            order("expected_amount", "lead_by_amount"),
            models.Index(fields=("owner", "state", "id"), name="lead_of_owner"),
            models.Index(fields=("unit", "state", "id"), name="lead_of_unit"),
            models.Index(
                fields=("unit", "found_on", "id"),
                name="lead_in_pool",
                condition=STANDING & models.Q(owner=None),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=STANDING,
                name="lead_code_once",
                violation_error_message=_("Another lead has this code."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="converted") | models.Q(customer__isnull=False),
                name="lead_converted_into_something",
                violation_error_message=_("A converted lead names the customer that it became."),
            ),
        )

    def __str__(self) -> str:
        return self.name
