"""`Post`: a person holds a role in a unit, from a day to a day; several at once are usual."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models.person import Person
from jike.apps.organisation.models.role import Role
from jike.apps.organisation.models.unit import Unit
from jike.foundation.models import Record
from jike.values.rights import Domain


class Post(Record):
    """Both ends are days in China; ``until`` is the first day on which the post is no longer held."""

    VERBS = {"end": _("End")}
    SCOPE = {"own": "person_id", "unit": "unit_id"}
    DOMAINS = dict.fromkeys(("add", "change", "remove"), Domain.SECURITY)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="posts")
    role = models.ForeignKey(Role, models.PROTECT, verbose_name=_("role"), related_name="posts")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ("since", "id")
        indexes = (models.Index(fields=("person",), name="post_person"),)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "unit", "role"),
                condition=models.Q(removed_at=None, until=None),
                name="post_once",
                violation_error_message=_("This person already holds this post."),
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
                name="post_ends_after_it_begins",
                violation_error_message=_("The post must end after it begins."),
            ),
        )
