"""Django's entry to the capability."""

from collections.abc import Mapping

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from jike.apps.workplans.rules import GRANTS
from jike.values.rights import Breadth


class WorkPlansConfig(AppConfig):
    """Registers the capability's tables, and which of its rights the ready-made roles hold."""

    name = "jike.apps.workplans"
    label = "workplans"
    verbose_name = _("Work plans")
    default_auto_field = "django.db.models.BigAutoField"

    GRANTS: Mapping[str, Mapping[str, Breadth]] = GRANTS
