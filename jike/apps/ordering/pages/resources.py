"""How orders and service tasks look on screen, declared."""

from django.utils.translation import gettext_lazy as _

from jike.apps.ordering import actions
from jike.apps.ordering.models import ProductOrder, ServiceTask
from jike.apps.ordering.pages import states
from jike.apps.ordering.pages.panels import ORDER_PANELS, TASK_PANELS
from jike.foundation.resource import Resource, Section

__all__ = ["ORDERS", "SERVICE_TASKS"]

ORDERS = Resource(
    model=ProductOrder,
    slug="orders",
    icon="clipboard-list",
    columns=(
        *("code", "customer", "monthly_amount", "state", "promised_on", "requested_on", "owner"),
        *("submitted_at", "completed_on", "escalated_at"),
    ),
    more_columns=("agreement", "unit", "address", "remark", "reason", "escalated_by", "escalation"),
    looks={"state": "state"},
    sorts=("-code", "promised_on", "-monthly_amount", "-completed_on"),
    form=(Section(_("Basics"), ("agreement", "requested_on", "address", "remark")),),
    inline=("requested_on", "address", "remark"),
    actions={
        "add": actions.add_order,
        "change": actions.change_order,
        "remove": actions.remove_order,
        "restore": actions.restore_order,
        "change_state": states.change_order_state,
        "next_states": states.following_order_states,
    },
    panels=ORDER_PANELS,
    states="state",
    dates="promised_on",
    key=("code",),
    totals=("monthly_amount",),
)

SERVICE_TASKS = Resource(
    model=ServiceTask,
    slug="service-tasks",
    icon="list-check",
    columns=("name", "customer", "step", "state", "due_on", "owner", "order", "fallout"),
    more_columns=("unit", "due_at", "started_at", "finished_at", "attempts", "result", "customer__region"),
    looks={"state": "state", "customer__region": "region"},
    sorts=("due_on",),
    form=(
        Section(
            _("Basics"),
            ("step", "order", "customer", "owner", "started_at", "finished_at", "result", "fallout"),
        ),
    ),
    actions={
        "add": actions.add_step,
        "change": actions.change_step,
        "change_state": states.change_step_state,
        "next_states": states.following_step_states,
    },
    panels=TASK_PANELS,
    states="state",
    dates="due_on",
)
