"""What people keep for themselves: saved views of lists, drafts of forms, favourites, and what they opened last.

Preferences, not business rows: whoever they belong to reads and writes them, and no history is kept.
"""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jike.values.identifiers import uid7


class SavedView(models.Model):
    """A list's state under a name; shared ones are offered to everyone who may see the list."""

    uid = models.UUIDField(default=uid7, unique=True, editable=False)
    person = models.UUIDField()
    resource = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=40)
    state = models.JSONField(default=dict)
    """The address's parameters; read again for each reader, so that it shows no one more than they may see."""
    shared = models.BooleanField(_("shared"), default=False)
    first = models.BooleanField(_("opens first"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("person", "resource", "name"), name="view_name_once"),
            models.UniqueConstraint(
                fields=("person", "resource"), condition=models.Q(first=True), name="view_one_first"
            ),
        )
        indexes = (models.Index(fields=("resource",), condition=models.Q(shared=True), name="view_shared"),)


class Draft(models.Model):
    """What somebody typed into a form and has not saved yet; ``about`` is the record, None for a new one."""

    person = models.UUIDField()
    form = models.CharField(max_length=80)
    about = models.UUIDField(null=True)
    data = models.JSONField()
    typed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "form", "about"), nulls_distinct=False, name="draft_once"
            ),
        )


class Bookmark(models.Model):
    """A record that somebody opened (``opened_at``) or marked as a favourite."""

    person = models.UUIDField()
    about_kind = models.CharField(max_length=64)
    about_uid = models.UUIDField()
    favourite = models.BooleanField(default=False)
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        constraints = (models.UniqueConstraint(fields=("person", "about_uid"), name="bookmark_once"),)
        indexes = (models.Index(fields=("person", "-opened_at"), name="bookmark_recent"),)


class CalendarFeed(models.Model):
    """Somebody's calendar may be read at a secret address, made of ``uid`` and signed; without a row at none."""

    uid = models.UUIDField(default=uid7, unique=True, editable=False)
    person = models.UUIDField(unique=True)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")


class BackgroundTask(models.Model):
    """A piece of background work that somebody started and waits for: an export, a bulk edit."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("cancelled")

    uid = models.UUIDField(default=uid7, unique=True, editable=False)
    person = models.UUIDField()
    kind = models.CharField(max_length=40)
    """Name of the job that does it."""
    title = models.CharField(max_length=200)
    order = models.JSONField()
    """What was asked for, enough to do it again."""
    job = models.BigIntegerField(null=True)
    run = models.UUIDField(null=True)
    """The attempt that may report; an older one, taken for dead too early, finds another here and gives up."""
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    sentence = models.CharField(max_length=400, blank=True)
    file = models.CharField(max_length=80, blank=True)
    """Name of the result below the task folder."""
    held = models.BooleanField(db_default=False)
    """Whether the result waits for a second person's release."""
    file_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")
        indexes = (
            models.Index(fields=("person", "-id"), name="task_person"),
            models.Index(
                fields=("person",),
                condition=models.Q(state__in=("waiting", "running")),
                name="task_unfinished",
            ),
        )
