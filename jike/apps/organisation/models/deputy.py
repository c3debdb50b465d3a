"""`Deputy`: one person stands in for another for a time (AB角)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models.person import Person
from jike.foundation.models import Record


class Deputy(Record):
    """``deputy`` sees and does what is ``person``'s own from ``since`` until before ``until``; it does not chain."""

    VERBS = {"end": _("End")}
    SCOPE = {"own": "person_id", "unit": "person__unit_id"}

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="deputies")
    deputy = models.ForeignKey(Person, models.PROTECT, verbose_name=_("deputy"), related_name="principals")
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ("since", "id")
        indexes = (models.Index(fields=("deputy", "until"), name="deputy_now"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")),
                name="deputy_ends_after_it_begins",
                violation_error_message=_("The time must end after it begins."),
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("deputy")),
                name="deputy_is_another",
                violation_error_message=_("Nobody can be their own deputy."),
            ),
        )
