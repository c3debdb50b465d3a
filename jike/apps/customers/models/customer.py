"""`Customer`: a key account, one node of a group tree of any depth."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Left, Lower
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import labels
from jike.apps.customers.models.entering import (
    doubtful_credit_code,
    plain_code,
    plain_credit_code,
    plain_line,
    plain_phone,
    plain_text,
    size_class,
    valid_credit_code,
    valid_industry,
    valid_phone,
    valid_region,
)
from jike.apps.customers.rules import (
    WEIGHTS,
    Ability,
    CertificateType,
    Grade,
    Importance,
    Loyalty,
    OrganisationKind,
    Reach,
    Relation,
    ServiceLevel,
    State,
    completeness,
)
from jike.apps.organisation.models import Person, Unit
from jike.foundation.models import Matchable, Record, Searchable
from jike.foundation.models.custom_field import custom_column
from jike.foundation.models.fields import SeveralField
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, choices, line, order, text
from jike.foundation.models.tag import tag_column
from jike.values.pinyin import sort_key

LINES = (
    "name",
    "short_name",
    "name_en",
    "legal_representative",
    "address",
    "domain",
    "it_department",
    "next_step",
)
CODES = ("code", "national_code", "certificate_number", "tax_number")
TEXTS = ("needs", "state_reason")


def _amount(label: Any) -> models.DecimalField:
    return models.DecimalField(
        label, max_digits=18, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )


def _shelf(*keys: Any, name: str) -> models.Index:
    """Boards count by state within what one may see: all that this asks for lies in the index."""
    seen = ("unit", "owner", "uid", "region")
    found: dict[str, Any] = {"name": name, "condition": STANDING, "include": seen}
    return models.Index(fields=keys, **found) if isinstance(keys[0], str) else models.Index(*keys, **found)


class Customer(Record):
    """An enterprise customer; ``unit`` looks after it, ``owner`` is its account manager and ``deputy`` covers for them.

    Figures from ``monthly_revenue`` to ``health_reasons`` follow from `CustomerMonth` and are refreshed set-wise;
    nobody edits them.
    """

    SCOPE = {"own": "owner_id", "unit": "unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "change_state": _("Change the state"),
        "move": _("Move in the group"),
        "assign": _("Assign manager and unit"),
        "grade": _("Set grade and service level"),
        "load_figures": _("Load monthly figures"),
        "merge": _("Merge doubles"),
        "split": _("Split"),
        "hand_over": _("Hand over…"),
        "claim": _("Claim from the pool"),
        "release": _("Give back to the pool"),
    }
    VERBS = {
        "join_members": _("Members joined"),
        "leave_members": _("Members left"),
        "change_members": _("Members changed"),
    }
    FACTS = {"members": _("Members")}
    DERIVED = {
        **{name: Derived(name, plain_line) for name in LINES},
        **{name: Derived(name, plain_code) for name in CODES},
        **{name: Derived(name, plain_text) for name in TEXTS},
        "phone": Derived("phone", plain_phone),
        "credit_code": Derived("credit_code", plain_credit_code),
        "name_key": Derived("name", sort_key),
        "completeness": Derived(tuple(WEIGHTS), completeness),
        "size_class": Derived(("industry", "staff_count", "yearly_turnover", "total_assets"), size_class),
    }
    SEARCH = Searchable(
        title="name",
        names=("short_name", "name_en"),
        codes=("code", "national_code", "credit_code", "certificate_number"),
        phones=("phone",),
        context=("unit__name", "owner__name", "grade"),
    )
    DOUBTS = {"credit_code": doubtful_credit_code}
    MATCH = Matchable(
        companies=("name", "short_name"),
        region="region",
        codes=("credit_code", "certificate_number"),
        phones=("phone",),
        addresses=("address",),
        domains=("domain",),
    )

    code = line(_("customer code"), 32)
    national_code = line(_("national code"), 32)
    name = line(_("name"), 120, blank=False)
    name_key = models.CharField(
        _("order of names"), max_length=900, editable=False, db_collation="C", blank=True
    )
    short_name = line(_("short name"), 60)
    name_en = line(_("English name"), 160)
    certificate_type = models.CharField(
        _("certificate"),
        max_length=12,
        choices=choices(labels.CERTIFICATE_TYPES),
        default=CertificateType.LICENCE.value,
    )
    certificate_number = line(_("certificate number"), 40)
    credit_code = models.CharField(
        _("unified social credit code"), max_length=18, blank=True, validators=[valid_credit_code]
    )
    credit_code_confirmed = models.BooleanField(
        _("credit code confirmed"),
        default=False,
        help_text=_("The code was compared with the certificate although its check character does not fit."),
    )
    legal_representative = line(_("legal representative"), 60)
    registered_capital = _amount(_("registered capital"))
    tax_number = line(_("tax number"), 20)
    established = models.DateField(_("established"), null=True, blank=True)

    organisation_kind = models.CharField(
        _("organisation kind"),
        max_length=12,
        choices=choices(labels.ORGANISATION_KINDS),
        default=OrganisationKind.ENTERPRISE.value,
    )
    industry = models.CharField(
        _("industry"), max_length=3, blank=True, db_collation="C", validators=[valid_industry]
    )
    staff_count = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    yearly_turnover = _amount(_("yearly turnover"))
    total_assets = _amount(_("total assets"))
    size_class = models.CharField(
        _("size class"), max_length=6, choices=choices(labels.SIZES), blank=True, editable=False
    )
    region = models.CharField(
        _("region"), max_length=6, blank=True, db_collation="C", validators=[valid_region]
    )
    reach = models.CharField(
        _("reach"), max_length=14, choices=choices(labels.REACHES), default=Reach.LOCAL.value
    )

    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="customers", db_index=False
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("account manager"),
        related_name="customers",
        null=True,
        blank=True,
        db_index=False,
    )
    deputy = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("deputy"),
        related_name="covered_customers",
        null=True,
        blank=True,
    )

    owner_since = models.DateField(_("looked after since"), null=True, blank=True, editable=False)
    """The day on which the account manager took over, or on which the customer fell into the pool."""

    given_up_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("given up by"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        db_index=False,
    )
    """Who looked after the customer until it fell into the pool or was given back; nobody once it is claimed."""

    grade = models.CharField(_("grade"), max_length=2, choices=choices(labels.GRADES), default=Grade.D.value)
    service_level = models.CharField(
        _("service level"),
        max_length=8,
        choices=choices(labels.SERVICE_LEVELS),
        default=ServiceLevel.STANDARD.value,
    )
    credit = models.CharField(_("credit"), max_length=3, choices=choices(labels.CREDITS), blank=True)
    loyalty = models.CharField(
        _("loyalty"), max_length=9, choices=choices(labels.LOYALTIES), default=Loyalty.POTENTIAL.value
    )
    relation = models.CharField(
        _("relation"), max_length=8, choices=choices(labels.RELATIONS), default=Relation.BUSINESS.value
    )
    importance = models.CharField(
        _("importance"), max_length=9, choices=choices(labels.IMPORTANCES), default=Importance.ORDINARY.value
    )
    value_behaviour = models.CharField(
        _("value behaviour"), max_length=10, choices=choices(labels.VALUE_BEHAVIOURS), blank=True
    )
    sensitive = models.BooleanField(_("sensitive"), default=False)

    state = models.CharField(
        _("state"), max_length=9, choices=choices(labels.STATES), default=State.POTENTIAL.value
    )
    state_since = models.DateField(_("in this state since"), null=True, blank=True)
    state_reason = text(_("reason for the state"), 500)

    address = line(_("address"), 200)
    phone = models.CharField(_("telephone"), max_length=32, blank=True, validators=[valid_phone])
    domain = line(_("web domain"), 100)
    it_department = line(_("IT department"), 100)
    our_share = models.PositiveSmallIntegerField(
        _("our share of lines"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    needs = text(_("needs"), 2000)
    ability = models.CharField(
        _("ability to buy"), max_length=7, choices=choices(labels.ABILITIES), default=Ability.UNKNOWN.value
    )

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("parent customer"),
        null=True,
        blank=True,
        related_name="subsidiaries",
        db_index=False,
    )
    ancestors = ArrayField(
        models.BigIntegerField(), verbose_name=_("ancestors"), default=list, blank=True, editable=False
    )
    next_step = line(_("next step"), 200)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)

    monthly_revenue = models.DecimalField(
        _("monthly revenue"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False
    )
    revenue_trend = ArrayField(
        models.DecimalField(max_digits=14, decimal_places=2),
        verbose_name=_("revenue of twelve months"),
        default=list,
        blank=True,
        editable=False,
    )
    arrears = models.DecimalField(
        _("arrears"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False
    )
    lines = models.PositiveIntegerField(_("lines"), default=0, editable=False)
    health = models.PositiveSmallIntegerField(_("health"), null=True, blank=True, editable=False)
    health_reasons = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("reasons of the health"),
        default=list,
        blank=True,
        editable=False,
    )
    coverage_gaps = SeveralField(
        models.CharField(max_length=15, choices=choices(labels.GAPS)),
        verbose_name=_("gaps in coverage"),
        default=list,
        db_default=[],
        blank=True,
        editable=False,
    )

    completeness = models.PositiveSmallIntegerField(_("completeness"), default=0, editable=False)
    custom = custom_column()
    tags = tag_column()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ("name_key", "id")
        indexes = (
            order("name_key", "customer_by_name"),
            order("monthly_revenue", "customer_by_revenue"),
            order("arrears", "customer_by_arrears"),
            order("health", "customer_by_health"),
            order("grade", "customer_by_grade"),
            order("next_step_on", "customer_by_next_step"),
            order("completeness", "customer_by_completeness"),
            GinIndex(fields=("tags",), name="customer_by_tag", fastupdate=False),
            order("region", "customer_by_region"),
            order("industry", "customer_by_industry"),
            models.Index(fields=("owner", "name_key", "id"), name="customer_of_owner"),
            models.Index(fields=("unit", "name_key", "id"), name="customer_of_unit"),
            # Answers whose a customer is without its row: of tickets, bills and the like that are reached through it.
            models.Index(fields=("id",), include=("unit", "owner", "uid"), name="customer_reached"),
            models.Index(Left("region", 4), "name_key", "id", name="customer_in_city", condition=STANDING),
            models.Index(Lower("domain"), name="customer_by_domain", condition=~models.Q(domain="")),
            _shelf("state", "monthly_revenue", "id", name="customer_on_board"),
            _shelf(Left("region", 4), "state", "monthly_revenue", "id", name="customer_on_city_board"),
            models.Index(
                fields=("parent", "name_key"),
                name="customer_children",
                condition=models.Q(parent__isnull=False),
            ),
            GinIndex(fields=("ancestors",), name="customer_ancestors", fastupdate=False),
            GinIndex(fields=("coverage_gaps",), name="customer_gaps", fastupdate=False),
            models.Index(
                fields=("credit_code",), name="customer_credit_code", condition=~models.Q(credit_code="")
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=STANDING,
                name="customer_code_once",
                violation_error_message=_("Another customer has this code."),
            ),
            models.UniqueConstraint(
                fields=("national_code",),
                condition=STANDING & ~models.Q(national_code=""),
                name="customer_national_code_once",
                violation_error_message=_("Another customer has this national code."),
            ),
            models.UniqueConstraint(
                fields=("name",),
                condition=STANDING,
                name="customer_name_once",
                violation_error_message=_("Another customer has this name."),
            ),
            models.UniqueConstraint(
                fields=("certificate_type", "certificate_number"),
                condition=STANDING & ~models.Q(certificate_number=""),
                name="customer_certificate_once",
                violation_error_message=_("Another customer has this certificate."),
            ),
            models.CheckConstraint(
                condition=~models.Q(code=""),
                name="customer_has_a_code",
                violation_error_message=_("A customer needs a code."),
            ),
            models.CheckConstraint(
                condition=~models.Q(ancestors__contains=[models.F("id")]),
                name="customer_not_below_itself",
                violation_error_message=_("A customer cannot lie below itself."),
            ),
            models.CheckConstraint(
                condition=models.Q(owner=None) | models.Q(deputy=None) | ~models.Q(owner=models.F("deputy")),
                name="customer_deputy_is_another",
                violation_error_message=_("The deputy must be somebody else than the account manager."),
            ),
            models.CheckConstraint(
                condition=models.Q(our_share=None) | models.Q(our_share__lte=100),
                name="customer_share_in_percent",
                violation_error_message=_("Our share of lines lies between 0 and 100 percent."),
            ),
        )

    def __str__(self) -> str:
        return self.name
