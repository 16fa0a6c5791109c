"""What sales adds to every page: places, badges, search, commands, the chain of documents, the customer's panel."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core.clock import now
from niaga.core.queries.together import Question
from niaga.organization.access import access_of
from niaga.sales.queries.billing import waiting_causes
from niaga.sales.queries.buying import Buying, buying_of
from niaga.sales.queries.chain import Related, related_documents
from niaga.sales.queries.credit import to_decide
from niaga.sales.queries.documents import visible_orders, visible_quotations
from niaga.sales.queries.drop_ships import drop_ships_waiting
from niaga.sales.queries.lists import awaiting_answer, matching, to_ship
from niaga.sales.queries.orders_of import orders_of_deliveries
from niaga.sales.queries.substitutions import offers_for, substitutions_of_delivery
from niaga.sales.web.substitutions import STATES
from niaga.sales.web.words import ORDER, QUOTATION
from niaga.stock.registry import OrderOfDelivery, PickOffer
from niaga.ui import formatting
from niaga.ui.registry import (
    BadgeCount,
    ChainLink,
    Command,
    CustomerRow,
    CustomerSection,
    DocumentRef,
    Hit,
    NavigationGroup,
    NavigationItem,
    PanelFact,
    SettingsGroup,
    SettingsPlace,
)


def may_view(kind: str) -> object:
    def allowed(request: HttpRequest) -> bool:
        return access_of(request.user).allows(kind, "view")

    return allowed


NAVIGATION = (
    NavigationItem(
        key="quotations", label=_("Quotations"), icon="file-text", url_name="sales:quotations",
        group=NavigationGroup.SELLING, order=10, shortcut="q", phone=2, allowed=may_view("quotation"),  # type: ignore[arg-type]
    ),
    NavigationItem(
        key="orders", label=_("Orders"), icon="shopping-cart", url_name="sales:orders",
        group=NavigationGroup.SELLING, order=20, shortcut="o", phone=3, allowed=may_view("order"),  # type: ignore[arg-type]
    ),
    NavigationItem(
        key="drop-ships", label=_("Drop-ships"), icon="forward", url_name="sales:drop_ships",
        group=NavigationGroup.GOODS, order=33, allowed=may_view("delivery"),  # type: ignore[arg-type]
    ),
    NavigationItem(
        key="credit-releases", label=_("Credit"), icon="shield-check", url_name="sales:credit_releases",
        group=NavigationGroup.SELLING, order=25,
        allowed=lambda request: access_of(request.user).allows("customer", "credit"),
    ),
    NavigationItem(
        key="billing", label=_("To invoice"), icon="file-clock", url_name="sales:billing",
        group=NavigationGroup.MONEY, order=38,
        allowed=lambda request: access_of(request.user).allows("invoice", "create"),
    ),
    NavigationItem(
        key="recurring", label=_("Recurring"), icon="repeat", url_name="sales:recurring",
        group=NavigationGroup.MONEY, order=39, allowed=may_view("invoice"),  # type: ignore[arg-type]
    ),
)  # fmt: skip


def badges(request: HttpRequest) -> Mapping[str, BadgeCount]:
    """Quotations that wait for an answer, orders that wait to be shipped, and those that wait for finance."""
    access = access_of(request.user)
    found = {}
    if access.allows("quotation", "view"):
        found["quotations"] = BadgeCount(awaiting_answer(by=request.user))
    if access.allows("order", "view"):
        found["orders"] = BadgeCount(to_ship(by=request.user))
    if access.allows("delivery", "send"):
        found["drop-ships"] = BadgeCount(drop_ships_waiting(by=request.user).filter(status="asked").order_by())
    if access.allows("customer", "credit"):
        found["credit-releases"] = BadgeCount(to_decide(by=request.user))
    if access.allows("invoice", "create"):
        found["billing"] = BadgeCount(waiting_causes(by=request.user).order_by())
    return found


def billing_section(request: HttpRequest, customer_id: UUID) -> CustomerSection | None:
    """The way to the customer's billing rule; no statement."""
    access = access_of(request.user)
    if not access.allows("invoice", "issue", access.current_company.id):
        return None
    row = CustomerRow(
        gettext("When they are billed"), gettext("By hand, or by itself at confirmation, delivery or a period's end"),
        icon="hourglass", url=reverse("sales:customer_billing_rule", args=[customer_id]),
    )  # fmt: skip
    return CustomerSection("billing", _("Billing"), [row])


