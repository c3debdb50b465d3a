"""The one dictionary from event to handlers, and everything else that is registered once at start."""

from collections.abc import Mapping, Sequence
from typing import Any

from procrastinate import App

from jike.apps.analytics.actions import count_units, refresh_warnings, take_month_snapshot
from jike.apps.analytics.pages.home import WARNING_CARDS
from jike.apps.analytics.pages.panels import WARNING_CONTRIBUTIONS
from jike.apps.analytics.pages.resources import RULES, WARNINGS
from jike.apps.catalogue.pages.resources import OFFERINGS, SPECIFICATIONS
from jike.apps.customers.actions import (
    CustomersHandedOver,
    find_at_taker,
    hand_tasks_on,
    lapse_hand_overs,
    refresh_completeness_nightly,
    tend_pool,
)
from jike.apps.customers.actions.caring import remind_of_care
from jike.apps.customers.actions.coverage import refresh_coverage_nightly
from jike.apps.customers.actions.mailboxes import fetch_mail, fetch_mailbox
from jike.apps.customers.actions.retention import MEMBERS
from jike.apps.customers.pages.dates import care_dates, interaction_dates
from jike.apps.customers.pages.environment import NEEDS, RIVAL_LINES
from jike.apps.customers.pages.hand_overs import HAND_OVERS, HANDING_CARD, HANDING_OVER
from jike.apps.customers.pages.home import BEGIN, CUSTOMER_CARDS
from jike.apps.customers.pages.interactions import INTERACTIONS, OF_KEY_PERSONS, OF_OTHERS
from jike.apps.customers.pages.mails import MAILBOXES, MAILS
from jike.apps.customers.pages.noting import WAYS
from jike.apps.customers.pages.pool import POOL_RULES
from jike.apps.customers.pages.privacy import ON_KEY_PERSONS, PERSON_REQUESTS
from jike.apps.customers.pages.proposals import PROPOSAL_CARD, PROPOSALS
from jike.apps.customers.pages.relationships import RELATIONSHIPS
from jike.apps.customers.pages.resources import CUSTOMERS, KEY_PERSONS
from jike.apps.customers.pages.timeline import CUSTOMER_TIMELINE, below
from jike.apps.customers.queries import register_attendance, register_matters
from jike.apps.inventory.actions import (
    ProductActivated,
    bill_last_month,
    refresh_all_arrears,
    refresh_arrears,
    run_ordered,
    welcome_customer,
)
from jike.apps.inventory.pages.home import INVENTORY_CARDS
from jike.apps.inventory.pages.panels import INVENTORY_ON_AGREEMENTS, INVENTORY_ON_CUSTOMERS
from jike.apps.inventory.pages.resources import BILLING_ACCOUNTS, BILLS, PAYMENTS, PRODUCTS
from jike.apps.ordering.pages.home import ORDERING_CARDS
from jike.apps.ordering.pages.panels import ORDERING_CONTRIBUTIONS, ORDERING_ON_AGREEMENTS
from jike.apps.ordering.pages.resources import ORDERS, SERVICE_TASKS
from jike.apps.ordering.pages.timeline import CUSTOMER_ORDERS
from jike.apps.organisation.actions import tell_auditors
from jike.apps.organisation.queries.directory import PeopleDirectory
from jike.apps.quoting.actions import AgreementEnding, expire_quotes, open_renewal, watch_agreements
from jike.apps.quoting.pages.beginning import QUOTING_ON_OPPORTUNITIES
from jike.apps.quoting.pages.home import QUOTING_CARDS
from jike.apps.quoting.pages.panels import QUOTING_ON_CUSTOMERS
from jike.apps.quoting.pages.resources import AGREEMENTS, AUTHORITY_TABLES, QUOTES
from jike.apps.sales.actions import follow_hand_over
from jike.apps.sales.pages.answering import SALES_ON_ENVIRONMENT
from jike.apps.sales.pages.dates import visit_dates
from jike.apps.sales.pages.home import SALES_CARDS
from jike.apps.sales.pages.noting import VISITED
from jike.apps.sales.pages.panels import SALES_ON_CUSTOMERS
from jike.apps.sales.pages.resources import LEADS, OPPORTUNITIES, VISITS
from jike.apps.sales.pages.timeline import CUSTOMER_SALES, OPPORTUNITY_VISITS
from jike.apps.servicedesk.actions import (
    TicketOpened,
    TicketOverdue,
    mail_surveys,
    tell_opened,
    tell_superiors,
    watch_clocks,
)
from jike.apps.servicedesk.pages.home import SERVICE_CARDS
from jike.apps.servicedesk.pages.panels import SERVICE_CONTRIBUTIONS
from jike.apps.servicedesk.pages.resources import SURVEYS, TICKETS
from jike.apps.tasks.actions import add_next_step, remind_of_tasks
from jike.apps.tasks.pages.dates import task_dates
from jike.apps.tasks.pages.home import TASK_CARDS
from jike.apps.tasks.pages.panels import tasks_on
from jike.apps.tasks.pages.resources import TASKS
from jike.apps.workplans.pages.home import PLAN_CARDS
from jike.apps.workplans.pages.resources import TARGETS, WEEK_PLANS
from jike.foundation import background, conversation, exchange, files, jobs, notify
from jike.foundation.conversation import CommentAdded
from jike.foundation.directory import register_addresses, register_people
from jike.foundation.doubles import register_references, sweep_doubles
from jike.foundation.events import Handler, register_handlers
from jike.foundation.following import tell_of_changes
from jike.foundation.noting import register_noting
from jike.foundation.pages.custom_fields import CUSTOM_FIELDS, TAGS
from jike.foundation.pages.doubles.verbs import doubles_of
from jike.foundation.pages.home import OWN_CARDS, HomeCard, register_cards
from jike.foundation.pages.resources.bulk_acts import BulkAct, register_bulk_acts
from jike.foundation.personal_calendar import register_dates
from jike.foundation.privacy import register_places
from jike.foundation.privacy.own_retention import declare_own
from jike.foundation.privacy.retention import declare_retention, tidy
from jike.foundation.resource import Contribution, Resource, register
from jike.foundation.vigil import HistoryAltered, verify_history
from jike.site.handing import ATTENDANCE, MATTERS
from jike.site.merging import REFERENCES
from jike.site.personal_data import PLACES

