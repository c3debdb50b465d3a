"""Notices to people and which of them each person wants."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One message to one person, at once in the application and later perhaps in the mail digest."""

    id = models.BigAutoField(primary_key=True)
    person = models.UUIDField(_("person"))
    topic = models.CharField(_("topic"), max_length=64)
    text = models.CharField(_("text"), max_length=400)
    about_kind = models.CharField(max_length=64, blank=True)
    about_uid = models.UUIDField(null=True)
    once = models.CharField(max_length=120, blank=True)
    """Key under which a handler that runs twice tells the person once."""
    created_at = models.DateTimeField(_("created"), db_default=Now())
    read_at = models.DateTimeField(_("read"), null=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = (
            models.Index(fields=("person", "-id"), name="notice_person"),
            models.Index(fields=("person",), condition=models.Q(read_at=None), name="notice_unread"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("person", "once"), condition=~models.Q(once=""), name="notice_once"
            ),
        )


class Subscription(models.Model):
    """A person's choice for one topic; without a row the topic's default holds."""

    class Channel(models.TextChoices):
        """How the person is told."""

        NONE = "none", _("Not at all")
        APP = "app", _("In the application")
        DIGEST = "digest", _("In the application and the mail digest")

    person = models.UUIDField()
    topic = models.CharField(max_length=64)
    channel = models.CharField(max_length=8, choices=Channel)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = (models.UniqueConstraint(fields=("person", "topic"), name="subscription_once"),)
