"""Django as a WSGI application, for servers that want only that (no live updates)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "niaga.config.settings")
application = get_wsgi_application()
