"""The settings page: every place one may enter, in groups."""

from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.organization.access import access_of
from niaga.ui.registry import SettingsGroup, settings_places

GROUPS = {
    SettingsGroup.COMPANY: _("Company"),
    SettingsGroup.PEOPLE: _("People and rights"),
    SettingsGroup.SELLING: _("Selling"),
    SettingsGroup.CONNECTIONS: _("Connections"),
}


@require_GET
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    access_of(request.user).require("setting", "view")
    shown: list[dict[str, Any]] = []
    for place in settings_places:
        try:
            url = reverse(place.url_name)
        except NoReverseMatch:
            continue  # the room that serves it is not opened yet
        if place.allowed(request):
            shown.append({"place": place, "url": url})
    groups = [
        {"label": GROUPS[group], "places": list(places)}
        for group, places in groupby(shown, key=lambda item: item["place"].group)
    ]
    return render(request, "organization/settings.html", {"groups": groups})
