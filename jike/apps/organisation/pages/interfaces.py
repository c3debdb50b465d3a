"""Pages of deputies and of integration tokens, and what a program may ask about itself."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.organisation import actions, queries
from jike.apps.organisation.models import Deputy, Token
from jike.apps.organisation.pages.forms import TokenForm
from jike.apps.organisation.pages.taking import Asking, done, take
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.scope import fetch, may, visible

__all__ = ["deputies", "issue", "me", "revoke", "tokens"]

SHOWN = 200
Row = TypeVar("Row", bound=Model)


@page("GET", permission="organisation.deputy:view")
def deputies(request: PageRequest) -> HttpResponse:
    """List who stands in for whom, now and later."""
    now = timezone.now()
    listed, further = _bounded(queries.deputies_listed(request.actor, now=now))
    changeable = visible(Deputy, request.actor, "change").filter(pk__in=[row.pk for row in listed])
    keys = set(changeable.values_list("pk", flat=True))
    rows = [(row, row.pk in keys) for row in listed]
    context = {"rows": rows, "further": further, "now": now, "me": request.user}
    return render(request, "organisation/deputies.html", context)


@page("GET", permission="organisation.token:view")
def tokens(request: PageRequest) -> HttpResponse:
    """List the integration tokens with what they may do and when they were last used."""
    listed, further = _bounded(queries.tokens_of(request.actor))
    rows = [
        (row, row.person_id == request.actor.person or may(request.actor, "revoke", row)) for row in listed
    ]
    context = {
        "rows": rows,
        "further": further,
        "now": timezone.now(),
        "may_add": request.actor.holds("organisation.token:add"),
    }
    return render(request, "organisation/tokens.html", context)


@page("GET", "POST", permission="organisation.token:add")
def issue(request: PageRequest) -> HttpResponse:
    """Issue a token for which the reader answers, and show it, once."""
    form = TokenForm(request.POST or None, actor=request.actor)

    def do(values: dict[str, Any]) -> HttpResponse:
        given = {"name": values["name"], "scopes": values["scopes"], "expires_at": form.expires_at()}
        token, secret = actions.issue_token(actor=request.actor, **given)
        context = {
            "title": token.name,
            "explanation": _("The token is shown only now; give it to the program over a safe way."),
            "secret": secret,
            "onward": reverse("organisation:tokens"),
        }
        response = render(request, "organisation/secret.html", context)
        response["Cache-Control"] = "no-store"
        return response

    trail = [(reverse("organisation:tokens"), _("Integration tokens"))]
    hint = _("You answer for what the program does. It can never do more than you may do yourself.")
    return take(request, form, Asking(_("Issue a token"), trail[0][0], hint=hint, trail=trail), do=do)


@page("POST")
def revoke(request: PageRequest, uid: UUID) -> HttpResponse:
    """Revoke a token at once."""
    row = fetch(Token, uid, request.actor)
    actions.revoke_token(row, actor=request.actor)
    return done(request, _("The token is revoked."), reverse("organisation:tokens"))


def _bounded(rows: QuerySet[Row]) -> tuple[list[Row], int]:
    """Return the rows that are shown, and how many more there are."""
    first = list(rows[: SHOWN + 1])
    return first[:SHOWN], rows.count() - SHOWN if len(first) > SHOWN else 0


def me(request: PageRequest) -> JsonResponse:
    """Tell a program who it is and what it may do: the first thing to ask with a new token."""
    actor = request.actor
    return JsonResponse({"kind": str(actor.kind), "name": actor.name, "permissions": sorted(actor.grants)})
