"""How quotes and agreements look on screen, declared."""

from django.utils.translation import gettext_lazy as _

from jike.apps.quoting import actions
from jike.apps.quoting.models import Agreement, AuthorityTable, Quote
from jike.apps.quoting.pages import states
from jike.apps.quoting.pages.panels import AGREEMENT_PANELS, QUOTE_PANELS
from jike.foundation.resource import Resource, Section

__all__ = ["AGREEMENTS", "AUTHORITY_TABLES", "QUOTES"]

QUOTES = Resource(
    model=Quote,
    slug="quotes",
    icon="file-dollar",
    columns=(
        "name",
        "code",
        "customer",
        "monthly_amount",
        "discount",
        "level",
        "state",
        "valid_until",
        "owner",
    ),
    more_columns=(
        "revision",
        "one_off_amount",
        "lowest_discount",
        "below_floor",
        "term_months",
        "unit",
        "sent_on",
    ),
    looks={"state": "state", "discount": "percent", "lowest_discount": "percent"},
    filters=("decided_on", "opportunity"),
    sorts=("-valid_until", "-monthly_amount", "discount", "code"),
    form=(
        Section(_("Basics"), ("name", "customer", "opportunity", "term_months")),
        Section(_("Terms"), ("valid_until", "owner", "terms")),
    ),
    inline=("name", "valid_until", "terms"),
    actions={
        "add": actions.add_quote,
        "change": actions.change_quote,
        "remove": actions.remove_quote,
        "change_state": states.change_quote_state,
        "next_states": states.following_quote_states,
    },
    panels=QUOTE_PANELS,
    states="state",
    dates="valid_until",
    totals=("monthly_amount",),
)

AGREEMENTS = Resource(
    model=Agreement,
    slug="agreements",
    icon="file-certificate",
    columns=("name", "code", "customer", "monthly_amount", "state", "starts_on", "ends_on", "owner"),
    more_columns=("term_months", "one_off_amount", "signed_on", "unit", "quote", "early_fee"),
    looks={"state": "state"},
    filters=("ended_on",),
    sorts=("ends_on", "starts_on", "-monthly_amount", "code"),
    form=(
        Section(_("Basics"), ("name", "customer", "starts_on", "term_months", "signatory")),
        Section(_("Terms"), ("owner", "terms")),
    ),
    inline=("name", "signatory", "terms"),
    actions={
        "add": actions.add_agreement,
        "change": actions.change_agreement,
        "change_state": states.change_agreement_state,
        "next_states": states.following_agreement_states,
    },
    panels=AGREEMENT_PANELS,
    states="state",
    dates="ends_on",
    totals=("monthly_amount",),
)

AUTHORITY_TABLES = Resource(
    model=AuthorityTable,
    slug="authority-tables",
    icon="adjustments",
    columns=(
        *("name", "valid_from", "valid_until", "manager_least", "county_least", "city_least"),
        *("province_least", "yearly_limit"),
    ),
    more_columns=("county_hours", "city_hours", "province_hours", "headquarters_hours"),
    looks=dict.fromkeys((f"{level}_least" for level in ("manager", "county", "city", "province")), "percent"),
    sorts=("-valid_from",),
    form=(
        Section(
            _("Least share of the list price that a level grants"),
            (
                *("name", "valid_from", "manager_least", "county_least", "city_least", "province_least"),
                "yearly_limit",
            ),
        ),
        Section(_("Time to answer"), ("county_hours", "city_hours", "province_hours", "headquarters_hours")),
    ),
    actions={
        "add": actions.add_authority,
        "change": actions.change_authority,
        "remove": actions.remove_authority,
    },
)
