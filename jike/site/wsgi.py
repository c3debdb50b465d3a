"""The WSGI entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from jike.site.memory import spare_what_stays

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jike.site.settings")
application = get_wsgi_application()
spare_what_stays()
