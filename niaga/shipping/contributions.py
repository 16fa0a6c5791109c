"""What shipping adds to the pages of all: its places, cards of a delivery, the customer's page; and its promises."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.queries.together import Question
from niaga.core.registry import InvariantCheck, call_handlers, document_readers, invariants, state_words
from niaga.documents.registry import public_pages
from niaga.organization.access import access_of
from niaga.shipping.queries.doors import doors_in_need
from niaga.shipping.queries.shipments import parcels_of, shipments_of_delivery, visible_shipments
from niaga.shipping.queries.to_collect import collected_at_doors
from niaga.shipping.queries.visits import refused_of_delivery, visits_of_delivery
from niaga.shipping.rules.offer import page_of
from niaga.shipping.services.take_carrier_call import SOURCE, take_carrier_call
from niaga.shipping.web.public import tracking_page
from niaga.shipping.web.words import SHIPMENT, VISITS, why
from niaga.stock.registry import DeliveryCard, delivery_cards, load_facts
from niaga.ui.documents import Action
from niaga.ui.registry import (
    BadgeCount,
    Command,
    DocumentRef,
    Hit,
    NavigationGroup,
    NavigationItem,
    SettingsGroup,
    SettingsPlace,
    badges,
    commands,
    document_actions,
    navigation,
    settings_places,
)


def _may(request: HttpRequest, action: str = "view") -> bool:
    return access_of(request.user).allows("delivery", action)


def _drives(request: HttpRequest) -> bool:
    """Who may drive, but for those who run the company: for them it would be one place more."""
    access = access_of(request.user)
    return access.allows("delivery", "drive") and not access.allows("setting", "manage")


def _shipments(request: HttpRequest, delivery_id: UUID) -> Question[Mapping[str, Any]]:
    """The card of who brings a delivery."""
    may = _may(request, "ship")

    def told(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        rows = [
            {**row, "said": SHIPMENT[row["status"]], "page": page_of(row["page"], row["tracking"])} for row in found
        ]
        return {"rows": rows, "may": may, "delivery_id": delivery_id}

    return Question(shipments_of_delivery(delivery_id), told)


def _visits(request: HttpRequest, delivery_id: UUID) -> Question[Mapping[str, Any]]:
    """The card of what drivers told of a door."""
    takes_in = access_of(request.user).allows("payment", "record")

    def told(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        rows = [{**row, "said": VISITS[row["outcome"]], "why": why(row["reason"])} for row in found]
        waits = bool(rows) and rows[0]["outcome"] == "failed" and rows[0]["status"] == "shipped"
        reports = found[0]["report_count"] if found else 0
        return {"rows": rows, "takes_in": takes_in, "waits": waits, "reports": reports}

    return Question(visits_of_delivery(delivery_id), told)


def _refused(request: HttpRequest, delivery_id: UUID) -> Question[Mapping[str, Any]]:
    """The card of what was not taken at the door."""
    may = access_of(request.user).allows("return", "create")

    def told(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        return {"rows": [{**row, "why": why(row["reason"])} for row in found], "may": may, "delivery_id": delivery_id}

    return Question(refused_of_delivery(delivery_id), told)


def _badges(request: HttpRequest) -> Mapping[str, BadgeCount]:
    """Doors that need a next step."""
    if not _may(request, "deliver"):
        return {}
    today = day_at(at=now(), zone=access_of(request.user).default_branch.zone)
    return {"doors": BadgeCount(doors_in_need(by=request.user, today=today))}


def _start(request: HttpRequest, ref: DocumentRef, status: str) -> Sequence[Action]:
    """“Book a carrier” and the customer's link, in the menu of a delivery."""
    if ref.kind != "delivery" or status == "cancelled":
        return []
    offered = []
    if status in ("draft", "picking", "shipped") and _may(request, "ship"):
        url = f"{reverse('shipping:new')}?delivery={ref.id}"
        offered.append(Action(_("Book a carrier"), url=url, icon="truck", method="get"))
    if _may(request, "send"):
        offered.append(Action(_("Link for the customer"), url=reverse("shipping:tracking", args=[ref.id]), icon="link"))
    return offered


def _offer(request: HttpRequest, text: str, hits: Sequence[Hit]) -> Sequence[Command]:
    if text or not _may(request, "ship"):
        return []
    return [Command(_("Book carriers"), reverse("shipping:new"), icon="truck")]


