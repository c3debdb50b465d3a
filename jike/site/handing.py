"""What capabilities know of customers that change hands: what is open with them, and when anything was last done.

A new kind of record about customers gets its line here where it is a matter that somebody has to go on with, and
another where it tells that the customer was attended to.
"""

from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import PartyInteraction
from jike.apps.customers.queries import Attendance, Matters
from jike.apps.customers.queries.hand_overs import next_steps, rows_open, tasks_open
from jike.apps.customers.queries.pool import comments_made, rows_attended
from jike.apps.ordering.models import ProductOrder
from jike.apps.ordering.rules import OrderState
from jike.apps.quoting.models import Agreement, Quote
from jike.apps.quoting.rules import OPEN as QUOTES_OPEN
from jike.apps.quoting.rules import AgreementState
from jike.apps.sales.models import Opportunity, Visit
from jike.apps.sales.rules import OPEN as STAGES_OPEN
from jike.apps.sales.rules import VisitState
from jike.apps.servicedesk.models import Ticket
from jike.apps.servicedesk.rules import State as TicketState

__all__ = ["ATTENDANCE", "MATTERS"]

MATTERS = (
    Matters(_("Promised next"), next_steps),
    Matters(_("Tasks"), tasks_open),
    Matters(_("Opportunities"), rows_open(Opportunity, state=("stage", STAGES_OPEN), day="next_step_on")),
    Matters(_("Visits"), rows_open(Visit, state=("state", (VisitState.PLANNED,)), day="planned_on")),
    Matters(_("Quotes"), rows_open(Quote, state=("state", QUOTES_OPEN), day="valid_until")),
    Matters(_("Agreements"), rows_open(Agreement, state=("state", (AgreementState.ACTIVE,)), day="ends_on")),
    Matters(
        _("Orders"),
        rows_open(ProductOrder, state=("state", (OrderState.RUNNING, OrderState.HELD)), day="promised_on"),
    ),
    Matters(
        _("Tickets"),
        rows_open(
            Ticket,
            state=("state", (TicketState.OPEN, TicketState.HANDLING, TicketState.WAITING)),
            day="settle_due_at",
        ),
    ),
)
"""The sections of a hand-over's pack, in their order."""

ATTENDANCE: tuple[Attendance, ...] = (
    comments_made,
    rows_attended(PartyInteraction, "happened_on"),
    rows_attended(Visit, "planned_on", state__in=(VisitState.CHECKED_IN, VisitState.DONE)),
    rows_attended(Opportunity, "stage_since"),
    rows_attended(Quote, "sent_on"),
)
"""By what a customer counts as attended to."""
