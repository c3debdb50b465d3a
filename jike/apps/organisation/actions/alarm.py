"""Who is told when the history of changes was found altered: those who may read it."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.queries.roles import holders_of_permission
from jike.foundation.jobs import job
from jike.foundation.notify import notify
from jike.foundation.vigil import ALTERED

__all__ = ["tell_auditors"]


@job("organisation.tell_auditors", label=_("Tell audit administrators what a verification found"))
def tell_auditors(*, finding: str, mark: str) -> None:
    """Tell everybody whose posts open the history; each once of the same finding."""
    readers = holders_of_permission("foundation.change:view", today=timezone.localdate())
    notify(readers, ALTERED.name, finding, once=mark)
