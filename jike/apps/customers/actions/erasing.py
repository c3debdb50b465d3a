"""Erasing a person around whom many files lie: a job reads these first, with progress, and then erases.

Reading comes before the erasure, so that the job's arguments need not hold by what the person is named: until
everything is read the person is still known.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.actions.privacy import settle_request
from jike.apps.customers.models import KeyPerson, PersonRequest
from jike.apps.customers.queries.files_around import Judged, count_files, doubtful_files
from jike.apps.customers.queries.privacy import around_uids, words_of
from jike.apps.customers.rules import Asked, RequestState
from jike.apps.customers.rules.requests import FILES_READ
from jike.foundation import background
from jike.foundation.background import Attempt
from jike.foundation.directory import actor_of
from jike.foundation.errors import Invalid, Refused
from jike.foundation.jobs import Progress, job
from jike.foundation.models import BackgroundTask
from jike.foundation.scope import Actor, fetch, require

__all__ = ["answer_request", "erase_person"]


@transaction.atomic
def answer_request(request: PersonRequest, *, actor: Actor, outcome: str) -> BackgroundTask | None:
    """Settle the request at once, or begin the task that reads many files, erases the person and settles it then."""
    person = request.key_person
    waits = request.asked == Asked.DELETION and request.state == RequestState.OPEN and _many(person)
    if not waits:
        settle_request(request, actor=actor, outcome=outcome)
        return None
    require(actor, "settle", request)
    require(actor, "forget", person)
    if not outcome.strip():
        raise Invalid({"outcome": [_("Say what was done.")]})
    order = {"request": str(request.uid), "outcome": outcome}
    return background.begin(
        erase_person, title=_("Erase what is known of a person"), order=order, actor=actor
    )


@job("customers.erase_person", label=gettext_lazy("Erase a person with many files"))
def erase_person(task: str, *, progress: Progress) -> None:
    """Read the files around the person, erase what is known of them, and settle the request."""
    background.carry_out(task, _erase, progress=progress)


def _erase(attempt: Attempt) -> None:
    actor = actor_of(attempt.task.person)
    if actor is None:
        raise Refused(_("Whoever began this task may no longer sign in."))
    request = fetch(
        PersonRequest, attempt.task.order["request"], actor, action="settle", related=("key_person",)
    )
    judged = _read(request.key_person, attempt)
    with transaction.atomic():
        settle_request(request, actor=actor, outcome=attempt.task.order["outcome"], judged=judged)
        attempt.finish(_("What was known of the person is erased."))


def _read(person: KeyPerson, attempt: Attempt) -> Judged:
    """Judge the files before anything is locked; whatever is attached meanwhile is read by the erasure itself."""
    judged: Judged = {}
    for _found in doubtful_files(around_uids(person), words_of(person), judged=judged, told=attempt):
        pass
    return judged


def _many(person: KeyPerson) -> bool:
    return person.forgotten_at is None and count_files(around_uids(person)) > FILES_READ
