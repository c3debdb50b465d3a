"""What the navigation tells beside its places: counts that matter, and favourites. Fetched after the page is there."""

from collections.abc import Callable, Iterator, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jike.apps.analytics.queries import counted, open_warnings
from jike.apps.quoting.queries import inbox_count
from jike.apps.tasks.queries import counts_by_due, open_tasks
from jike.foundation.pages.opened import opened_by
from jike.foundation.scope import Actor
from jike.site.shell import Shell

__all__ = ["side"]

MOST = 99
Figure = tuple[int, bool]
"""How many, and whether something among them is overdue."""


def tasks(actor: Actor) -> Figure:
    """Return how many of one's tasks are due today or overdue."""
    found = counts_by_due(open_tasks(actor), today=timezone.localdate())
    return found["overdue"][0] + found["today"][0], found["overdue"][0] > 0


def approvals(actor: Actor) -> Figure:
    """Return how many approvals wait for one's answer."""
    return inbox_count(actor), False


def warnings(actor: Actor) -> Figure:
    """Return how many warnings wait."""
    found = counted(open_warnings(actor, team=False), timezone.now())
    return found["open"][0], found["overdue"][0] > 0


COUNTS: Mapping[str, Callable[[Actor], Figure]] = {
    "resource:list tasks": tasks,
    "quoting:approvals": approvals,
    "resource:list warnings": warnings,
}
"""Name of a menu's page (and its arguments) → its figure."""


@require_GET
def side(request: HttpRequest) -> HttpResponse:
    """Return favourites, and counts for the places that this person's navigation has."""
    shell = Shell(request)
    favourites = [one for one in opened_by(shell.actor) if one.favourite] if shell.actor else []
    context = {"favourites": favourites, "counts": list(_counts(shell)), "here": request.GET.get("here", "")}
    return render(request, "site/_side_news.html", context)


def _counts(shell: Shell) -> Iterator[tuple[str, str, bool]]:
    for group in shell.menu:
        for item in group.items:
            figure = COUNTS.get(" ".join([item.page, *item.arguments]))
            if figure is None or shell.actor is None:
                continue
            number, late = figure(shell.actor)
            text = f"{MOST}+" if number > MOST else str(number)
            yield item.code, text if number else "", late
