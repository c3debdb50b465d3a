"""Django's entry to the capability."""

from collections.abc import Mapping

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from jike.apps.servicedesk.rules import GRANTS
from jike.values.rights import Breadth


class ServiceDeskConfig(AppConfig):
    """Registers the capability's tables, and which of its rights the ready-made roles hold."""

    name = "jike.apps.servicedesk"
    label = "servicedesk"
    verbose_name = _("Service desk")
    default_auto_field = "django.db.models.BigAutoField"

    GRANTS: Mapping[str, Mapping[str, Breadth]] = GRANTS
