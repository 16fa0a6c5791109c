"""Who of the customers has access to their own pages, and who looked when."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.messaging.web.words import WHATSAPP
from niaga.organization.access import access_of
from niaga.parties.queries.customer_lists import contacts_of
from niaga.parties.queries.customers import customer_for
from niaga.parties.rules.phones import is_mobile
from niaga.portal.queries.access import get_access, last_messages, listed_accesses, matching_accesses, visits_of
from niaga.portal.queries.tokens import get_token, working_tokens
from niaga.portal.queries.whatsapp_way import why_not
from niaga.portal.services.invite_contact import invite_contact
from niaga.portal.services.revoke_access import revoke_access
from niaga.portal.services.revoke_token import revoke_token
from niaga.portal.web import sent
from niaga.ui.forms import deed_view
from niaga.ui.lists import Empty, Flag, Listing, Moment, Search, Status, StatusColumn, Text
from niaga.ui.lists.addresses import row_address

PAGES = {
    "home": _("Home"), "invoices": _("Invoices"), "invoice": _("Invoice"), "invoice_pdf": _("Invoice as PDF"),
    "pay": _("Ways to pay"), "payments": _("Payments"), "receipt": _("Receipt"), "statement": _("Statement of account"),
    "orders": _("Orders"), "order": _("Order"), "delivery": _("Delivery"), "quotations": _("Quotations"),
    "returns": _("Returns"), "return": _("Return"), "cases": _("Messages"), "case": _("Message"),
    "profile": _("Profile"),
}  # fmt: skip
HOLDS = Status(_("Has access"), "good", "circle-check")
REVOKED = Status(_("Access revoked"), "faint", "ban")
CHANGED = Status(_("Address changed: invite again"), "warn", "triangle-alert")


def state_of(row: Any) -> Status:
    if row.revoked_at is not None:
        return REVOKED
    return HOLDS if row.holds else CHANGED


class PeopleList(Listing):
    key, title, sort = "portal-people", _("Customer portal"), "-invited_at"
    above = (_("From customers"), "/portal-cases")
    columns = (
        Text("customer", _("Customer"), source="customer__name", sort="customer__name", phone="title"),
        Text("person", _("Person"), source=lambda row: row.name, sub=lambda row: row.person.address, phone="meta"),
        StatusColumn("state", _("Status"), source=state_of, phone="status"),
        Moment("last_seen", _("Last here"), sort="last_seen", phone="meta"),
        Moment("invited_at", _("Invited"), sort="invited_at"),
    )
    filters = (
        Search("q", _("Customer, name, e-mail or number"), match=matching_accesses),
        Flag("here", _("With access"), match=lambda rows, *_rest: rows.filter(holds=True)),
    )
    empty = Empty(
        _("Nobody is invited yet"),
        _(
            "Customers see their invoices, orders and statements on pages of their own, tell of payments and ask for"
            " returns. Invite a contact on the customer's page; they sign in by a link in a mail or a WhatsApp message,"
            " without a password."
        ),
        icon="key-round",
    )

    def rows(self) -> Any:
        access_of(self.request.user).require("portal", "view")
        return listed_accesses(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("portal:of_customer", row.customer_id)


@login_required
@require_GET
def of_customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    access = access_of(request.user)
    customer = customer_for(request.user, customer_id)
    access.require("portal", "view", customer)
    rows = list(listed_accesses(by=request.user).filter(customer_id=customer_id).order_by("revoked_at", "invited_at"))
    held = {row.person.address for row in rows if row.revoked_at is None and row.holds}
    may_invite = access.reaches("portal", "invite", customer)
    language = customer.language or access.current_company.language
    closed = why_not(company_id=customer.company_id, customer_id=customer_id, language=language) if may_invite else None
    last = last_messages([row.person_id for row in rows])
    facts = {
        "customer": customer,
        "people": [
            {"row": row, "state": state_of(row), "message": last.get(row.person_id),
             "said": WHATSAPP[last[row.person_id][1]] if row.person_id in last else None}
            for row in rows
        ],
        "guests": _guests(customer, held, closed) if may_invite else [], "closed": closed,
        "visits": [{**one, "page": PAGES.get(one["page"], one["page"])} for one in visits_of(customer_id=customer_id)],
        "may_invite": may_invite, "may_set": access.allows("setting", "manage"),
        "tokens": list(working_tokens(customer_id, at=now())[:50]),
    }  # fmt: skip
    return render(request, "portal/of_customer.html", facts)


def _guests(customer: Any, held: set[str], closed: Refusal | None) -> list[dict[str, Any]]:
    """Who can be invited, and how: by mail where there is an address, by WhatsApp where there is a mobile number and
    nothing stands in its way."""
    everybody = [(one.pk, one.name, one.email, one.phone) for one in contacts_of(customer.pk)]
    guests = []
    for key, name, email, phone in [*everybody, (None, customer.name, customer.email, customer.phone)]:
        mail = email if email and email.lower() not in held else ""
        number = phone if phone and phone not in held and is_mobile(phone) else ""
        if mail or number:
            guests.append({"key": key or "", "name": name, "email": mail, "phone": number, "open": closed is None})
    return guests


def _check_customer(request: HttpRequest, customer_id: UUID) -> None:
    customer_for(request.user, customer_id)


def _invite(request: HttpRequest, customer_id: UUID) -> str:
    made = invite_contact(
        customer_id=customer_id, contact_id=sent.key(request.POST.get("contact")), by=request.user, at=now(),
        by_whatsapp=request.POST.get("way") == "whatsapp",
    )  # fmt: skip
    messages.success(request, gettext("The link is on its way to %(address)s.") % {"address": made.person.address})
    return reverse("portal:of_customer", args=[customer_id])


def _check_access(request: HttpRequest, portal_access_id: UUID) -> None:
    get_access(access_id=portal_access_id, by=request.user)


def _revoke(request: HttpRequest, access_id: UUID) -> str:
    gone = revoke_access(access_id=access_id, by=request.user, at=now())
    messages.success(request, gettext("Access revoked. Their next page is refused, on every device."))
    return reverse("portal:of_customer", args=[gone.customer_id])


def _check_token(request: HttpRequest, portal_token_id: UUID) -> None:
    get_token(token_id=portal_token_id, by=request.user)


def _end_token(request: HttpRequest, portal_token_id: UUID) -> str:
    customer_id = revoke_token(token_id=portal_token_id, by=request.user, at=now())
    messages.success(request, gettext("The token no longer works."))
    return reverse("portal:of_customer", args=[customer_id])


end_token = deed_view("revoke", _end_token, check=_check_token)
invite = deed_view("invite", _invite, check=_check_customer)
revoke = deed_view("revoke", _revoke, check=_check_access)
