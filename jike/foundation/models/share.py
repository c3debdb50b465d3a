"""`Share`: a collaborator named on one row sees what its owner sees."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.foundation.models.record import Record


class Share(Record):
    """Person ``person`` collaborates on the row (``about_kind``, ``about_uid``)."""

    ACTIONS: ClassVar[Mapping[str, Any]] = {}  # the rights are those of the record it belongs to

    about_kind = models.CharField(_("kind"), max_length=64)
    about_uid = models.UUIDField(_("row"))
    person = models.UUIDField(_("person"))
    may_change = models.BooleanField(_("may change"), default=False)

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "about_kind", "about_uid"),
                name="share_once",
                violation_error_message=_("This person already collaborates here."),
            ),
        )
        indexes = (models.Index(fields=("about_uid",), name="share_about"),)
