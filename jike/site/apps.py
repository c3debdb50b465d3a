"""Django's entry to the site: at start it wires what the capabilities declare."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """Runs the wiring once every capability is loaded."""

    name = "jike.site"
    label = "site"
    verbose_name = _("This site")

    def ready(self) -> None:
        """Register event handlers and contributions."""
        from jike.site import grants, wiring

        self.GRANTS = grants.GRANTS
        wiring.wire()
