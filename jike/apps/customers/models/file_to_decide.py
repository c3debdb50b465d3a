"""`FileToDecide`: a file around an erased person that names them, or cannot be read; somebody looks at it and decides.

A file is not blotted as a text is: an offer for a whole company is not thrown away because one page names somebody.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import labels
from jike.apps.customers.models.entering import plain_text
from jike.apps.customers.models.key_person import KeyPerson
from jike.apps.organisation.models import Person
from jike.foundation.models import Record
from jike.foundation.models.record import Derived
from jike.foundation.models.shapes import choices, line, text


class FileToDecide(Record):
    """One file; the row never says what names the person. The rights are those of the person's requests."""

    SCOPE = {"own": "key_person__customer__owner_id", "unit": "key_person__customer__unit_id"}
    ACTIONS: ClassVar[Mapping[str, Any]] = {}
    VERBS = {"decide": _("Decided")}
    DERIVED = {"reason": Derived("reason", plain_text)}

    key_person = models.ForeignKey(
        KeyPerson, models.PROTECT, verbose_name=_("key person"), related_name="files_to_decide"
    )
    attachment = models.UUIDField(_("file"))
    file_name = line(_("file name"), 200)
    found = models.CharField(_("what was found"), max_length=6, choices=choices(labels.FILES_FOUND))
    decision = models.CharField(
        _("decision"), max_length=6, choices=choices(labels.FILE_DECISIONS), blank=True, editable=False
    )
    reason = text(_("reason"), 500)
    decided_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("decided by"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("file to decide upon")
        verbose_name_plural = _("files to decide upon")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("key_person", "attachment"),
                name="file_to_decide_once",
                violation_error_message=_("This file is listed already."),
            ),
        )

    def __str__(self) -> str:
        return self.file_name
