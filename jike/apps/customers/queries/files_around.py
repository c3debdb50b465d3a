"""Files on the records around a person: those that name the person, and those that only somebody's eyes can read."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from jike.apps.customers.models import FileToDecide, PersonRequest
from jike.apps.customers.rules import FileFound
from jike.apps.customers.rules.requests import FILES_READ
from jike.foundation.models import Attachment
from jike.foundation.privacy.reading import words_in
from jike.values.blotting import Words

__all__ = ["Doubtful", "doubtful_files", "files_to_decide"]


class Doubtful(NamedTuple):
    """A file at which a person has to look, and why."""

    file: Attachment
    found: FileFound


def doubtful_files(uids: Collection[UUID], words: Words) -> Iterator[Doubtful]:
    """Return the files on the records ``uids``, in the recycle bin too, whose words name the person or cannot be read.

    The latest `FILES_READ` are read; of those before nobody can tell.
    """
    read: dict[str, str | None] = {}
    for place, file in enumerate(
        Attachment.objects.filter(about_uid__in=list(uids)).order_by("-pk").iterator()
    ):
        if file.sha256 not in read:
            read[file.sha256] = words_in(file) if place < FILES_READ else None
        inside = read[file.sha256]
        if words.name(file.name) or (inside is not None and words.name(inside)):
            yield Doubtful(file, FileFound.NAMES)
        elif inside is None:
            yield Doubtful(file, FileFound.UNREAD)


def files_to_decide(request: PersonRequest) -> Mapping[FileToDecide, Attachment | None]:
    """Return the files that wait for a decision since the person was erased, with what is left of each."""
    waiting = FileToDecide.objects.filter(key_person=request.key_person_id, decision="", removed_at=None)
    rows = list(waiting.order_by("-found", "pk"))
    files = {one.uid: one for one in Attachment.objects.filter(uid__in=[row.attachment for row in rows])}
    return {row: files.get(row.attachment) for row in rows}
