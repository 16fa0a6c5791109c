"""The rooms of the books, as tabs."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of


def tabs_of(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    access = access_of(request.user)
    rooms = [("trial_balance", _("Trial balance")), ("journal", _("Journal"))]
    if access.allows("period", "view"):
        rooms.append(("periods", _("Months")))
    rooms += [("accounts", _("Accounts")), ("exports", _("For the accountant"))]
    return [{"label": label, "url": reverse(f"ledger:{name}"), "current": name == here} for name, label in rooms]
