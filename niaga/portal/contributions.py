"""What the portal adds to the pages of the office: its place and badge, a card at the customer's and the invoice's."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core.queries.together import Question
from niaga.core.registry import document_words, invariants, names, state_words
from niaga.documents.registry import subjects
from niaga.invoicing.registry import InvoiceCard, invoice_cards
from niaga.messaging.registry import template_words
from niaga.organization.access import access_of
from niaga.portal.models import PortalCase
from niaga.portal.queries.cases import cases_of_invoice, waiting_cases
from niaga.portal.queries.file_subject import case_subject
from niaga.portal.queries.invariants import INVARIANTS
from niaga.portal.rules.link_words import PLACEHOLDERS
from niaga.portal.words import KINDS, STATES
from niaga.ui.registry import (
    BadgeCount,
    CustomerSection,
    NavigationGroup,
    NavigationItem,
    SettingsGroup,
    SettingsPlace,
    badges,
    customer_sections,
    navigation,
    settings_places,
)


def _may(request: HttpRequest) -> bool:
    return access_of(request.user).allows("portal", "view")


def _badges(request: HttpRequest) -> Mapping[str, BadgeCount]:
    return {"portal": BadgeCount(waiting_cases(by=request.user).order_by())} if _may(request) else {}


def _section(request: HttpRequest, customer_id: UUID) -> CustomerSection | None:
    """The way to who of the customer sees their pages; it asks the database nothing."""
    if not _may(request):
        return None
    return CustomerSection(
        "portal", _("Customer portal"), [],
        empty=_("Who of this customer sees their invoices, orders and statements online"), more=_("Invite and look"),
        more_url=reverse("portal:of_customer", args=[customer_id]),
    )  # fmt: skip


def _told(request: HttpRequest, invoice_id: UUID) -> Question[Any]:
    may = _may(request)

    def tell(rows: list[Any]) -> list[dict[str, Any]]:
        return [{"row": row, "kind": KINDS[row["kind"]], "state": STATES[row["status"]]} for row in rows] if may else []

    return cases_of_invoice(invoice_id).then(tell)


def contribute() -> None:
    navigation.add(
        NavigationItem(
            key="portal", label=_("From customers"), icon="message-circle", url_name="portal:office_cases",
            group=NavigationGroup.SELLING, order=72, allowed=_may,
        )
    )  # fmt: skip
    settings_places.add(
        SettingsPlace(
            key="portal", label=_("Customer portal"), text=_("What customers see on their own pages"),
            icon="key-round", url_name="portal:settings", group=SettingsGroup.SELLING,
            allowed=lambda request: access_of(request.user).allows("setting", "view"),
        )
    )  # fmt: skip
    badges.add("portal", _badges)
    template_words.add("portal", PLACEHOLDERS)
    customer_sections.add("portal", _section, order=40)
    invoice_cards.add("portal", InvoiceCard("portal/parts/invoice_card.html", _told))
    subjects.add("portal_case", case_subject)
    state_words.add("portal_case", STATES)
    names.add("portal_case", _numbers)
    document_words.add("portal_case", lambda ids: dict.fromkeys(ids, str(_("Customer's message"))))
    for name, check in INVARIANTS.items():
        invariants.add(f"portal.{name}", check)


def _numbers(ids: Any) -> Mapping[UUID, str]:
    rows = PortalCase.objects.filter(pk__in=list(ids)).values_list("pk", "invoice__number", "kind")
    return {key: number or str(KINDS[kind].label) for key, number, kind in rows}
