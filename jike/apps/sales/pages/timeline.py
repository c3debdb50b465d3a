"""What sales tell on the timelines of customers and opportunities: visits, and how opportunities fared."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.models import Customer
from jike.apps.sales import queries
from jike.apps.sales.models import Opportunity, Visit
from jike.apps.sales.models.labels import STAGES, VISIT_STATES
from jike.apps.sales.rules import Stage, VisitState
from jike.foundation.happenings import Happening, Mark, Source, latest, names_below
from jike.foundation.resource.presenting import in_wan
from jike.foundation.scope import Actor

__all__ = ["CUSTOMER_SALES", "OPPORTUNITY_VISITS"]

TONES = {VisitState.DONE: "ok", VisitState.CHECKED_IN: "ok", VisitState.CANCELLED: ""}
CLOSED = {Stage.WON: "ok", Stage.LOST: "bad"}


def visits(
    customers: Sequence[Customer], actor: Actor, *, before: Mark | None, limit: int
) -> list[Happening]:
    """Return the visits to a customer and those below it."""
    if not actor.holds("sales.visit:view"):
        return []
    rows, below = queries.visits_of(customers, actor), names_below(customers)
    found = latest(rows, "planned_at", before=before, limit=limit)
    return [_visit(one, of=below.get(one.customer_id, "")) for one in found]


def visits_for(opportunity: Opportunity, actor: Actor, *, before: Mark | None, limit: int) -> list[Happening]:
    """Return the visits for an opportunity."""
    if not actor.holds("sales.visit:view"):
        return []
    rows = queries.visits_of_opportunity(opportunity, actor)
    return [_visit(one) for one in latest(rows, "planned_at", before=before, limit=limit)]


def _visit(visit: Visit, *, of: str = "") -> Happening:
    state = VisitState(visit.state)
    step = f"{visit.next_step} {visit.next_step_on:%m-%d}" if visit.next_step and visit.next_step_on else ""
    return Happening(
        moment=visit.planned_at,
        id=visit.pk,
        who=visit.owner.name,
        act=_("visited") if state is VisitState.DONE else _("visits"),
        title=visit.purpose,
        link=reverse("resource:record", args=["visits", visit.uid]),
        status="" if state is VisitState.DONE else VISIT_STATES[state],
        tone=TONES.get(state, ""),
        words=visit.minutes,
        next_step=step,
        of=of,
    )


def deals(customers: Sequence[Customer], actor: Actor, *, before: Mark | None, limit: int) -> list[Happening]:
    """Return the opportunities with a customer and those below it, at the time of their last stage."""
    if not actor.holds("sales.opportunity:view"):
        return []
    rows, below = queries.deals_of(customers, actor), names_below(customers)
    found = latest(rows, "moved_at", before=before, limit=limit)
    return [_deal(one, of=below.get(one.customer_id, "")) for one in found]


def _deal(deal: Opportunity, *, of: str) -> Happening:
    stage = Stage(deal.stage)
    return Happening(
        moment=deal.moved_at,  # type: ignore[attr-defined]  # annotated by deals_of
        id=deal.pk,
        who=deal.owner.name,
        act=_("opportunity"),
        title=deal.name,
        link=reverse("resource:record", args=["opportunities", deal.uid]),
        status=STAGES[stage],
        tone=CLOSED.get(stage, ""),
        words=_("%(amount)s ×10k yuan") % {"amount": in_wan(deal.amount)} if deal.amount else "",
        next_step=deal.next_step if stage not in CLOSED else "",
        of=of,
    )


VISITS = Source("visits", gettext_lazy("Visits"), "map-pin", visits, several=True, rows=(Visit, "customer"))
CUSTOMER_SALES = (
    VISITS,
    Source(
        "deals",
        gettext_lazy("Opportunities"),
        "target-arrow",
        deals,
        several=True,
        rows=(Opportunity, "customer"),
    ),
)
OPPORTUNITY_VISITS = (
    Source("visits", gettext_lazy("Visits"), "map-pin", visits_for, rows=(Visit, "opportunity")),
)
