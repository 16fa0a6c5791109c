"""Addresses of the frame, mounted at the root."""

from django.conf import settings
from django.urls import path
from django.views.i18n import set_language

from niaga.ui.web.favicon import favicon
from niaga.ui.web.search import search
from niaga.ui.web.session import session
from niaga.ui.web.views import view, views

app_name = "ui"
urlpatterns = [
    path("search", search, name="search"),
    path("session", session, name="session"),
    path("language", set_language, name="language"),
    path("favicon.svg", favicon, name="favicon"),
    path("ui/views", views, name="views"),
    path("ui/views/<uuid:view_id>/removal", view, name="view"),
]

if settings.DEBUG:
    from niaga.ui.web.style import preview, style

    urlpatterns += [path("ui/", style, name="style"), path("ui/preview", preview, name="style_preview")]
