"""Files on the records around a person: those that name the person, and those that only somebody's eyes can read."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from jike.apps.customers.models import FileToDecide, PersonRequest
from jike.apps.customers.rules import FileFound
from jike.foundation.models import Attachment
from jike.foundation.privacy.reading import words_in
from jike.values.blotting import Words

__all__ = ["Doubtful", "Judged", "count_files", "doubtful_files", "files_to_decide"]

Judged = dict[str, FileFound | None]
"""What was found in a file's content, by its digest; None where it does not concern the person."""


class Doubtful(NamedTuple):
    """A file at which a person has to look, and why."""

    file: Attachment
    found: FileFound


def count_files(uids: Collection[UUID]) -> int:
    """Return how many files lie on the records ``uids``, in the recycle bin too."""
    return Attachment.objects.filter(about_uid__in=list(uids)).count()


def doubtful_files(
    uids: Collection[UUID],
    words: Words,
    *,
    judged: Judged | None = None,
    most: int | None = None,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Doubtful]:
    """Return the files on the records ``uids``, in the recycle bin too, whose words name the person or cannot be read.

    Parameters
    ----------
    judged
        What is known of contents already; those read now are added.
    most
        How many files, the latest first, are read; of the rest only the names are looked at.
    told
        Called after each file with how many of how many are done.
    """
    known: Judged = {} if judged is None else judged
    files = Attachment.objects.filter(about_uid__in=list(uids)).order_by("-pk")
    total = files.count()
    for place, file in enumerate(files.iterator()):
        if file.sha256 not in known and (most is None or place < most):
            known[file.sha256] = _judged(file, words)
        found = FileFound.NAMES if words.name(file.name) else known.get(file.sha256, FileFound.UNREAD)
        told(place + 1, total)
        if found is not None:
            yield Doubtful(file, found)


def _judged(file: Attachment, words: Words) -> FileFound | None:
    inside = words_in(file)
    if inside is None:
        return FileFound.UNREAD
    return FileFound.NAMES if words.name(inside) else None


def files_to_decide(request: PersonRequest) -> Mapping[FileToDecide, Attachment | None]:
    """Return the files that wait for a decision since the person was erased, with what is left of each."""
    waiting = FileToDecide.objects.filter(key_person=request.key_person_id, decision="", removed_at=None)
    rows = list(waiting.order_by("-found", "pk"))
    files = {one.uid: one for one in Attachment.objects.filter(uid__in=[row.attachment for row in rows])}
    return {row: files.get(row.attachment) for row in rows}
