"""`MemberCheck`: a search for false members among those that stand; and `MemberFinding`, one suspicion."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import member_labels as labels
from jike.apps.customers.models.customer import Customer
from jike.foundation.models.shapes import choices
from jike.values.identifiers import uid7

__all__ = ["MemberCheck", "MemberFinding"]


class MemberCheck(models.Model):
    """One run over the members of one customer, or of all that the person may change."""

    uid = models.UUIDField(default=uid7, unique=True, editable=False)
    person = models.UUIDField()
    customer = models.ForeignKey(
        Customer, models.DO_NOTHING, related_name="+", null=True, db_constraint=False, db_index=False
    )
    members = models.PositiveBigIntegerField(_("members looked at"), default=0)
    counts = models.JSONField(default=dict)
    """Reason → how many were found."""
    task = models.UUIDField(null=True)
    day = models.DateField(_("on"))
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("check of members")
        verbose_name_plural = _("checks of members")
        indexes = (models.Index(fields=("person", "-id"), name="member_check_person"),)


class MemberFinding(models.Model):
    """A member that may be false, for one reason, and what was decided of it.

    What was decided to belong is not found again for the same reason, as long as the membership lasts.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(
        MemberCheck, models.CASCADE, related_name="findings", db_constraint=False, db_index=False
    )
    reason = models.CharField(_("reason"), max_length=8, choices=choices(labels.SUSPICIONS))
    number = models.CharField(_("number"), max_length=20, db_collation="C")
    batch = models.UUIDField()
    """With the number it names the membership."""
    customer = models.ForeignKey(
        Customer, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    told = models.CharField(_("details"), max_length=120, blank=True)
    """The other number, the other customer's code or the operator, with days where they matter."""
    decision = models.CharField(max_length=5, choices=choices(labels.DECISIONS), blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("suspicion about a member")
        verbose_name_plural = _("suspicions about members")
        indexes = (
            models.Index(fields=("run", "reason", "id"), name="member_finding_of_run"),
            models.Index(
                fields=("number", "reason"),
                name="member_finding_kept",
                condition=models.Q(decision="keep"),
            ),
        )
