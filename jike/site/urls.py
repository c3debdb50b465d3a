"""Every address of the site; the capabilities' own lie in their pages."""

from django.urls import URLPattern, URLResolver, include, path

from jike import __version__
from jike.apps.organisation.pages.interfaces import me
from jike.foundation.customising import customised
from jike.foundation.exchange.api import add_imports
from jike.foundation.exchange.reveal_api import add_reveals
from jike.foundation.pages.resources import api_docs
from jike.foundation.resource.api import build_api
from jike.foundation.resource.registry import all_resources
from jike.site import pages, patterns, side

api = build_api(all_resources().values(), title="Jike", version=__version__, complete=customised)
add_imports(api, all_resources().values())
add_reveals(api, all_resources().values())

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("me/", pages.me, name="me"),
    path("ui/", patterns.patterns, name="patterns"),
    path("side/", side.side, name="side"),
    path("preferences/", pages.preferences, name="preferences"),
    path("account/sessions/<int:number>/end/", pages.end_session, name="end_session"),
    path("account/sessions/end/", pages.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/", include("jike.site.account")),
    path("", include("jike.apps.organisation.pages.urls")),
    path("", include("jike.apps.tasks.pages.urls")),
    path("", include("jike.apps.customers.pages.urls")),
    path("", include("jike.apps.catalogue.pages.urls")),
    path("", include("jike.apps.quoting.pages.urls")),
    path("", include("jike.apps.sales.pages.urls")),
    path("", include("jike.apps.inventory.pages.urls")),
    path("", include("jike.apps.ordering.pages.urls")),
    path("", include("jike.apps.servicedesk.pages.urls")),
    path("", include("jike.apps.analytics.pages.urls")),
    path("", include("jike.apps.workplans.pages.urls")),
    path("", include("jike.foundation.pages.urls")),
    path("api/me", me, name="api_me"),
    path("api/docs/", api_docs.explain, name="api_docs"),
    path("api/", api.urls),
    path("", include("jike.foundation.pages.doubles.urls")),
    path("", include("jike.foundation.pages.resources.urls")),
]

handler400 = "jike.site.errors.bad_request"
handler403 = "jike.site.errors.permission_denied"
handler404 = "jike.site.errors.not_found"
handler500 = "jike.site.errors.server_error"
