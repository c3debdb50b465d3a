"""The WSGI entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from jike.site.memory import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jike.site.settings")
with loading():
    application = get_wsgi_application()
