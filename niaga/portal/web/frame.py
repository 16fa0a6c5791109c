"""What stands around every page of the portal: whose pages they are, where one can go, for which customer."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.public_look import public_look
from niaga.documents.rules.print_document import PrintKind
from niaga.portal.queries.access import portal_settings
from niaga.portal.queries.visitors import Visitor

SAID = {
    "reported": lambda: gettext("Thank you. We are told of your payment and look for it."),
    "disputed": lambda: gettext("We have it in writing. Reminders about it rest until it is settled."),
    "answered": lambda: gettext("Your message was sent."),
    "asked": lambda: gettext("Your return is asked for. You see here what becomes of it."),
    "ordered": lambda: gettext("Thank you. Your order is confirmed."),
    "ordering": lambda: gettext("Thank you. We look at what you ordered and answer you."),
    "changing": lambda: gettext("We have your wish and change it for you."),
    "ended": lambda: gettext("The token no longer works."),
    "out": lambda: gettext("Your other devices are signed out."),
}
"""What is said once after a deed, by the word in the address."""


def show(
    request: HttpRequest, visitor: Visitor, template: str, facts: Mapping[str, Any], *, place: str, status: int = 200
) -> HttpResponse:
    """A page within the frame. `place` is where it stands in the navigation."""
    sender = company_print(company_id=visitor.company_id)
    look = public_look(
        PrintKind.INVOICE, company_id=visitor.company_id, customer_id=visitor.customer_id, logo=sender.logo
    )
    said = SAID.get(request.GET.get("said", ""))
    around = {
        "may_order": portal_settings(visitor.company_id).takes_orders != "off" if place == "orders" else False,
        "visitor": visitor, "sender": sender, "look": look, "seller": sender.company.name, "places": _places(place),
        "said": said() if said else "",
    }  # fmt: skip
    return render(request, template, {**around, **facts}, status=status)


def _places(current: str) -> list[dict[str, Any]]:
    places = (
        ("home", pgettext("portal", "Home"), "house"), ("invoices", gettext("Invoices"), "receipt"),
        ("orders", gettext("Orders"), "package"), ("cases", gettext("Messages"), "message-circle"),
        ("profile", gettext("Profile"), "user-round"),
    )  # fmt: skip
    return [
        {"label": label, "icon": icon, "url": reverse(f"portal:{key}"), "current": key == current}
        for key, label, icon in places
    ]
