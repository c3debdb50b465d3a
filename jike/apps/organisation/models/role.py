"""`Role` and its `Grant`s: the matrix role × permission × breadth."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS
from jike.foundation.scope.permissions import BREADTH_LABELS
from jike.values.rights import Domain

DOMAIN_LABELS = {
    Domain.BUSINESS: _("Business"),
    Domain.SYSTEM: _("System administration"),
    Domain.SECURITY: _("Security administration"),
    Domain.AUDIT: _("Audit administration"),
}


class Role(Record):
    """What a post allows; administrative roles keep to one administrative domain."""

    DOMAIN = Domain.SECURITY
    DOMAINS = {"view": Domain.BUSINESS}
    ACTIONS = {**STANDARD_ACTIONS, "grant": _("Set its rights")}
    HOME = "headquarters"

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)
    domain = models.CharField(
        _("domain"), max_length=8, choices=list(DOMAIN_LABELS.items()), default=Domain.BUSINESS
    )
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    is_ready_made = models.BooleanField(_("ready-made"), default=False)
    place = models.PositiveSmallIntegerField(_("place in lists"), default=100)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("place", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=models.Q(removed_at=None),
                name="role_code_once",
                violation_error_message=_("Another role has this code."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name


class Grant(Record):
    """One cell of the matrix: the role holds the permission at this breadth; the role's rights count for it."""

    DOMAIN = Domain.SECURITY
    ACTIONS = {}
    HOME = "headquarters"

    role = models.ForeignKey(Role, models.PROTECT, verbose_name=_("role"), related_name="grants")
    permission = models.CharField(_("right"), max_length=120)
    breadth = models.CharField(_("breadth"), max_length=5, choices=list(BREADTH_LABELS.items()))

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = (
            models.UniqueConstraint(
                fields=("role", "permission"), condition=models.Q(removed_at=None), name="grant_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.permission} ({self.breadth})"
