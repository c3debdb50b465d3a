"""`Unit`: one node of the tree headquarters → province → city → county → grid, of any depth."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.rules import UnitLevel
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.values.pinyin import sort_key
from jike.values.rights import Domain

LEVEL_LABELS = {
    UnitLevel.HEADQUARTERS: _("Headquarters"),
    UnitLevel.PROVINCE: _("Province"),
    UnitLevel.CITY: _("City"),
    UnitLevel.COUNTY: _("County"),
    UnitLevel.GRID: _("Grid"),
    UnitLevel.TEAM: _("Team"),
}


class Unit(Record):
    """A unit of the operator; ``ancestors`` (root first) makes "everything below" one indexed condition."""

    SCOPE = {"unit": "id"}
    ACTIONS = {**STANDARD_ACTIONS, "move": _("Move")}
    DOMAINS = dict.fromkeys(("add", "change", "remove", "move"), Domain.SYSTEM)
    SEARCH = Searchable(title="name", names=("name_en",), codes=("code",))
    DERIVED = {"name_key": Derived("name", sort_key)}

    code = models.CharField(_("code"), max_length=32)
    name = models.CharField(_("name"), max_length=80)
    name_key = models.CharField(
        _("order of names"), max_length=400, editable=False, db_collation="C", blank=True
    )
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=list(LEVEL_LABELS.items()))
    region = models.CharField(_("region"), max_length=6, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("parent unit"), null=True, blank=True, related_name="children"
    )
    ancestors = ArrayField(
        models.BigIntegerField(), verbose_name=_("ancestors"), default=list, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("name_key", "id")
        indexes = (
            GinIndex(fields=("ancestors",), name="unit_ancestors"),
            models.Index(fields=("parent", "name_key"), name="unit_children"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=models.Q(removed_at=None),
                name="unit_code_once",
                violation_error_message=_("Another unit has this code."),
            ),
            models.CheckConstraint(
                condition=~models.Q(ancestors__contains=[models.F("id")]),
                name="unit_not_below_itself",
                violation_error_message=_("A unit cannot lie below itself."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the reader's language, where it has one."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name