__all__ = ["HANDLERS", "attach_jobs", "wire"]

HANDLERS: Mapping[type[Any], Sequence[Handler]] = {
    CustomersHandedOver: (find_at_taker, hand_tasks_on, follow_hand_over),
    CommentAdded: (conversation.tell_of_comment,),
    ProductActivated: (welcome_customer,),
    AgreementEnding: (open_renewal,),
    HistoryAltered: (tell_auditors,),
    TicketOpened: (tell_opened,),
    TicketOverdue: (tell_superiors,),
}
"""Event → the jobs that answer it; read this to know what follows from what."""

ADDRESSES: Mapping[str, str] = {
    "organisation.person": "organisation:person",
    "organisation.role": "organisation:role",
    "organisation.unit": "organisation:unit",
}
"""Kind of record → the route of its page, to which notices and the history lead."""

SCHEDULED = (
    refresh_completeness_nightly,
    tidy,
    fetch_mail,
    fetch_mailbox,
    sweep_doubles,
    exchange.settle_search,
    tell_of_changes,
    tend_pool,
    lapse_hand_overs,
    background.sweep_tasks,
    files.sweep_files,
    notify.start_digests,
    verify_history,
    remind_of_tasks,
    remind_of_care,
    refresh_coverage_nightly,
    watch_clocks,
    mail_surveys,
    refresh_warnings,
    take_month_snapshot,
    count_units,
    bill_last_month,
    refresh_all_arrears,
    refresh_arrears,
    expire_quotes,
    watch_agreements,
)
"""Jobs that run by themselves; named here so that their modules are loaded in every process."""

ORDERED = (
    exchange.export_rows,
    exchange.edit_rows,
    exchange.undo_edit,
    exchange.check_import,
    exchange.run_import,
    exchange.undo_import,
    run_ordered,
)
"""Jobs that people begin and the task centre shows."""


