"""`SearchEntry`: one searched record in the index that `jike.foundation.search` keeps and asks; `SearchMove`."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

NAME_START = 64
"""Letters of the title by which an exact name or a beginning is found; what is longer is compared afterwards."""

PENDING_KB = 65_536
"""How much may wait to be put in order before whoever saves must do it; a job does it every minute."""


class SearchEntry(models.Model):
    """What is found of one record, what is shown of it, and where it lies; records in the recycle bin have none.

    A framework table: the gates write it beside the record, in the same transaction.
    """

    uid = models.UUIDField(_("uid"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=64)
    record = models.BigIntegerField(_("row"))
    owner = models.BigIntegerField(_("owner"), null=True)
    unit = models.BigIntegerField(_("unit"), null=True)
    turn = models.SmallIntegerField(_("turn"))
    """A number by chance, in whose order the entries of a kind are walked: a fair sample from its first row on."""
    title = models.TextField(_("title"))
    context = models.TextField(_("context"), blank=True)
    """Values shown beside the title, parted by tabs; sealed ones are masked here already."""
    names = models.TextField(_("names as compared"), db_collation="C", blank=True)
    codes = models.TextField(_("codes as compared"), blank=True)
    tokens = SearchVectorField(_("words"))

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = (
            GinIndex(fields=("tokens",), name="search_tokens", gin_pending_list_limit=PENDING_KB),
            models.Index(fields=("kind", "turn"), name="search_sample"),
            models.Index(fields=("kind", "unit"), name="search_unit"),
            models.Index(fields=("owner",), name="search_owner", condition=models.Q(owner__isnull=False)),
            models.Index(Left("names", NAME_START), name="search_beginning"),
        )
        constraints = (models.UniqueConstraint(fields=("kind", "record"), name="search_record_once"),)


class SearchMove(models.Model):
    """Many records that changed hands at once: their entries, and those of what lies by them, are still to be moved.

    While one waits, whatever is found is held against the records themselves.
    """

    kind = models.CharField(max_length=64)
    records = ArrayField(models.BigIntegerField())
    fields = ArrayField(models.CharField(max_length=80))
    """Attribute names that changed."""

    class Meta:
        verbose_name = _("search entries to be moved")
        verbose_name_plural = _("search entries to be moved")
