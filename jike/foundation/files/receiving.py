"""How uploads enter: stopped at the limit while they arrive, and a full disk becomes a sentence instead of a trace.

Django reads a form before any view runs, where an error would have no page. So `LimitedUpload` notes the refusal on the
request, and the view that asks for its file raises it.
"""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from jike.foundation.errors import Invalid, JikeError
from jike.foundation.files.storing import disk_failure, too_large

__all__ = ["LimitedUpload", "received_file"]

PATIENCE = 4
"""Up to so many times the limit we read on and say why; beyond that the connection is cut."""
FORM_BYTES = 64 * 1024
REFUSAL = "upload_refusal"


class LimitedUpload(TemporaryFileUploadHandler):
    """Writes uploads to temporary files, as Django's own does, up to the limit."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._expected = 0
        self._received = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 — Django's name for it
        content_length: int,
        *rest: Any,
        **options: Any,
    ) -> None:
        """Learn how much will come."""
        self._expected = content_length

    def new_file(self, *described: Any, **options: Any) -> None:
        """Refuse at once what is announced as too large."""
        if self._expected > settings.ATTACHMENT_BYTES_MAX + FORM_BYTES:
            self._refuse(too_large())
        try:
            super().new_file(*described, **options)
        except OSError as error:
            self._refuse(disk_failure(error))
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write on, up to the limit."""
        self._received += len(raw_data)
        if self._received > settings.ATTACHMENT_BYTES_MAX:
            self._refuse(too_large())
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._refuse(disk_failure(error))

    def _refuse(self, why: JikeError) -> None:
        setattr(self.request, REFUSAL, why)
        raise StopUpload(connection_reset=self._expected > settings.ATTACHMENT_BYTES_MAX * PATIENCE)


def received_file(request: HttpRequest, name: str = "file") -> UploadedFile:
    """Return the file that came with the form, or raise why there is none."""
    found = request.FILES.get(name)
    refusal = getattr(request, REFUSAL, None)
    if refusal is not None:
        raise refusal
    if not isinstance(found, UploadedFile):
        raise Invalid({name: [_("Choose a file.")]})
    return found
