"""Doubles: the keys by which records meet, the pairs that a sweep found, and what was merged or split.

Framework tables: the gates write the keys beside the record, sweeps write the pairs; what people decide about a pair
is noted in the history of both records.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jike.values.identifiers import uid7


class MatchKey(models.Model):
    """One key of one record: its kind's mark in the upper bits, 48 bits of the key's hash in the lower ones.

    The table is read by key, and by record only to replace a record's keys; both lie in an index alone.
    """

    pk = models.CompositePrimaryKey("key", "record")
    key = models.BigIntegerField()
    record = models.BigIntegerField()

    class Meta:
        verbose_name = _("match key")
        verbose_name_plural = _("match keys")
        indexes = (models.Index(fields=("record",), name="match_record"),)


class DuplicatePair(models.Model):
    """Two records of one kind that may mean the same, the older one first."""

    class State(models.TextChoices):
        """What people said of it."""

        OPEN = "open", _("to be decided")
        LATER = "later", _("put off")
        APART = "apart", _("not the same")
        MERGED = "merged", _("merged")

    uid = models.UUIDField(default=uid7, unique=True, editable=False)
    kind = models.CharField(max_length=64)
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    score = models.PositiveSmallIntegerField(_("score"))
    """Percent."""
    reasons = ArrayField(models.CharField(max_length=16), default=list)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    sweep = models.UUIDField(null=True)
    """The last sweep that met it."""
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(_("found"), db_default=Now())

    class Meta:
        verbose_name = _("possible double")
        verbose_name_plural = _("possible doubles")
        constraints = (models.UniqueConstraint(fields=("kind", "first", "second"), name="pair_once"),)
        indexes = (
            models.Index(fields=("kind", "state", "-score", "-id"), name="pair_queue"),
            models.Index(fields=("kind", "second"), name="pair_second"),
        )


class DuplicateSweep(models.Model):
    """One walk over all records of a kind; ``reached`` is the last record done, from which it goes on."""

    uid = models.UUIDField(default=uid7, unique=True, editable=False)
    kind = models.CharField(max_length=64)
    reached = models.BigIntegerField(default=0)
    compared = models.BigIntegerField(default=0)
    found = models.BigIntegerField(default=0)
    crowded = models.IntegerField(default=0)
    """Keys that too many records share to tell anything; left out."""
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sweep for doubles")
        verbose_name_plural = _("sweeps for doubles")
        indexes = (models.Index(fields=("kind", "-id"), name="sweep_kind"),)


class Merge(models.Model):
    """Records made one, or one divided: every change carries ``uid`` as its request, so that it can be taken back."""

    class Act(models.TextChoices):
        """Which of the two."""

        MERGE = "merge", _("merged")
        SPLIT = "split", _("split")

    uid = models.UUIDField(default=uid7, unique=True, editable=False)
    kind = models.CharField(max_length=64)
    act = models.CharField(max_length=5, choices=Act)
    kept = models.UUIDField()
    """The record that the others went into, or that was divided."""
    others = ArrayField(models.UUIDField())
    """The records that went into it, or the new one."""
    titles = ArrayField(models.CharField(max_length=200))
    """What the records were called, the kept one first."""
    moved = models.JSONField(default=dict)
    """"label.field" → {id of a row that moved: where it was}, of rows that the change stream does not record."""
    person = models.UUIDField(null=True)
    made_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        indexes = (
            models.Index(fields=("kind", "-id"), name="merge_kind"),
            models.Index(fields=("kept",), name="merge_kept"),
        )
