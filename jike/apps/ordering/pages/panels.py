"""What records show of orders: items and the network of steps; a customer's, an agreement's and a product's orders."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.inventory.models import Product
from jike.apps.inventory.rules import ProductState
from jike.apps.ordering import queries
from jike.apps.ordering.models import ProductOrder, ServiceTask
from jike.apps.ordering.models.labels import STEPS
from jike.apps.ordering.rules import OrderState, Step, TaskState
from jike.apps.quoting.models import Agreement
from jike.foundation.resource import Contribution, Panel, Verb
from jike.foundation.resource.presenting import money
from jike.foundation.scope import Actor, may, visible

__all__ = ["ORDERING_CONTRIBUTIONS", "ORDERING_ON_AGREEMENTS", "ORDER_PANELS", "TASK_PANELS"]

MOVES: Mapping[TaskState, tuple[tuple[str, Any, str], ...]] = {
    TaskState.READY: (
        ("ordering:begin", _("Begin"), "player-play"),
        ("ordering:fail", _("Report failure"), "alert-triangle"),
    ),
    TaskState.RUNNING: (
        ("ordering:finish", _("Finish"), "check"),
        ("ordering:fail", _("Report failure"), "alert-triangle"),
    ),
    TaskState.FAILED: (("ordering:retry", _("Try again"), "refresh"),),
}
"""State of a step → what may be done to it: name of the view, label, icon."""


def strip(order: ProductOrder, actor: Actor) -> Mapping[str, Any]:
    """Return how far the order is, whether it is late, and what holds it up."""
    progress = queries.progress_of([order]).get(order.pk)
    today = timezone.localdate()
    running = order.state in (OrderState.RUNNING, OrderState.HELD)
    late = (today - order.promised_on).days if running and order.promised_on else 0
    held = queries.tasks_of(order) if order.state == OrderState.HELD else []
    return {
        "progress": progress,
        "late": max(0, late),
        "monthly": money(order.monthly_amount),
        "running": running,
        "failed": [one for one in held if one.state == TaskState.FAILED],
    }


def network(order: ProductOrder, actor: Actor) -> Mapping[str, Any]:
    """Return the items, each with its steps in columns by how many others must be done before them."""
    tasks = queries.tasks_of(order)
    now = timezone.now()
    found = [
        (
            item,
            money(item.monthly_amount),
            _columns([one for one in tasks if one.item_id == item.pk], actor, now),
        )
        for item in queries.items_of(order)
    ]
    draft = order.state == OrderState.DRAFT
    return {"items": found, "draft": draft, "may_change": draft and may(actor, "change", order)}


def _columns(
    tasks: list[ServiceTask], actor: Actor, now: dt.datetime
) -> list[list[tuple[ServiceTask, bool, tuple[tuple[str, Any, str], ...], str]]]:
    """Return the steps as the columns of a drawn network: a step stands right of all those it waits for."""
    depth: dict[str, int] = {}
    for one in tasks:
        depth[one.step] = max((depth.get(before, 0) + 1 for before in one.after), default=0)
    columns: list[list[Any]] = [[] for _column in range(max(depth.values(), default=-1) + 1)]
    for one in tasks:
        open_ = one.state not in (TaskState.DONE, TaskState.CANCELLED)
        moves = MOVES.get(TaskState(one.state), ()) if may(actor, "change_state", one) else ()
        before = ", ".join(str(STEPS[Step(name)]) for name in one.after)
        columns[depth[one.step]].append((one, open_ and one.due_at < now, moves, before))
    return columns


def count_steps(order: ProductOrder, actor: Actor) -> int:
    """Return how many steps are not done yet."""
    found = queries.progress_of([order]).get(order.pk)
    return found.total - found.done if found is not None else 0


def around(task: ServiceTask, actor: Actor) -> Mapping[str, Any]:
    """Return the order of the step with its network, for whoever works on one of its steps."""
    tasks = [one for one in queries.tasks_of(task.order) if one.item_id == task.item_id]
    return {"order": task.order, "columns": _columns(tasks, actor, timezone.now()), "task": task}


def orders(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the customer's orders that the actor sees."""
    if not actor.holds("ordering.productorder:view"):
        return None
    seen = set(visible(ProductOrder, actor).filter(customer=customer).values_list("pk", flat=True))
    return _told([one for one in queries.orders_of(customer) if one.pk in seen])


