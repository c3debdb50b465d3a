"""Running a month as work in the background: begun by finance, or by itself on the first of each month."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.inventory.actions.billing import BillRun, run_month
from jike.apps.inventory.actions.figures import refresh_figures
from jike.foundation import background
from jike.foundation.background import Attempt
from jike.foundation.directory import actor_of
from jike.foundation.errors import Refused
from jike.foundation.jobs import Progress, job
from jike.foundation.models import BackgroundTask
from jike.foundation.scope import Actor, require_permission, system_actor
from jike.values.period import add_months, month_start

__all__ = ["bill_last_month", "order_run", "run_ordered"]

STAGES = 2


def order_run(month: dt.date, *, actor: Actor) -> BackgroundTask:
    """Begin to bill the month in the background, for whoever may."""
    require_permission(actor, "inventory.bill:run")
    title = _("Bills of %(month)s") % {"month": f"{month:%Y-%m}"}
    return background.begin(run_ordered, title=title, order={"month": month.isoformat()}, actor=actor)


@job("inventory.run_ordered", label=gettext_lazy("Bill a month"))
def run_ordered(task: str, *, progress: Progress) -> None:
    """Bill the month that the task orders, and let the customers' figures follow."""
    background.carry_out(task, _run, progress=progress)


@job("inventory.bill_last_month", label=gettext_lazy("Bill the month that has ended"), cron="0 2 1 * *")
def bill_last_month() -> None:
    """Bill the month that ended last, on the first day of the next; again it changes nothing."""
    month = add_months(month_start(timezone.localdate()), -1)
    actor = system_actor("inventory.bill_last_month")
    run_month(month, actor=actor)
    refresh_figures(month, actor=actor)


def _run(attempt: Attempt) -> None:
    actor = actor_of(attempt.task.person)
    if actor is None:
        raise Refused(_("The person who ordered this may no longer sign in."))
    month = dt.date.fromisoformat(attempt.task.order["month"])
    run: BillRun = run_month(month, actor=actor)
    attempt(1, STAGES)
    refresh_figures(month, actor=system_actor("inventory.run_ordered"))
    sentence = _("%(bills)s bills with %(lines)s lines, %(amount)s yuan in all; %(written)s rows differed.")
    words = {"bills": f"{run.bills:,}", "lines": f"{run.lines:,}", "amount": f"{run.amount:,.2f}"}
    attempt.finish(sentence % {**words, "written": f"{run.written:,}"})
