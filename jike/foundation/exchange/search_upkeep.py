"""The job beside imports and edits in mass: what they left waiting in the search index is put in order every minute."""

from django.utils.translation import gettext_lazy

from jike.foundation.jobs import job
from jike.foundation.search.settling import settle_entries

__all__ = ["settle_search"]


@job("foundation.settle_search", label=gettext_lazy("Put new search entries in order"), cron="* * * * *")
def settle_search() -> None:
    """Put the entries of the last minute in order."""
    settle_entries()