def count_orders(customer: Customer, actor: Actor) -> int:
    """Return how many orders of the customer are under way."""
    if not actor.holds("ordering.productorder:view"):
        return 0
    going = (OrderState.RUNNING, OrderState.HELD)
    return visible(ProductOrder, actor).filter(customer=customer, state__in=going).count()


def orders_under(agreement: Agreement, actor: Actor) -> Mapping[str, Any] | None:
    """Return the orders under an agreement, and whether anything of it is still to be ordered."""
    if not actor.holds("ordering.productorder:view"):
        return None
    rows = visible(ProductOrder, actor).filter(agreement=agreement).order_by("-id")
    left = queries.left_to_order(agreement) if agreement.state == "active" else {}
    ordering = bool(left) and actor.holds("ordering.productorder:add")
    return {**_told(list(rows[:20])), "agreement": agreement if ordering else None}


def changes_of(product: Product, actor: Actor) -> Mapping[str, Any] | None:
    """Return the orders that brought the product about and changed it."""
    return {"items": queries.items_about(product)} if actor.holds("ordering.orderitem:view") else None


def _told(found: list[ProductOrder]) -> dict[str, Any]:
    progress = queries.progress_of(found)
    return {"orders": [(one, money(one.monthly_amount), progress.get(one.pk)) for one in found]}


def _is_draft(order: ProductOrder) -> bool:
    return order.state == OrderState.DRAFT


def _is_open(order: ProductOrder) -> bool:
    return order.state in (OrderState.DRAFT, OrderState.RUNNING, OrderState.HELD)


def _deserves_watching(order: ProductOrder) -> bool:
    late = order.promised_on is not None and order.promised_on < timezone.localdate()
    return order.state == OrderState.HELD or (order.state == OrderState.RUNNING and late)


def _goes_on(task: ServiceTask) -> bool:
    return task.state not in (TaskState.DONE, TaskState.CANCELLED)


def _runs(product: Product) -> bool:
    return product.state == ProductState.ACTIVE


def _rests(product: Product) -> bool:
    return product.state == ProductState.SUSPENDED


def _stands(product: Product) -> bool:
    return product.state != ProductState.TERMINATED


ORDER_PANELS: tuple[Panel | Verb, ...] = (
    Verb("submit", _("Submit"), "send", "ordering:submit", primary=True, when=_is_draft),
    Verb("escalate", _("Escalate"), "eye", "ordering:escalate", when=_deserves_watching),
    Verb("cancel", _("Cancel the order"), "circle-x", "ordering:cancel", when=_is_open),
    Panel("strip", _("Progress"), "ordering/_strip.html", strip, "head"),
    Panel("steps", _("Items and steps"), "ordering/_network.html", network, "tab", count_steps),
)
TASK_PANELS: tuple[Panel | Verb, ...] = (
    Verb("hand_over", _("Hand over"), "user-share", "ordering:hand_over", when=_goes_on),
    Panel("around", _("Steps of the order"), "ordering/_around.html", around, "head"),
)
ORDERING_ON_AGREEMENTS = Contribution(
    "quoting.agreement",
    panels=(Panel("orders", _("Orders"), "ordering/_orders.html", orders_under, "tab"),),
)
ORDERING_CONTRIBUTIONS = (
    Contribution(
        "customers.customer",
        panels=(Panel("orders", _("Orders"), "ordering/_orders.html", orders, "tab", count_orders),),
    ),
    Contribution(
        "inventory.product",
        panels=(Panel("changes", _("Orders"), "ordering/_changes.html", changes_of, "rail"),),
        verbs=(
            Verb("change", _("Order a change"), "edit", "ordering:modify", when=_runs),
            Verb("change", _("Order suspension"), "player-pause", "ordering:suspend", when=_runs),
            Verb("change", _("Order resumption"), "player-play", "ordering:resume", when=_rests),
            Verb("change", _("Order termination"), "circle-x", "ordering:terminate", when=_stands),
        ),
    ),
)
