"""Every address: the API, accounts, and the pages of the apps that have some."""

import importlib
import importlib.util
from typing import Any

from django.conf import settings
from django.urls import include, path

from niaga.config.api import api
from niaga.config.first_run import first_run, log_in
from niaga.config.health import healthz

handler400 = "niaga.config.errors.bad_request"
handler403 = "niaga.config.errors.forbidden"
handler404 = "niaga.config.errors.not_found"
handler500 = "niaga.config.errors.failure"


def _pages() -> list[Any]:
    """The `urls` of each app's web room; an app without pages has none."""
    found = []
    for app in settings.NIAGA_APPS:
        for module in (f"{app}.web.urls", f"{app}.urls"):
            parent = module.rpartition(".")[0]
            if importlib.util.find_spec(parent) and importlib.util.find_spec(module):
                found.append(path("", include(module)))
                break
    return found


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", api.urls),
    path("begin", first_run, name="first_run"),
    path("account/login/", log_in),
    path("account/", include("allauth.urls")),
    *_pages(),
]
