"""Django's entry to the capability."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.rules import GRANTS


class OrganisationConfig(AppConfig):
    """Registers the capability's tables."""

    name = "jike.apps.organisation"
    label = "organisation"
    verbose_name = _("Organisation")
    default_auto_field = "django.db.models.BigAutoField"
    GRANTS = GRANTS