RESOURCES: Sequence[Resource] = (
    TASKS,
    CUSTOMERS,
    KEY_PERSONS,
    RELATIONSHIPS,
    INTERACTIONS,
    MAILS,
    MAILBOXES,
    HAND_OVERS,
    PERSON_REQUESTS,
    POOL_RULES,
    RIVAL_LINES,
    NEEDS,
    LEADS,
    OPPORTUNITIES,
    VISITS,
    QUOTES,
    AGREEMENTS,
    TICKETS,
    SURVEYS,
    WARNINGS,
    RULES,
    OFFERINGS,
    SPECIFICATIONS,
    ORDERS,
    SERVICE_TASKS,
    PRODUCTS,
    BILLS,
    PAYMENTS,
    BILLING_ACCOUNTS,
    WEEK_PLANS,
    TARGETS,
    AUTHORITY_TABLES,
    PROPOSALS,
    TAGS,
    CUSTOM_FIELDS,
)
"""Every entity with its pages, in the order of the menu."""

CONTRIBUTIONS: Sequence[Contribution] = (
    *SERVICE_CONTRIBUTIONS,
    *WARNING_CONTRIBUTIONS,
    Contribution(
        "customers.customer", timeline=(*CUSTOMER_TIMELINE, *CUSTOMER_SALES, *CUSTOMER_ORDERS), below=below
    ),
    Contribution("customers.keyperson", timeline=(OF_KEY_PERSONS,)),
    *(Contribution(kind, timeline=(OF_OTHERS,)) for kind in ("sales.opportunity", "servicedesk.ticket")),
    ON_KEY_PERSONS,
    SALES_ON_CUSTOMERS,
    *SALES_ON_ENVIRONMENT,
    QUOTING_ON_CUSTOMERS,
    QUOTING_ON_OPPORTUNITIES,
    INVENTORY_ON_CUSTOMERS,
    INVENTORY_ON_AGREEMENTS,
    *ORDERING_CONTRIBUTIONS,
    ORDERING_ON_AGREEMENTS,
    Contribution("sales.opportunity", timeline=OPPORTUNITY_VISITS),
    *(doubles_of(one) for one in (CUSTOMERS, KEY_PERSONS, LEADS)),
    *(
        tasks_on(kind)
        for kind in (
            "customers.customer",
            "sales.lead",
            "sales.opportunity",
            "sales.visit",
            "customers.rivalline",
            "customers.need",
        )
    ),
)
"""What capabilities add to the records of lower ones, and to their own timelines."""

BULK_ACTS: Sequence[BulkAct] = (HANDING_OVER,)
"""Acts upon many chosen rows of a list."""

HOME_CARDS: Sequence[HomeCard] = (
    BEGIN,
    *SALES_CARDS[:1],
    *TASK_CARDS,
    HANDING_CARD,
    *INVENTORY_CARDS,
    *SALES_CARDS[1:],
    *QUOTING_CARDS,
    PROPOSAL_CARD,
    *SERVICE_CARDS,
    *WARNING_CARDS,
    *ORDERING_CARDS,
    *CUSTOMER_CARDS,
    *PLAN_CARDS,
    *OWN_CARDS,
)
"""What stands on the home page, in its order within each column."""
TEAM_FIRST = ("analytics.board:lead", "inventory.bill:run", "catalogue.productoffering:add")
"""Heads, headquarters and analysts look at units first, finance at everybody's bills, product staff at all sales."""


def wire() -> None:
    """Register handlers and contributions; called when every capability is loaded."""
    register_people(PeopleDirectory())
    register_addresses({**ADDRESSES, **{one.kind: f"resource:record {one.slug}" for one in RESOURCES}})
    register_handlers(HANDLERS)
    register(RESOURCES, CONTRIBUTIONS)
    register_references(REFERENCES)
    register_matters(*MATTERS)
    register_places(PLACES)
    declare_own()
    declare_retention(MEMBERS)
    register_attendance(*ATTENDANCE)
    register_bulk_acts(BULK_ACTS)
    register_cards(HOME_CARDS, team_first=TEAM_FIRST)
    register_dates(visit_dates, task_dates, interaction_dates, care_dates)
    register_noting(VISITED, *WAYS, step=add_next_step)


def attach_jobs(app: App) -> None:
    """Hand the declared jobs to procrastinate, once its Django app is ready."""
    jobs.attach(app)
