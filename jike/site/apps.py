"""Django's entry to the site: at start it wires what the capabilities declare."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Runs the wiring once every capability is loaded."""

    name = "jike.site"
    label = "site"

    def ready(self) -> None:
        """Register event handlers and contributions."""
        from jike.site import grants, wiring

        self.GRANTS = grants.GRANTS
        wiring.wire()
