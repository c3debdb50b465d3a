"""What a customer's page shows beside its facts: health, revenue, group, and its other tabs; and its verbs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Customer, CustomerMonth, KeyPerson
from jike.apps.customers.models.labels import REASONS
from jike.apps.customers.pages.environment import ENVIRONMENT
from jike.apps.customers.pages.group_tree import GROUP_VERBS, TREE
from jike.apps.customers.pages.members import MEMBERS
from jike.apps.customers.pages.people import COVERAGE, PEOPLE
from jike.apps.customers.pages.proposals import PROPOSED, PROPOSING
from jike.apps.customers.pages.relationships import RELATIONSHIPS_TAB
from jike.foundation.drawing import ring
from jike.foundation.lines import Lines
from jike.foundation.resource import Panel, Verb
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.presenting import in_wan, shown
from jike.foundation.scope import Actor, may

__all__ = ["PANELS"]

YEAR = 12
SUBSIDIARIES_SHOWN = 6


def strip(customer: Customer, actor: Actor) -> Mapping[str, Any]:
    """Return identities, manager and deputy, and the health with its reasons."""
    looks = {"region": "region", "industry": "industry"}
    placed = [attribute_of(Customer, name, look) for name, look in looks.items()]
    return {
        "places": [shown(one, getattr(customer, one.name)) for one in placed],
        "health": shown(attribute_of(Customer, "health", "health"), customer.health),
        "reasons": queries.health_explained(customer),
        "since": since(customer),
        "phone": shown(attribute_of(Customer, "phone", "phone"), customer.phone),
        "arrears": in_wan(customer.arrears) if customer.arrears else "",
        "completeness": completeness(customer, actor),
    }


def since(customer: Customer) -> Mapping[str, Any] | None:
    """Return how the health differs from last month's, and what is no longer a reason to worry."""
    change = queries.health_since(customer)
    if change is None:
        return None
    points = f"{change.points:+d}".replace("-", "\N{MINUS SIGN}") if change.points else ""
    return {
        "points": points,
        "worse": change.points < 0,
        "went": [REASONS[one] for one in change.went],
    }


def completeness(customer: Customer, actor: Actor) -> Mapping[str, Any]:
    """Return the score as a ring, and what is missing with the address at which each is filled in."""
    form = reverse("resource:change", args=["customers", customer.uid])
    own = {"deputy": reverse("customers:assign", args=[customer.uid])}
    return {
        "score": customer.completeness,
        "ring": mark_safe(ring(customer.completeness)),  # noqa: S308  our own drawing
        "missing": [
            (own.get(one.name, f"{form}#id_{one.name}"), one.label, one.points)
            for one in queries.missing_of(customer)
        ],
        "may_change": may(actor, "change", customer),
    }


def revenue(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return 24 months of revenue for chart and table; nothing before the first one is billed."""
    months = queries.customer_months(customer)
    if not months:
        return None
    amounts = [month.revenue for month in months]
    return {
        "months": [(month.month, in_wan(month.revenue), in_wan(month.arrears)) for month in months],
        "chart": {
            "labels": [f"{month.month:%y-%m}" for month in months],
            "values": [float(round(amount / 10_000, 2)) for amount in amounts],
            "subject": YEAR,
        },
        "last": in_wan(amounts[-1]),
        "year": in_wan(sum(amounts[-YEAR:], Decimal(0))),
        "change": _change(months),
    }


def _change(months: list[CustomerMonth]) -> tuple[str, bool] | None:
    """Return by how many percent the last month differs from that of the year before, and whether it is less."""
    if len(months) <= YEAR or not months[-1 - YEAR].revenue:
        return None
    before, now = months[-1 - YEAR].revenue, months[-1].revenue
    percent = (now - before) / before * 100
    return f"{percent:+.1f}%".replace("-", "\N{MINUS SIGN}"), now < before


def group(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return who lies directly above and below; nothing for a customer that stands alone."""
    path = queries.group_path(customer, actor)
    below = list(queries.subsidiaries_of(customer, actor)[: SUBSIDIARIES_SHOWN + 1])
    if not path and not below:
        return None
    return {
        "path": path,
        "below": below[:SUBSIDIARIES_SHOWN],
        "further": len(below) > SUBSIDIARIES_SHOWN,
    }


def rows(customer: Customer, actor: Actor) -> list[KeyPerson]:
    """Return the key persons to be edited as a table."""
    return list(queries.key_persons_of(customer, actor))


def _looked_after(customer: Customer) -> bool:
    return customer.owner_id is not None


PANELS: tuple[Panel | Verb, ...] = (
    Verb("view", _("Write a mail"), "mail", "customers:write"),
    Verb("assign", _("Assign"), "user-check", "customers:assign"),
    Verb("change", _("Tags"), "tags", "customers:tags"),
    PROPOSING,
    *GROUP_VERBS,
    Verb("hand_over", _("Hand over…"), "user-share", "customers:hand_over", when=_looked_after),
    Verb("release", _("Give back to the pool"), "arrow-back-up", "customers:release", when=_looked_after),
    Panel("strip", _("Health"), "customers/_strip.html", strip, "head"),
    PROPOSED,
    Panel("revenue", _("Revenue of 24 months"), "customers/_revenue.html", revenue, "rail"),
    Panel("group", _("Group"), "customers/_group.html", group, "rail"),
    COVERAGE,
    PEOPLE,
    Lines(
        "roster",
        _("Key persons as a table"),
        place="page",
        model=KeyPerson,
        columns=("name", "job_title", "department", "role", "attitude", "influence"),
        rows=rows,
        store=actions.enter_key_persons,
        ordered=False,
        in_form=False,
    ),
    MEMBERS,
    ENVIRONMENT,
    TREE,
    RELATIONSHIPS_TAB,
)
