"""`Token`: a program signs in with it; only its digest is stored."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models.person import Person
from jike.foundation.models import Record
from jike.values.rights import Domain


class Token(Record):
    """Acts within ``scopes`` and never beyond what ``person``, who answers for it, may do."""

    SCOPE = {"own": "person_id", "unit": "person__unit_id"}
    ACTIONS = {
        "view": _("View"),
        "add": _("Issue for oneself"),
        "remove": _("Take back one's own"),
        "revoke": _("Revoke"),
    }
    VERBS = {"use": _("Used")}
    DOMAINS = {"revoke": Domain.SECURITY}
    UNRECORDED = frozenset({"digest"})

    name = models.CharField(_("name"), max_length=80)
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("answers for it"), related_name="tokens"
    )
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=120), verbose_name=_("scopes"))
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("integration token")
        verbose_name_plural = _("integration tokens")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name
