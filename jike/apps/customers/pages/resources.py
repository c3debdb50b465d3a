"""How customers and key persons look on screen, declared."""

from django.utils.translation import gettext_lazy as _

from jike.apps.customers import actions
from jike.apps.customers.actions.careers import keep_key_person
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.pages.caring import PERSON_PANELS
from jike.apps.customers.pages.panels import PANELS
from jike.apps.customers.pages.states import change_state, following_states
from jike.foundation.resource import Resource, Section

__all__ = ["CUSTOMERS", "KEY_PERSONS"]

CUSTOMERS = Resource(
    model=Customer,
    slug="customers",
    icon="building",
    columns=(
        "name",
        "grade",
        "service_level",
        "health",
        "owner",
        "region",
        "industry",
        "monthly_revenue",
        "revenue_trend",
        "state",
        "next_step",
    ),
    more_columns=(
        "code",
        "credit_code",
        "completeness",
        "short_name",
        "unit",
        "deputy",
        "parent",
        "arrears",
        "lines",
        "size_class",
        "reach",
        "staff_count",
        "next_step_on",
        "coverage_gaps",
        "loyalty",
        "credit",
    ),
    looks={
        "grade": "grade",
        "service_level": "level",
        "health": "health",
        "state": "state",
        "region": "region",
        "industry": "industry",
        "revenue_trend": "trend",
        "phone": "phone",
        "our_share": "percent",
        "completeness": "percent",
    },
    filters=(
        "coverage_gaps",
        "importance",
        "relation",
        "value_behaviour",
        "sensitive",
        "organisation_kind",
        "established",
    ),
    sorts=(
        "name_key",
        "-monthly_revenue",
        "-arrears",
        "health",
        "grade",
        "next_step_on",
        "region",
        "industry",
        "completeness",
    ),
    form=(
        Section(
            _("Basics"), ("name", "credit_code", "industry", "region", "unit", "owner", "phone", "address")
        ),
        Section(
            _("Identity"),
            (
                "short_name",
                "name_en",
                "code",
                "certificate_type",
                "certificate_number",
                "credit_code_confirmed",
                "legal_representative",
                "registered_capital",
                "tax_number",
                "established",
            ),
        ),
        Section(
            _("Class"),
            (
                "organisation_kind",
                "staff_count",
                "yearly_turnover",
                "total_assets",
                "reach",
                "relation",
                "importance",
                "value_behaviour",
                "loyalty",
                "credit",
                "sensitive",
            ),
        ),
        Section(
            _("Relation"),
            ("our_share", "it_department", "domain", "needs", "ability", "next_step", "next_step_on"),
        ),
    ),
    inline=(
        "short_name",
        "phone",
        "address",
        "needs",
        "next_step",
        "next_step_on",
        "staff_count",
        "legal_representative",
    ),
    actions={
        "add": actions.add_customer,
        "add_many": actions.add_customers,
        "change": actions.change_customer,
        "change_many": actions.change_customers,
        "remove": actions.remove_customer,
        "restore": actions.restore_customer,
        "change_state": change_state,
        "next_states": following_states,
    },
    panels=PANELS,
    states="state",
    dates="next_step_on",
    key=("code",),
    totals=("monthly_revenue", "arrears"),
)

KEY_PERSONS = Resource(
    model=KeyPerson,
    slug="key-persons",
    icon="users",
    columns=("name", "customer", "job_title", "role", "attitude", "influence", "phone", "spoken_on"),
    more_columns=("department", "email", "left_on"),
    filters=("reports_to",),
    sorts=("name_key", "spoken_on"),
    looks={"phone": "phone"},
    form=(
        Section(
            _("Basics"), ("name", "customer", "job_title", "department", "role", "attitude", "influence")
        ),
        Section(
            _("Contact"),
            (
                "phone",
                "email",
                "wechat",
                "birthday",
                "birthday_lunar",
                "remarks",
                "reports_to",
                "left_on",
            ),
        ),
    ),
    panels=PERSON_PANELS,
    inline=("job_title", "department", "role", "attitude", "influence"),
    actions={
        "add": actions.add_key_person,
        "change": keep_key_person,
        "remove": actions.remove_key_person,
        "restore": actions.restore_key_person,
    },
    key=("customer", "name"),
)
