"""One file on its way into a list: what was sent, how its columns are read, how far it came; and readings kept."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jike.values.identifiers import uid7


class ImportRun(models.Model):
    """An import of one sheet into one Resource, from the upload to its undoing.

    Every change it makes carries ``uid`` as its request, so that the history names the import and the undo finds
    what it did.
    """

    class State(models.TextChoices):
        """How far it is."""

        MAPPING = "mapping", _("choosing columns")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    class Mode(models.TextChoices):
        """What it may do."""

        BOTH = "both", _("create new ones and update those that exist")
        CREATE = "create", _("only create new ones")
        UPDATE = "update", _("only update those that exist")

    uid = models.UUIDField(default=uid7, unique=True, editable=False)
    person = models.UUIDField()
    resource = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    sheet = models.CharField(max_length=100, blank=True)
    header = models.PositiveIntegerField(default=0)
    """Index of the row that names the columns."""
    columns = models.JSONField(default=dict)
    """Column index (as text) → name of the field it fills."""
    values = models.JSONField(default=dict)
    """Field → {text of a cell: what it stands for}; what it stands for is a stored value, a uid, or "" for nothing."""
    unknown = models.JSONField(default=dict)
    """Field → [[text of a cell, how many rows hold it], …] that the check did not recognise."""
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.BOTH)
    key = models.CharField(max_length=60, blank=True)
    """The field by which existing records are recognised."""
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    task = models.UUIDField(null=True)
    """The background task that checks, runs or undoes it."""
    next_row = models.PositiveIntegerField(default=0)
    """Up to where it is stored; written in the rows' own transaction, so that it resumes without doubles."""
    counts = models.JSONField(default=dict)
    """How many rows were read, created, updated, unchanged, refused."""
    problems = models.JSONField(default=list)
    """The first refusals: [row number, header, sentence]."""
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = (models.Index(fields=("person", "resource", "-id"), name="import_person"),)


class ImportMapping(models.Model):
    """How one person reads files for one list: kept by a name, or without one as the last reading."""

    person = models.UUIDField()
    resource = models.CharField(max_length=40)
    name = models.CharField(max_length=60, blank=True)
    columns = models.JSONField(default=dict)
    """Header, made plain → name of the field it fills."""
    values = models.JSONField(default=dict)
    """As `ImportRun.values`."""
    mode = models.CharField(max_length=8, choices=ImportRun.Mode, default=ImportRun.Mode.BOTH)
    key = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("import mapping")
        verbose_name_plural = _("import mappings")
        constraints = (
            models.UniqueConstraint(fields=("person", "resource", "name"), name="import_mapping_once"),
        )
