"""`MemberSnapshot` (拍照): the members as they stood on a day; and what became of them, counted.

A snapshot of ten million members is a million rows, one for each customer with its numbers in an array: a fraction of
the room and time that a row for each member would take, and whoever asks what became of them reads it as a whole.
All of it is written once and never edited; a count is deleted and written anew.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models.customer import Customer
from jike.apps.organisation.models import Person, Unit
from jike.values.identifiers import uid7

__all__ = ["MemberFate", "MemberRetention", "MemberSnapshot", "MemberSnapshotLine"]


def _count(label: Any) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(label)


def _customer() -> models.ForeignKey:
    return models.ForeignKey(
        Customer, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )


class MemberSnapshot(models.Model):
    """One day's members."""

    uid = models.UUIDField(default=uid7, unique=True, editable=False)
    taken_on = models.DateField(_("taken on"), unique=True)
    person = models.UUIDField(null=True)
    """Who ordered it; None when it was taken by itself."""
    members = models.PositiveBigIntegerField(_("members"), default=0)
    customers = models.PositiveIntegerField(_("customers"), default=0)
    counted_on = models.DateField(_("counted on"), null=True)
    """Until when it is known what became of them."""
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("snapshot of members")
        verbose_name_plural = _("snapshots of members")

    def __str__(self) -> str:
        return str(self.taken_on)


class MemberSnapshotLine(models.Model):
    """The numbers of one customer on that day, in sixteen parts by a hash of the customer."""

    pk = models.CompositePrimaryKey("snapshot_id", "customer_id")
    snapshot = models.ForeignKey(
        MemberSnapshot, models.DO_NOTHING, related_name="lines", db_constraint=False, db_index=False
    )
    customer = _customer()
    numbers = ArrayField(models.CharField(max_length=20, db_collation="C"))

    class Meta:
        verbose_name = _("line of a snapshot of members")
        verbose_name_plural = _("lines of snapshots of members")


class Counted(models.Model):
    """How many members were in the snapshot, and what became of them; ``bundled`` of those bound beyond the month."""

    frozen = _count(_("in the snapshot"))
    retained = _count(_("retained"))
    rejoined = _count(_("left and came back"))
    moved = _count(_("moved to another customer"))
    gone = _count(_("left"))
    bundled = _count(_("bound by a bundle"))

    class Meta:
        abstract = True


class MemberFate(Counted):
    """What became of one customer's members by the last count, in sixteen parts as the lines."""

    pk = models.CompositePrimaryKey("snapshot_id", "customer_id")
    snapshot = models.ForeignKey(
        MemberSnapshot, models.DO_NOTHING, related_name="fates", db_constraint=False, db_index=False
    )
    customer = _customer()

    class Meta:
        verbose_name = _("fate of a customer's members")
        verbose_name_plural = _("fates of customers' members")
        indexes = (models.Index(fields=("snapshot", "-gone", "customer"), name="member_fate_by_gone"),)


class MemberRetention(Counted):
    """The sums of one unit and account manager, as they stood when a month was counted: what boards read."""

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(
        MemberSnapshot, models.DO_NOTHING, related_name="retentions", db_constraint=False, db_index=False
    )
    month = models.DateField(_("month"))
    """Its first day; the last count of a month stands for it."""
    unit = models.ForeignKey(Unit, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    owner = models.ForeignKey(
        Person, models.DO_NOTHING, related_name="+", null=True, db_constraint=False, db_index=False
    )
    customers = _count(_("customers"))

    class Meta:
        verbose_name = _("retention of members")
        verbose_name_plural = _("retentions of members")
        indexes = (models.Index(fields=("snapshot", "month", "unit"), name="member_retention_of_month"),)