DAY_NOTICES = SettingsPlace(
    key="day_notices", label=_("Notices of promised days"),
    text=_("Whether customers are told when a promised day changes, and in which words"), icon="calendar-clock",
    url_name="sales:day_notice_rule", group=SettingsGroup.CONNECTIONS, order=36,
    allowed=lambda request: access_of(request.user).allows("setting", "manage"),
)  # fmt: skip


def notice_section(request: HttpRequest, customer_id: UUID) -> CustomerSection | None:
    """The way to whether this customer hears of promised days that change; no statement."""
    access = access_of(request.user)
    if not access.allows("customer", "change", access.current_company.id):
        return None
    row = CustomerRow(
        gettext("When a promised day changes"),
        gettext("Told, asked about, or not told, as the company does it or otherwise"),
        icon="calendar-clock", url=reverse("sales:customer_day_notice_rule", args=[customer_id]),
    )  # fmt: skip
    return CustomerSection("day_notices", _("Deliveries"), [row])


def substitutes_section(request: HttpRequest, customer_id: UUID) -> CustomerSection | None:
    """The way to what the customer agreed to; no statement."""
    access = access_of(request.user)
    if not access.allows("customer", "change", access.current_company.id):
        return None
    row = CustomerRow(
        gettext("Whether they take substitutes"), gettext("Never, asked first, or agreed ahead"),
        icon="replace", url=reverse("sales:customer_substitutes", args=[customer_id]),
    )  # fmt: skip
    return CustomerSection("substitutes", _("Substitutes"), [row])


