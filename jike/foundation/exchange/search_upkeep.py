"""The jobs beside imports and edits in mass: what they left waiting in the search index is moved and put in order."""

from django.utils.translation import gettext_lazy

from jike.foundation.jobs import job
from jike.foundation.search.keeping import move_waiting
from jike.foundation.search.settling import settle_entries

__all__ = ["settle_search"]


@job("foundation.settle_search", label=gettext_lazy("Put new search entries in order"), cron="* * * * *")
def settle_search() -> None:
    """Move the entries whose records changed hands by the thousand, and put those of the last minute in order."""
    move_waiting()
    settle_entries()
