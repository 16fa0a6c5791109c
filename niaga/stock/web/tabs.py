"""The rooms of the warehouse, as tabs over each of its lists."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of

ROOMS = (
    ("levels", _("Stock")),
    ("lots", _("Lots")),
    ("moves", _("Moves")),
    ("receipts", _("Receipts")),
    ("expected", _("Expected")),
    ("adjustments", _("Adjustments and counts")),
    ("transfers", _("Transfers")),
)


def stock_tabs(here: str) -> list[dict[str, Any]]:
    return [{"label": label, "url": reverse(f"stock:{name}"), "current": name == here} for name, label in ROOMS]


def may(request: HttpRequest, action: str) -> bool:
    return access_of(request.user).allows("stock", action)