def substitutes_of_delivery(request: HttpRequest, delivery_id: UUID) -> Question[list[Mapping[str, Any]]]:
    """The card of a delivery: what goes in place of missing goods, or is asked."""

    def told(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for row in rows:
            is_late = row["state"] == "asked" and row["delivery_status"] not in ("draft", "picking")
            state = "late" if is_late else row["state"]
            found.append({**row, "said": STATES[state], "waits": state == "asked",
                          "substitute_quantity": Decimal(str(row["substitute_quantity"]))})  # fmt: skip
        return found

    return Question(substitutions_of_delivery(delivery_id), told)


def substitutes_to_pick(pick_list_id: UUID, picker_id: UUID) -> Mapping[UUID, Sequence[PickOffer]]:
    """What the phone can offer in place of goods that are not on their shelf."""
    found = offers_for(pick_list_id=pick_list_id, picker_id=picker_id)
    return {line_id: [PickOffer(*one) for one in offers] for line_id, offers in found.items()}


SUBSTITUTES_PLACE = SettingsPlace(
    "substitutes", _("Substitutes"), _("Whether customers take something else when goods are missing"), "replace",
    "sales:substitution_rule", SettingsGroup.SELLING, 45,
    lambda request: access_of(request.user).allows("setting", "change"),
)  # fmt: skip


def find_quotations(request: HttpRequest, text: str, limit: int) -> list[Hit]:
    if not access_of(request.user).allows("quotation", "view"):
        return []
    rows = matching(visible_quotations(by=request.user), text).select_related("customer").order_by("-date", "-id")
    rows = rows.only("number", "status", "total", "currency", "customer__name")
    return [
        Hit(
            title=row.number, url=reverse("sales:quotation", args=[row.pk]), kind="quotation", id=str(row.pk),
            detail=f"{row.customer.name} · {formatting.money(row.total, row.currency)}",
            meta=QUOTATION[row.status].label, tone=QUOTATION[row.status].tone, meta_icon=QUOTATION[row.status].icon,
        )
        for row in rows[:limit]
    ]  # fmt: skip


def find_orders(request: HttpRequest, text: str, limit: int) -> list[Hit]:
    if not access_of(request.user).allows("order", "view"):
        return []
    rows = matching(visible_orders(by=request.user), text).select_related("customer").order_by("-date", "-id")
    rows = rows.only("number", "status", "total", "currency", "customer__name")
    return [
        Hit(
            title=row.number, url=reverse("sales:order", args=[row.pk]), kind="order", id=str(row.pk),
            detail=f"{row.customer.name} · {formatting.money(row.total, row.currency)}",
            meta=ORDER[row.status].label, tone=ORDER[row.status].tone, meta_icon=ORDER[row.status].icon,
        )
        for row in rows[:limit]
    ]  # fmt: skip


def offer(request: HttpRequest, text: str, hits: Sequence[Hit]) -> list[Command]:
    """New documents, for the customers that were found."""
    access = access_of(request.user)
    may_quote, may_order = access.allows("quotation", "create"), access.allows("order", "create")
    customers = [hit for hit in hits if hit.kind == "customer"][:2]
    found = []
    for hit in customers:
        if may_quote:
            url = f"{reverse('sales:new_quotation')}?customer={hit.id}"
            found.append(Command(_("New quotation for {subject}"), url, "file-plus", subject=hit.title))
    for hit in customers[:1]:
        if may_order:
            url = f"{reverse('sales:new_order')}?customer={hit.id}"
            found.append(Command(_("New order for {subject}"), url, "shopping-cart", subject=hit.title))
    if not text:
        if may_quote:
            found.append(Command(_("New quotation"), reverse("sales:new_quotation"), "file-plus"))
        if may_order:
            found.append(Command(_("New order"), reverse("sales:new_order"), "shopping-cart"))
    return found


_PAGES = {
    "quotation": "/quotations/{}", "order": "/orders/{}", "delivery": "/deliveries/{}", "invoice": "/invoices/{}",
    "payment": "/payments/{}",
}  # fmt: skip


def chain(request: HttpRequest, refs: Sequence[DocumentRef]) -> Question[Mapping[DocumentRef, Sequence[ChainLink]]]:
    """The whole chain of quotations, orders and what came of them, as far as the person may see."""
    access = access_of(request.user)
    asked = {(ref.kind, ref.id): ref for ref in refs if ref.kind in _PAGES or ref.kind == "drop_ship"}

    def links(documents: list[Related]) -> dict[DocumentRef, list[ChainLink]]:
        found: dict[DocumentRef, list[ChainLink]] = defaultdict(list)
        for one in documents:
            if one.asked in asked and access.reaches(one.kind, "view", one):
                link = ChainLink(one.kind, one.id, one.number, _PAGES[one.kind].format(one.id), done=one.done)
                found[asked[one.asked]].append(link)
        return found

    return related_documents(list(asked)).then(links)


Facts = Mapping[UUID, Sequence[PanelFact]]


def customer_facts(request: HttpRequest, customer_ids: Sequence[UUID]) -> Question[Facts] | Facts:
    """Twelve months of buying, and what is open."""
    if not access_of(request.user).allows("order", "view"):
        return {}
    return buying_of(customer_ids=customer_ids, since=(now() - timedelta(days=365)).date()).then(_buying)


def _buying(customers: Mapping[UUID, Buying]) -> Facts:
    facts: dict[UUID, list[PanelFact]] = {}
    for customer_id, one in customers.items():
        rows = [PanelFact(_("Bought in 12 months"), formatting.money(one.bought, one.currency))]
        if one.last_date:
            rows.append(PanelFact(_("Last order"), formatting.day(one.last_date)))
        if one.open_quotations:
            rows.append(PanelFact(_("Open quotations"), formatting.number(one.open_quotations)))
        if one.open_orders:
            rows.append(PanelFact(_("Open orders"), formatting.number(one.open_orders)))
        facts[customer_id] = rows
    return facts


def orders_of(delivery_ids: Sequence[UUID]) -> Mapping[UUID, OrderOfDelivery]:
    """What deliveries fulfil, as stock's pages and papers name it."""
    return {
        key: OrderOfDelivery(number, f"/orders/{order_id}", reference)
        for key, (order_id, number, reference) in orders_of_deliveries(delivery_ids).items()
    }
