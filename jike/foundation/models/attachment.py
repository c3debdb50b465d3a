"""`Attachment`: a file on any record; the bytes lie outside the database, named by their SHA-256."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jike.foundation.models.record import Record


class Attachment(Record):
    """One uploaded file; who may see the record may read it, who may change the record may add and remove it."""

    ACTIONS: ClassVar[Mapping[str, Any]] = {}  # the rights are those of the record it belongs to

    about_kind = models.CharField(_("kind"), max_length=64)
    about_uid = models.UUIDField(_("row"))
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("content type"), max_length=100)
    size_bytes = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.UUIDField(_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now())

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = (
            models.Index(fields=("about_uid", "id"), name="attachment_about"),
            models.Index(fields=("sha256",), name="attachment_content"),
        )
