"""The page of background jobs: what waits, runs, failed and ended, the workers, the sealing, and stepping in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation.audit import sealing_lag_seconds
from jike.foundation.jobs import watching
from jike.foundation.jobs.watching import RUN_JOBS, VIEW_JOBS, State
from jike.foundation.pages.entry import PageRequest, before_of, page

__all__ = ["cancel", "jobs", "retry"]

PAGE_ROWS = 50
LAG_GOAL_SECONDS = 5
LABELS = {
    State.WAITING: gettext_lazy("Waiting"),
    State.RUNNING: gettext_lazy("Running"),
    State.FAILED: gettext_lazy("Failed"),
    State.DONE: gettext_lazy("Ended"),
}
ENDINGS = {
    "aborted": gettext_lazy("stopped on request"),
    "cancelled": gettext_lazy("cancelled"),
    "failed": gettext_lazy("failed"),
    "succeeded": gettext_lazy("done"),
    "todo": gettext_lazy("waiting"),
    "doing": gettext_lazy("running"),
}


@page("GET", permission=VIEW_JOBS)
def jobs(request: PageRequest) -> HttpResponse:
    """Show the jobs of one state; asked by htmx, only the part that changes."""
    state = _state(request)
    rows = watching.jobs_in(state, before=before_of(request), limit=PAGE_ROWS + 1)
    counts, lag = watching.counts(), sealing_lag_seconds()
    context = {
        "state": state,
        "tabs": [(one, LABELS[one], counts[one]) for one in State],
        "rows": [(row, ENDINGS.get(row.status, row.status)) for row in rows[:PAGE_ROWS]],
        "next_before": rows[PAGE_ROWS - 1].id if len(rows) > PAGE_ROWS else None,
        "workers": watching.living_workers(),
        "lag_seconds": round(lag, 1),
        "late": lag > LAG_GOAL_SECONDS,
        "schedules": watching.last_runs(),
        "may_run": request.actor.holds(RUN_JOBS),
    }
    return render(request, "foundation/_jobs.html" if request.htmx else "foundation/jobs.html", context)


@page("POST", permission=VIEW_JOBS)
def retry(request: PageRequest, number: int) -> HttpResponse:
    """Run a failed job again."""
    watching.retry_job(number, actor=request.actor)
    messages.success(request, _("The job runs again."))
    return redirect("foundation:jobs")


@page("POST", permission=VIEW_JOBS)
def cancel(request: PageRequest, number: int) -> HttpResponse:
    """Cancel a waiting job or ask a running one to end."""
    watching.cancel_job(number, actor=request.actor)
    messages.success(request, _("The job was cancelled; a running one ends at its next report."))
    return redirect("foundation:jobs")


def _state(request: HttpRequest) -> State:
    given = request.GET.get("state", State.FAILED)
    return State(given) if given in set(State) else State.FAILED
