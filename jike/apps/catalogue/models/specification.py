"""`ProductSpecification`: what a product technically is, and the characteristics by which instances differ."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue.models import labels
from jike.apps.catalogue.rules import Characteristic
from jike.foundation.entering import plain_code, plain_line
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import Derived
from jike.foundation.models.shapes import STANDING, choices, line, order
from jike.values.pinyin import sort_key


class ProductSpecification(Record):
    """A specification; several offerings may sell the same one."""

    HOME = "headquarters"
    DERIVED = {
        "name": Derived("name", plain_line),
        "name_en": Derived("name_en", plain_line),
        "code": Derived("code", plain_code),
        "name_key": Derived("name", sort_key),
    }
    SEARCH = Searchable(title="name", names=("name_en",), codes=("code",), context=("family",))

    code = line(_("specification code"), 32, blank=False)
    name = line(_("name"), 80, blank=False)
    name_key = models.CharField(
        _("order of names"), max_length=600, editable=False, db_collation="C", blank=True
    )
    name_en = line(_("English name"), 120, blank=False)
    family = models.CharField(_("family"), max_length=16, choices=choices(labels.FAMILIES))
    characteristics = models.JSONField(_("characteristics"), default=list, blank=True, editable=False)
    """As `Characteristic`: code, name, name_en, unit, values."""

    class Meta:
        verbose_name = _("product specification")
        verbose_name_plural = _("product specifications")
        ordering = ("name_key", "id")
        indexes = (
            order("name_key", "specification_by_name"),
            order("code", "specification_by_code"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=STANDING,
                name="specification_code_once",
                violation_error_message=_("Another specification has this code."),
            ),
        )

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def known_characteristics(self) -> tuple[Characteristic, ...]:
        """The characteristics as the rules know them."""
        return tuple(
            Characteristic(**{**one, "values": tuple(one.get("values", ()))}) for one in self.characteristics
        )
