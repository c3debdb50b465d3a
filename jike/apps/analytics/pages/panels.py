"""What records show of warnings: a warning's reason and loop, a customer's warnings."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.analytics import queries
from jike.apps.analytics.models import EarlyWarning
from jike.apps.analytics.pages.reasons import ICONS, reason
from jike.apps.analytics.rules import ENDED, NEXT, OCCASIONS, State
from jike.apps.customers.models import Customer
from jike.apps.sales.queries import opportunities_of
from jike.apps.sales.rules import Kind as DealKind
from jike.foundation.happenings import Happening, Mark, Source, latest, names_below
from jike.foundation.resource import Contribution, Panel, Verb
from jike.foundation.resource.presenting import in_wan
from jike.foundation.scope import Actor, may, visible

__all__ = ["WARNING_CONTRIBUTIONS", "WARNING_PANELS"]

SHOWN = 20
KIND = "analytics.earlywarning"
STEPS = (
    ("answer", State.ANSWERING, _("Answer with a task"), "checkbox", True),
    ("settle", State.SETTLED, _("Settle with an outcome"), "circle-check", True),
    ("dismiss", State.DISMISSED, pgettext_lazy("warning", "Dismiss"), "circle-x", False),
)


def loop(warning: EarlyWarning, actor: Actor) -> Mapping[str, Any]:
    """Return the reason, how far the loop is, and the steps that may be taken."""
    following = NEXT[State(warning.state)]
    steps = [
        (name, label, icon, primary)
        for name, then, label, icon, primary in STEPS
        if then in following and may(actor, name, warning)
    ]
    return {"reason": reason(warning), "icon": ICONS[warning.sign], "steps": steps}


def tasks(warning: EarlyWarning, actor: Actor) -> Mapping[str, Any]:
    """Return the tasks that answer the warning."""
    return {"tasks": queries.tasks_of(warning, actor)}


def warnings(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the customer's warnings, the latest first, each with its reason."""
    if not actor.holds(f"{KIND}:view"):
        return None
    rows = list(queries.warnings_of(customer, actor)[:SHOWN])
    return {"warnings": [(one, reason(one), ICONS[one.sign]) for one in rows]}


def count_warnings(customer: Customer, actor: Actor) -> int:
    """Return how many warnings of the customer wait."""
    if not actor.holds(f"{KIND}:view"):
        return 0
    return visible(EarlyWarning, actor).filter(customer=customer, state__in=("open", "answering")).count()


def open_warnings(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return how many warnings wait, for the customer's head; nothing when none does."""
    waiting = count_warnings(customer, actor)
    return {"waiting": waiting} if waiting else None


def happenings(
    customers: Sequence[Customer], actor: Actor, *, before: Mark | None, limit: int
) -> list[Happening]:
    """Return the customer's warnings as entries of its timeline, at the moment their loop was closed or answered."""
    if not actor.holds(f"{KIND}:view"):
        return []
    rows = visible(EarlyWarning, actor).filter(customer__in=customers).select_related("owner", "customer")
    found, below = latest(rows, "answered_at", before=before, limit=limit), names_below(customers)
    return [_happening(one, of=below.get(one.customer_id, "")) for one in found]


def _happening(warning: EarlyWarning, *, of: str) -> Happening:
    return Happening(
        moment=warning.answered_at or warning.answer_due_at,
        id=warning.pk,
        who=str(warning.owner or ""),
        act=_("answered a warning"),
        title=str(warning.get_sign_display()),
        link=reverse("resource:record", args=["warnings", warning.uid]),
        status=str(warning.get_outcome_display() or warning.get_state_display()),
        words=reason(warning),
        icon=ICONS[warning.sign],
        of=of,
    )


def retention(warning: EarlyWarning, actor: Actor) -> Mapping[str, Any] | None:
    """Return the open opportunities that are to keep the customer; nothing without any."""
    if not actor.holds("sales.opportunity:view"):
        return None
    found = opportunities_of(warning.customer, actor, only_open=True).filter(deal_kind=DealKind.RETENTION)
    deals = [(one, in_wan(one.amount)) for one in found[:SHOWN]]
    return {"deals": deals} if deals else None


def waits(warning: EarlyWarning) -> bool:
    """Whether the warning may still be answered."""
    return State(warning.state) not in ENDED


def at_risk(warning: EarlyWarning) -> bool:
    """Whether the warning waits and tells of a customer who may be lost."""
    return waits(warning) and warning.sign not in OCCASIONS


WARNING_PANELS: tuple[Panel | Verb, ...] = (
    Verb("answer", _("Open a retention opportunity"), "target-arrow", "analytics:retain", when=at_risk),
    Verb("assign", _("Assign"), "user-check", "analytics:assign"),
    Panel("loop", _("Reason"), "analytics/_loop.html", loop, "head"),
    Panel("tasks", _("Retention tasks"), "analytics/_tasks.html", tasks, "rail"),
    Panel("retention", _("Retention opportunities"), "analytics/_retention.html", retention, "rail"),
)
WARNING_CONTRIBUTIONS = (
    Contribution(
        "customers.customer",
        panels=(
            Panel("waiting", _("Open warnings"), "analytics/_open_warnings.html", open_warnings, "head"),
            Panel("warnings", _("Warnings"), "analytics/_warnings.html", warnings, "tab", count_warnings),
        ),
        timeline=(
            Source(
                "warnings",
                _("Warnings"),
                "alert-triangle",
                happenings,
                several=True,
                rows=(EarlyWarning, "customer"),
            ),
        ),
    ),
)
