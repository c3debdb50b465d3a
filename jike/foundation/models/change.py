"""The change stream: what changed, its values beside it, and the seals that make altering it visible.

`Change` and `Seal` are append-only: triggers refuse UPDATE, DELETE and TRUNCATE, and the application's role may only
INSERT and SELECT. `ChangeValues` holds what `Change` keeps digests of, so that a person's data can be erased while the
chain of seals still verifies. How a row becomes bytes is said once, in SQL
(`foundation_change_digest`, migration 0002).
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jike.foundation.models.fields import CurrentTransactionId, TransactionIdField


class Change(models.Model):
    """One act upon one row (or one batch of ledger rows) by one actor."""

    id = models.BigAutoField(primary_key=True)
    era = models.SmallIntegerField(db_default=1)
    """Counts restores: transaction ids start again in a restored database, eras do not."""
    xid = TransactionIdField(db_default=CurrentTransactionId())
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    request = models.UUIDField(_("request"), null=True)
    actor_kind = models.CharField(_("actor kind"), max_length=8)
    actor = models.UUIDField(_("actor"), null=True)
    actor_name = models.CharField(_("actor name"), max_length=120)
    on_behalf = models.UUIDField(_("seen as"), null=True)
    kind = models.CharField(_("kind"), max_length=64)
    uid = models.UUIDField(_("row"))
    version = models.IntegerField(_("version"))
    verb = models.CharField(_("verb"), max_length=40)
    fields = ArrayField(models.CharField(max_length=80), verbose_name=_("fields"))
    digests = models.BinaryField()
    """SHA-256 of each payload in `ChangeValues`, 32 bytes each, in the order of ``fields``."""

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("era", "xid", "id")
        indexes = (
            models.Index(fields=("era", "xid", "id"), name="change_stream"),
            models.Index(fields=("uid", "id"), name="change_row"),
            models.Index(fields=("actor", "id"), name="change_actor"),
            BrinIndex(fields=("recorded_at",), name="change_time", autosummarize=True),
        )


class ChangeValues(models.Model):
    """The values of one change: per field a JSON text ``[salt, old, new]``, or NULL once forgotten."""

    change = models.OneToOneField(
        Change, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="values_row"
    )
    payloads = ArrayField(models.TextField(null=True))

    class Meta:
        verbose_name = _("values of a change")
        verbose_name_plural = _("values of changes")


class Seal(models.Model):
    """One block of the chain: the digest of every row in it, and the hash that ties it to the block before."""

    id = models.BigAutoField(primary_key=True)
    era = models.SmallIntegerField()
    xid = TransactionIdField()
    change = models.BigIntegerField()
    """With era and xid the place of the block's last row in the stream."""
    rows = models.IntegerField()
    entries = models.BinaryField()
    """Per row 8 bytes of its id and 32 of its digest, in stream order."""
    previous = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField(_("sealed"))

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = (models.UniqueConstraint(fields=("previous",), name="seal_one_successor"),)


class StreamEra(models.Model):
    """The stream's current era, one row; a restore begins the next one."""

    number = models.SmallIntegerField(primary_key=True)
    begun_at = models.DateTimeField(_("begun"), db_default=Now())

    class Meta:
        verbose_name = _("era of the stream")
        verbose_name_plural = _("eras of the stream")
