"""What becomes of a file that names an erased person, or that cannot be read: kept with a reason, or erased."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import FileToDecide, PersonRequest
from jike.apps.customers.rules import FileDecision
from jike.apps.organisation.queries import person_of
from jike.foundation.audit import Under, changing, erasing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.files.sweeping import sweep_contents
from jike.foundation.models import Attachment
from jike.foundation.scope import Actor

__all__ = ["decide_file"]


@transaction.atomic
def decide_file(
    row: FileToDecide, *, actor: Actor, request: PersonRequest, decision: str, reason: str = ""
) -> FileToDecide:
    """Keep the file for a reason that the law gives, or erase it with its bytes; by right of the person's request."""
    if decision not in set(FileDecision) or request.key_person_id != row.key_person_id:
        raise Invalid({"decision": [_("Choose one of those offered.")]})
    if decision == FileDecision.KEPT and not reason.strip():
        raise Invalid({"reason": [_("Say why; the person is entitled to the reason.")]})
    under = Under(request, "settle")
    with changing(row, actor=actor, verb="decide", under=under):
        if row.decision:
            raise RuleBroken(_("This was decided before."))
        row.decision, row.reason = decision, reason
        row.decided_by, row.decided_at = person_of(actor), timezone.now()
    if decision == FileDecision.ERASED:
        files = list(Attachment.objects.filter(uid=row.attachment))
        erasing(files, actor=actor, under=under)
        transaction.on_commit(partial(sweep_contents, [one.sha256 for one in files]))
    return row
