"""How leads, opportunities and visits look on screen, declared."""

from django.utils.translation import gettext_lazy as _

from jike.apps.sales import actions
from jike.apps.sales.models import Lead, Opportunity, Visit
from jike.apps.sales.pages import states
from jike.apps.sales.pages.panels import LEAD_PANELS, OPPORTUNITY_PANELS, VISIT_PANELS
from jike.foundation.resource import Resource, Section

__all__ = ["LEADS", "OPPORTUNITIES", "VISITS"]

OPPORTUNITIES = Resource(
    model=Opportunity,
    slug="opportunities",
    icon="target-arrow",
    columns=(
        *("name", "customer", "amount", "stage", "expected_on", "probability", "weighted_amount"),
        *("owner", "next_step", "next_step_on", "protected_until"),
    ),
    more_columns=(
        *("code", "deal_kind", "family", "source", "monthly_amount", "one_off_amount", "term_months"),
        *("unit", "competitor", "stage_since", "opened_on", "closed_on", "lost_reason"),
        *("customer__region", "customer__grade"),
    ),
    looks={
        "stage": "state",
        "probability": "percent",
        "customer__region": "region",
        "customer__grade": "grade",
    },
    sorts=(
        *("-amount", "-weighted_amount", "expected_on", "next_step_on", "protected_until"),
        *("stage_since", "-closed_on"),
    ),
    form=(
        Section(
            _("Basics"),
            (
                *("name", "customer", "family", "deal_kind", "expected_on", "monthly_amount"),
                *("one_off_amount", "term_months", "needs"),
            ),
        ),
        Section(_("Work"), ("owner", "next_step", "next_step_on", "probability", "competitor", "source")),
    ),
    inline=(
        *("name", "expected_on", "monthly_amount", "one_off_amount", "term_months", "needs"),
        *("next_step", "next_step_on", "probability", "competitor"),
    ),
    actions={
        "add": actions.add_opportunity,
        "change": actions.change_opportunity,
        "change_state": states.change_stage,
        "next_states": states.following_stages,
    },
    panels=OPPORTUNITY_PANELS,
    states="stage",
    dates="expected_on",
    key=("code",),
    totals=("amount", "weighted_amount"),
)

LEADS = Resource(
    model=Lead,
    slug="leads",
    icon="bulb",
    columns=("name", "contact_name", "source", "family", "expected_amount", "state", "owner", "found_on"),
    more_columns=(
        "code",
        "phone",
        "job_title",
        "region",
        "unit",
        "needs",
        "customer",
        "opportunity",
        "claimed_at",
    ),
    looks={"state": "state", "region": "region", "phone": "phone"},
    sorts=("-found_on", "-expected_amount"),
    form=(
        Section(
            _("Basics"), ("name", "contact_name", "phone", "source", "family", "needs", "expected_amount")
        ),
        Section(_("Further"), ("job_title", "region", "found_on", "owner", "unit", "customer")),
    ),
    inline=("contact_name", "job_title", "phone", "needs", "expected_amount"),
    actions={
        "add": actions.add_lead,
        "change": actions.change_lead,
        "change_state": actions.change_lead_state,
        "next_states": states.following_lead_states,
    },
    panels=LEAD_PANELS,
    states="state",
    dates="found_on",
    key=("code",),
    totals=("expected_amount",),
)

VISITS = Resource(
    model=Visit,
    slug="visits",
    icon="map-pin",
    columns=("purpose", "customer", "planned_at", "owner", "state", "next_step", "next_step_on"),
    more_columns=(
        *("opportunity", "unit", "planned_on", "checked_in_at", "place", "finished_at", "attitude"),
        *("minutes", "needs"),
    ),
    looks={"state": "state"},
    sorts=("-planned_at", "-finished_at"),
    form=(Section(_("Plan"), ("customer", "purpose", "planned_at", "owner", "opportunity")),),
    inline=("purpose", "planned_at"),
    actions={"add": actions.plan_visit, "change": actions.change_visit},
    panels=VISIT_PANELS,
    states="state",
    dates="planned_on",
)
