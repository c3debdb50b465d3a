"""`Member`: a subscriber line that belongs to a customer; and `MemberBatch`, the file by which lines joined or left.

`MemberFormer` keeps what a file of changes wrote over, so that it can be taken back.

A large province has 26 million. Members come and go by the file, so they are a ledger: loaded set-wise, one Change for
each file, and none edited. The table is cut into parts by a hash of the number, so that "this number is nobody else's"
is a constraint of the database, and each part's indexes stay small enough to be held in memory.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models.customer import Customer
from jike.values.identifiers import uid7

__all__ = ["Member", "MemberBatch", "MemberFormer"]


BOUND = models.Q(left_on=None, bundle_end__isnull=False)
"""Members whose bundle has an end."""


class MemberBatch(models.Model):
    """One file of lines that join, leave, or change."""

    class Kind(models.TextChoices):
        """What its lines do."""

        JOIN = "join", _("join")
        LEAVE = "leave", _("leave")
        CHANGE = "alter", _("change")

    uid = models.UUIDField(default=uid7, unique=True, editable=False)
    person = models.UUIDField()
    kind = models.CharField(max_length=5, choices=Kind)
    file_name = models.CharField(max_length=200)
    day = models.DateField()
    """Since when, or until when."""
    counts = models.JSONField(default=dict)
    """Lines read, done and refused."""
    task = models.UUIDField(null=True)
    stored_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("file of members")
        verbose_name_plural = _("files of members")
        indexes = (models.Index(fields=("person", "-id"), name="member_batch_person"),)


class Member(models.Model):
    """One line; `left_on` is empty while it belongs."""

    pk = models.CompositePrimaryKey("number", "batch")
    number = models.CharField(_("number"), max_length=20, db_collation="C")
    customer = models.ForeignKey(
        Customer,
        models.DO_NOTHING,
        verbose_name=_("customer"),
        related_name="members",
        db_constraint=False,
        db_index=False,
    )
    short_number = models.CharField(_("short number"), max_length=10, blank=True)
    department = models.CharField(_("department"), max_length=60, blank=True)
    bundle = models.CharField(_("bundle"), max_length=60, blank=True)
    bundle_start = models.DateField(_("bundle begins"), null=True)
    bundle_end = models.DateField(_("bundle ends"), null=True)
    joined_on = models.DateField(_("joined"))
    left_on = models.DateField(_("left"), null=True)
    batch = models.UUIDField(_("batch"))
    left_batch = models.UUIDField(_("batch of leaving"), null=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = (
            models.UniqueConstraint(
                fields=("number",), condition=models.Q(left_on=None), name="member_of_one_customer"
            ),
        )
        indexes = (
            models.Index(
                fields=("customer", "number"), condition=models.Q(left_on=None), name="member_of_customer"
            ),
            models.Index(
                fields=("customer", "department", "number"),
                condition=models.Q(left_on=None),
                name="member_in_department",
            ),
            models.Index(
                fields=("customer", "bundle_end", "number"), condition=BOUND, name="member_bound_of_customer"
            ),
            models.Index(fields=("bundle_end", "number"), condition=BOUND, name="member_bound_until"),
            # A file is taken back without reading the others': what it brought lies together as it was copied in.
            BrinIndex(fields=("batch",), autosummarize=True, name="member_joined_by"),
            models.Index(
                fields=("left_batch",),
                condition=models.Q(left_batch__isnull=False),
                name="member_left_by",
            ),
        )


class MemberFormer(models.Model):
    """What a member was before the file ``batch`` changed it."""

    id = models.BigAutoField(primary_key=True)
    batch = models.UUIDField()
    number = models.CharField(max_length=20, db_collation="C")
    joined_by = models.UUIDField()
    """With the number it names the membership."""
    short_number = models.CharField(max_length=10, blank=True)
    department = models.CharField(max_length=60, blank=True)
    bundle = models.CharField(max_length=60, blank=True)
    bundle_start = models.DateField(null=True)
    bundle_end = models.DateField(null=True)

    class Meta:
        verbose_name = _("former state of a member")
        verbose_name_plural = _("former states of members")
        indexes = (
            models.Index(fields=("batch",), name="member_former_of_batch"),
            models.Index(fields=("number", "joined_by"), name="member_former_of_member"),
        )
