"""The nightly sweep: files that no row refers to, left by uploads that did not commit, are removed."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jike.foundation.files.storing import holding, incoming_folder, path_of
from jike.foundation.jobs import job
from jike.foundation.models import Attachment

__all__ = ["sweep_contents", "sweep_files"]

UNFINISHED_SECONDS = 24 * 3600
AT_ONCE = 500


@job("foundation.sweep_files", label=_("Remove files that nothing refers to"), cron="20 3 * * *")
def sweep_files() -> None:
    """Remove unreferred contents and day-old unfinished files; files in the recycle bin keep their bytes."""
    for folder in sorted(Path(settings.ATTACHMENTS_FOLDER).glob("[0-9a-f][0-9a-f]")):
        for digests in _batches(folder):
            known = set(Attachment.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
            for digest in set(digests) - known:
                _sweep(folder / digest)
    before = time.time() - UNFINISHED_SECONDS
    left_over = [*incoming_folder().iterdir(), *Path(settings.ATTACHMENTS_FOLDER).glob("*.upload*")]
    for path in left_over:
        if path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def sweep_contents(digests: Iterable[str]) -> None:
    """Remove these contents at once, as far as no row refers to them any more."""
    for digest in digests:
        _sweep(path_of(digest))


def _sweep(path: Path) -> None:
    with transaction.atomic():
        holding(path.name, sweeping=True)
        if not Attachment.objects.filter(sha256=path.name).exists():
            path.unlink(missing_ok=True)


def _batches(folder: Path) -> Iterator[list[str]]:
    names = sorted(path.name for path in folder.iterdir())
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]
