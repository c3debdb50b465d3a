"""Comments on any record and who follows it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jike.foundation.models.record import Record


class Comment(Record):
    """What somebody said about a record; ``mentions`` are people's uids."""

    ACTIONS: ClassVar[Mapping[str, Any]] = {}  # the rights are those of the record it belongs to

    about_kind = models.CharField(_("kind"), max_length=64)
    about_uid = models.UUIDField(_("row"))
    author = models.UUIDField(_("author"))
    body = models.TextField(_("comment"), max_length=4000)
    mentions = ArrayField(models.UUIDField(), verbose_name=_("mentions"), default=list, blank=True)
    said_at = models.DateTimeField(_("said"), db_default=Now())

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = (models.Index(fields=("about_uid", "id"), name="comment_about"),)


class Follow(models.Model):
    """``person`` wants to hear of changes to the record; a preference, not a business row."""

    about_kind = models.CharField(max_length=64)
    about_uid = models.UUIDField()
    person = models.UUIDField()

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = (models.UniqueConstraint(fields=("about_uid", "person"), name="follow_once"),)
        indexes = (models.Index(fields=("person",), name="follow_person"),)