def contribute() -> None:
    navigation.add(
        NavigationItem(
            key="shipments", label=_("Shipments"), icon="package-search", url_name="shipping:shipments",
            group=NavigationGroup.GOODS, order=32, allowed=_may,
        ),
        NavigationItem(
            key="doors", label=_("At the door"), icon="map-pin-check", url_name="shipping:doors",
            group=NavigationGroup.GOODS, order=31, allowed=_may,
        ),
        NavigationItem(
            key="driving", label=_("My deliveries"), icon="route", url_name="shipping:driving",
            group=NavigationGroup.GOODS, order=29, phone=1, allowed=_drives,
        ),
    )  # fmt: skip
    settings_places.add(
        SettingsPlace(
            key="carriers", label=_("Carriers"), text=_("Who brings the goods, and what customers are told"),
            icon="package", url_name="shipping:carriers", group=SettingsGroup.CONNECTIONS, order=35,
            allowed=lambda request: access_of(request.user).allows("setting", "manage"),
        )
    )  # fmt: skip
    load_facts.add("shipments", parcels_of)
    load_facts.add("cash", collected_at_doors)
    delivery_cards.add("shipments", DeliveryCard("shipping/parts/shipment_card.html", _shipments))
    delivery_cards.add("visits", DeliveryCard("shipping/parts/visit_card.html", _visits))
    delivery_cards.add("refused", DeliveryCard("shipping/parts/refused_card.html", _refused))
    badges.add("shipping", _badges)
    document_actions.add("shipping", _start)
    commands.add("shipping", _offer)
    public_pages.add("delivery", tracking_page)
    call_handlers.add(SOURCE, take_carrier_call)
    state_words.add("shipment", SHIPMENT)
    document_readers.add("shipment", lambda user, key: visible_shipments(by=user).filter(pk=key).exists())
    for name, promise, sql in _PROMISES:
        invariants.add(name, InvariantCheck(promise=promise, sql=sql))


_PROMISES = (
    (
        "a_booked_shipment_has_its_number",
        "What is booked at a carrier over the internet has the carrier's number.",
        """
        SELECT s.id, s.status FROM shipping_shipment s JOIN shipping_carrier c ON c.id = s.carrier_id
         WHERE c.kind = 'rest' AND s.status IN ('booked', 'in_transit', 'out', 'problem', 'delivered', 'returned')
           AND (s.provider_id = '' OR s.tracking = '')
        """,
    ),
    (
        "who_took_the_goods_is_known",
        "A visit that delivered has the proof of its delivery; one that came in vain delivered nothing.",
        """
        SELECT v.id, v.outcome, d.status FROM shipping_deliveryvisit v
          JOIN stock_delivery d ON d.id = v.delivery_id
          LEFT JOIN stock_proofofdelivery p ON p.delivery_id = d.id
         WHERE v.outcome <> 'failed' AND (d.status <> 'delivered' OR p.id IS NULL)
        """,
    ),
    (
        "no_more_was_refused_than_was_brought",
        "At the door no more of a line was refused than was brought of it.",
        """
        SELECT r.id, r.quantity, l.quantity FROM shipping_refusedgoods r JOIN stock_deliveryline l ON l.id = r.line_id
          JOIN shipping_deliveryvisit v ON v.id = r.visit_id
         WHERE r.quantity > l.quantity OR v.outcome <> 'part' OR l.delivery_id <> v.delivery_id
        """,
    ),
    (
        "the_money_of_a_door_is_taken_in_once",
        "What a driver was paid is in the books as one payment of that amount.",
        """
        SELECT p.id, sum(v.cash), p.amount FROM shipping_cashtakenin t
          JOIN shipping_deliveryvisit v ON v.id = t.visit_id JOIN payments_payment p ON p.id = t.payment_id
         GROUP BY p.id, p.amount HAVING p.amount IS DISTINCT FROM sum(v.cash)
            OR count(DISTINCT coalesce(v.told_with, v.id)) <> 1
        """,
    ),
    (
        "a_report_ends_as_the_visit_it_tells_of",
        "What a driver handed in became the visit of its own key and delivery, or was closed with a word.",
        """
        SELECT e.id, e.report_id, e.visit_id FROM shipping_doorreportend e
          JOIN shipping_doorreport r ON r.id = e.report_id LEFT JOIN shipping_deliveryvisit v ON v.id = e.visit_id
         WHERE (e.visit_id IS NULL AND e.note = '')
            OR (e.visit_id IS NOT NULL AND (v.id <> r.id OR v.delivery_id <> r.delivery_id))
        """,
    ),
    (
        "positions_are_kept_no_longer_than_said",
        "Where drivers stood is deleted when its time is over (a day is given to the nightly job).",
        "SELECT visit_id, delete_after FROM shipping_visitposition WHERE delete_after < current_date - 2",
    ),
)
