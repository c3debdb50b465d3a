"""The page of the history of changes, for audit administrators, and the history of one record for everybody else."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.foundation.audit import history_of, sealing_lag_seconds
from jike.foundation.audit.gate import may_write
from jike.foundation.audit.searching import Found, Wanted, kinds_and_verbs, search_changes
from jike.foundation.audit.verdicts import last_verdict
from jike.foundation.directory import address_of, people, people_called
from jike.foundation.jobs import defer, job_label
from jike.foundation.jobs.watching import JobRow, State, jobs_in
from jike.foundation.models import RecordKey
from jike.foundation.pages.entry import PageRequest, before_of, page, record_at
from jike.foundation.pages.recorded_values import in_words, kind_label, model_or_none
from jike.foundation.scope import Permission, declare_permission
from jike.foundation.vigil import verify_history
from jike.values.rights import Domain

__all__ = ["VIEW_CHANGES", "audit_log", "record_history", "verb_label", "verify_now"]

VIEW_CHANGES = declare_permission(
    Permission("foundation.change:view", _("History of changes"), _("View"), Domain.AUDIT)
).name
PAGE_ROWS = 50
DEFAULT_DAYS = 30
DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class Filter(forms.Form):
    """What to search the history for; everything may be left out but the days, which keep the search short."""

    person = forms.CharField(label=_("Person"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    verb = forms.ChoiceField(label=_("Act"), required=False)
    record = forms.UUIDField(label=_("Record"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=DAY)
    until = forms.DateField(label=_("To"), required=False, widget=DAY)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        kinds, verbs = kinds_and_verbs()
        self._offer("kind", [("", _("Every kind")), *((kind, kind_label(kind)) for kind in kinds)])
        self._offer("verb", [("", _("Every act")), *((verb, _any_label(kinds, verb)) for verb in verbs)])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        chosen = self.fields[name]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = choices

    def wanted(self) -> Wanted | None:
        """Return the search, or None when the named person does not exist (then nothing can be found)."""
        given = self.cleaned_data if self.is_valid() else {}
        called = people_called(given["person"], limit=1) if given.get("person") else ()
        if given.get("person") and not called:
            return None
        since = given.get("since") or timezone.localdate() - dt.timedelta(days=DEFAULT_DAYS)
        until = given.get("until")
        return Wanted(
            actor=called[0].uid if called else None,
            kind=given.get("kind", ""),
            verb=given.get("verb", ""),
            record=given.get("record"),
            since=_midnight(since),
            until=_midnight(until + dt.timedelta(days=1)) if until else None,
        )


@page("GET", permission=VIEW_CHANGES)
def audit_log(request: PageRequest) -> HttpResponse:
    """Show the changes that fit the filter, newest first, and whether the history is sound."""
    form = Filter(request.GET)
    wanted = form.wanted()
    found = (
        search_changes(wanted, request.actor, before=before_of(request), limit=PAGE_ROWS + 1)
        if wanted
        else []
    )
    shown, more = found[:PAGE_ROWS], len(found) > PAGE_ROWS
    names = people([one.change.actor for one in shown if one.change.actor])
    values = in_words([(one.change.kind, one.values) for one in shown], request.actor)
    following = {**request.GET.dict(), "before": shown[-1].change.pk} if more else {}
    context = {
        "form": form,
        "rows": [_row(one, names, told) for one, told in zip(shown, values, strict=True)],
        "next_url": f"?{urlencode(following)}" if more else "",
        "lag_seconds": round(sealing_lag_seconds(), 1),
        "verdict": last_verdict(),
        "verifying": _verifying(),
    }
    fragment = request.htmx and "before" in request.GET
    return render(request, "foundation/_changes.html" if fragment else "foundation/audit.html", context)


@page("POST", permission=VIEW_CHANGES)
def verify_now(request: PageRequest) -> HttpResponse:
    """Start a verification of the whole history, unless one is on its way; the page shows its progress."""
    may_write(request.actor)
    if not _verifying():
        defer(verify_history, key="foundation.verify_history")
    return redirect("foundation:audit")


@page("GET")
def record_history(request: PageRequest, kind: str, uid: UUID) -> HttpResponse:
    """Show the history of one record as a fragment, values as this person may read them."""
    record = record_at(request, kind, uid)
    entries = history_of(record, request.actor, limit=PAGE_ROWS + 1, before=before_of(request))
    shown = entries[:PAGE_ROWS]
    values = in_words([(kind, entry.values) for entry in shown], request.actor)
    context = {
        "record": record,
        "entries": [
            (entry, verb_label(kind, entry.verb), told) for entry, told in zip(shown, values, strict=True)
        ],
        "next_before": shown[-1].id if len(entries) > PAGE_ROWS else None,
    }
    return render(request, "foundation/_history.html", context)


def _verifying() -> list[JobRow]:
    jobs = [*jobs_in(State.RUNNING), *jobs_in(State.WAITING)]
    return [job for job in jobs if job.name == "foundation.verify_history"]


def _row(found: Found, names: Any, values: Any) -> dict[str, Any]:
    change, row = found.change, found.row
    known = names.get(change.actor)
    return {
        "change": change,
        "who": job_label(change.actor_name) or (known.name if known else ""),
        "unit": known.unit if known else "",
        "kind": kind_label(change.kind),
        "verb": verb_label(change.kind, change.verb),
        "record": str(row) if row else "",
        "address": address_of(RecordKey(change.kind, change.uid)) if row else "",
        "values": values,
    }


def verb_label(kind: str, verb: str) -> str:
    """Return what people call the act: the model's own word for it, else the word for what every record knows."""
    model = model_or_none(kind)
    own = {**getattr(model, "ACTIONS", {}), **getattr(model, "VERBS", {})}
    return str(own.get(verb) or VERBS.get(verb) or verb)


def _any_label(kinds: list[str], verb: str) -> str:
    """Return the first word that any of the kinds has for the act."""
    return next((said for kind in kinds if (said := verb_label(kind, verb)) != verb), verb)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


VERBS = {
    "add": _("Add"),
    "attach": _("Attach a file"),
    "cancel": _("Cancel"),
    "change": _("Change"),
    "comment": _("Comment"),
    "edit_comment": _("Change the comment"),
    "download": _("Download"),
    "expire": _("File expired"),
    "refuse": _("Refuse"),
    "release": _("Release"),
    "export": _("Export"),
    "forget": _("Forget"),
    "load": _("Load"),
    "refresh": _("Worked out anew"),
    "remove": _("Remove"),
    "remove_comment": _("Remove the comment"),
    "restore": _("Restore"),
    "retry": _("Run again"),
    "share": _("Share"),
    "unshare": _("End sharing"),
    "verify": _("Verify"),
}
