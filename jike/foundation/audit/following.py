"""What others did lately to the records that somebody follows or keeps as favourites."""

from uuid import UUID

from jike.foundation.models import Bookmark, Change, Follow

__all__ = ["changes_around"]

MOST_RECORDS = 200


def changes_around(person: UUID, *, limit: int) -> list[Change]:
    """Return the latest changes by others to what ``person`` follows or has starred, newest first.

    Which of these records the reader may still see is for the caller to ask.
    """
    followed = Follow.objects.filter(person=person).order_by("-pk").values_list("about_uid", flat=True)
    starred = Bookmark.objects.filter(person=person, favourite=True).values_list("about_uid", flat=True)
    records = {*followed[:MOST_RECORDS], *starred[:MOST_RECORDS]}
    if not records:
        return []
    return list(Change.objects.filter(uid__in=records).exclude(actor=person).order_by("-id")[:limit])
