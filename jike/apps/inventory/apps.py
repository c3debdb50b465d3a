"""Django's entry to the capability."""

from collections.abc import Mapping

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from jike.apps.inventory.rules import GRANTS
from jike.values.rights import Breadth


class InventoryConfig(AppConfig):
    """Registers the capability's tables, and which of its rights the ready-made roles hold."""

    name = "jike.apps.inventory"
    label = "inventory"
    verbose_name = _("Inventory")
    default_auto_field = "django.db.models.BigAutoField"

    GRANTS: Mapping[str, Mapping[str, Breadth]] = GRANTS
