"""What stock adds to the pages of all: its places, its finds, its stage of the chain; and its promises."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.catalog.queries.current_cost import KnownCost, known_costs
from niaga.core.queries.numbered import numbered
from niaga.core.registry import InvariantCheck, document_readers, document_words, invariants
from niaga.organization.access import access_of
from niaga.stock.queries.availability import free_by_product, whole_bundles
from niaga.stock.queries.deliveries import visible_deliveries, waiting_deliveries
from niaga.stock.queries.levels import levels_of_product
from niaga.stock.queries.lots import visible_lots
from niaga.stock.queries.suppliers import supply_of
from niaga.stock.queries.transfers import visible_transfers
from niaga.stock.web.words import DELIVERY
from niaga.ui import formatting
from niaga.ui.registry import (
    BadgeCount,
    Command,
    Hit,
    NavigationGroup,
    NavigationItem,
    ProductColumn,
    ProductRow,
    ProductSection,
    SearchContribution,
    SettingsGroup,
    SettingsPlace,
    badges,
    commands,
    navigation,
    product_columns,
    product_sections,
    search,
    settings_places,
)


def _may(request: HttpRequest, kind: str, action: str = "view") -> bool:
    return access_of(request.user).allows(kind, action)


def _badges(request: HttpRequest) -> Mapping[str, BadgeCount]:
    return {"deliveries": BadgeCount(waiting_deliveries(by=request.user))} if _may(request, "delivery") else {}


def _find_lots(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    """Lots by the beginning of their number."""
    if not _may(request, "stock"):
        return []
    rows = visible_lots(by=request.user).filter(number__istartswith=text).order_by("-expires_on", "id")
    return [
        Hit(
            title=one.number, url=reverse("stock:lot", args=[one.pk]), kind="lot", id=str(one.pk),
            detail=one.product.name, meta=formatting.day(one.expires_on),
        )
        for one in rows[:limit]
    ]  # fmt: skip


def _find(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    """Deliveries by the beginning of their number, or its last figures."""
    if not _may(request, "delivery"):
        return []
    rows = numbered(visible_deliveries(by=request.user), text).select_related("customer")
    rows = rows.only("number", "status", "customer__name")
    return [
        Hit(
            title=one.number, url=reverse("stock:delivery", args=[one.pk]), kind="delivery", id=str(one.pk),
            detail=one.customer.name, meta=DELIVERY[one.status].label, tone=DELIVERY[one.status].tone,
            meta_icon=DELIVERY[one.status].icon,
        )
        for one in rows.order_by("-created_at")[:limit]
    ]  # fmt: skip


def _offer(request: HttpRequest, text: str, hits: Sequence[Hit]) -> Sequence[Command]:
    if text or not _may(request, "stock", "create"):
        return []
    return [Command(_("Receive goods"), reverse("stock:new_receipt"), icon="package-plus")]


def _free(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    annotated: QuerySet[Any] = rows.annotate(free=free_by_product())
    return annotated


def _where(request: HttpRequest, product_id: UUID, facts: Mapping[str, str]) -> ProductSection | None:
    """On hand and held in each warehouse the person may see."""
    if not _may(request, "stock"):
        return None
    unit = facts["unit"]
    rows = []
    levels: list[Any] = list(levels_of_product(product_id=product_id, by=request.user))
    for level in levels:
        said = [gettext("%(quantity)s on hand") % {"quantity": formatting.quantity(level.on_hand, unit)}]
        if level.reserved:
            said.append(gettext("%(quantity)s held") % {"quantity": formatting.quantity(level.reserved, unit)})
        if level.barred:
            said.append(gettext("%(quantity)s not to be sold") % {"quantity": formatting.quantity(level.barred, unit)})
        if level.incoming:
            said.append(gettext("%(quantity)s coming") % {"quantity": formatting.quantity(level.incoming, unit)})
        free = level.on_hand - level.reserved - level.barred
        rows.append(
            ProductRow(
                title=level.warehouse.name, detail=" · ".join(said), value=formatting.quantity(free, unit),
                tone="bad" if free <= 0 else "",
            )
        )  # fmt: skip
    if not rows:
        rows = [
            ProductRow(
                title=name, detail=gettext("by its parts"), value=formatting.quantity(whole, unit),
                tone="" if whole else "bad",
            )
            for name, whole in whole_bundles(bundle_id=product_id, by=request.user)
        ]  # fmt: skip
    return ProductSection(_("Stock"), rows, empty=_("None has come in yet."), more=_("free"))


def _supply(request: HttpRequest, product_id: UUID, facts: Mapping[str, str]) -> ProductSection | None:
    """From whom it goes straight to customers, and the way to say so."""
    may_change = _may(request, "product", "change")
    found = supply_of(product_id)
    if found is None and not may_change:
        return None
    rows = []
    if found is not None:
        said = [gettext("Their code: %(code)s") % {"code": found.code}] if found.code else []
        cost = ""
        if found.unit_cost is not None and access_of(request.user).sees_cost:
            cost = formatting.money(found.unit_cost, facts["currency"])
        rows = [ProductRow(title=found.supplier.name, detail=" · ".join(said), value=cost)]
    return ProductSection(
        _("Straight from a supplier"), rows, empty=_("It is sent from our own stock."),
        more=_("Change") if may_change else "",
        more_url=reverse("stock:supply", args=[product_id]) if may_change else "",
    )  # fmt: skip


_POSTED = {
    "receipt": _("Receipt of goods"), "delivery": _("Delivery"), "adjustment": _("Stock adjustment"),
    "count": _("Stock count"), "transfer": _("Transfer between warehouses"),
}  # fmt: skip
"""What stock posts in the books."""


def _say(word: Any, ids: Collection[UUID]) -> Mapping[UUID, str]:
    return dict.fromkeys(ids, str(word))


def contribute() -> None:
    product_columns.add(
        "stock",
        ProductColumn(
            name="free", label=_("Available"), annotate=_free, allowed=lambda request: _may(request, "stock"), unit=True
        ),
        order=10,
    )
    product_sections.add("stock", _where, order=10)
    product_sections.add("supply", _supply, order=15)
    navigation.add(
        NavigationItem(
            key="deliveries", label=_("Deliveries"), icon="truck", url_name="stock:deliveries",
            group=NavigationGroup.GOODS, order=30, shortcut="d", allowed=lambda request: _may(request, "delivery"),
        ),
        NavigationItem(
            key="stock", label=_("Stock"), icon="warehouse", url_name="stock:levels", group=NavigationGroup.GOODS,
            order=40, shortcut="s", allowed=lambda request: _may(request, "stock"),
        ),
    )  # fmt: skip
    settings_places.add(
        SettingsPlace(
            key="warehouses", label=_("Warehouses"), text=_("The places where goods are"), icon="warehouse",
            url_name="stock:warehouses", group=SettingsGroup.COMPANY,
            allowed=lambda request: _may(request, "setting", "manage"),
        ),
        SettingsPlace(
            key="suppliers", label=_("Suppliers"), text=_("Who sends goods straight to customers"), icon="factory",
            url_name="stock:suppliers", group=SettingsGroup.SELLING,
            allowed=lambda request: _may(request, "product", "change"),
        ),
        SettingsPlace(
            key="vehicles", label=_("Vehicles"), text=_("Your own fleet, its drivers and zones"), icon="truck",
            url_name="stock:vehicles", group=SettingsGroup.COMPANY,
            allowed=lambda request: _may(request, "setting", "manage"),
        ),
    )  # fmt: skip
    badges.add("stock", _badges)
    search.add("deliveries", SearchContribution(_("Deliveries"), "truck", find=_find))
    search.add("lots", SearchContribution(_("Lots"), "layers", find=_find_lots))
    commands.add("stock", _offer)
    document_readers.add(
        "delivery", lambda user, delivery_id: visible_deliveries(by=user).filter(pk=delivery_id).exists()
    )
    document_readers.add(
        "transfer", lambda user, transfer_id: visible_transfers(by=user).filter(pk=transfer_id).exists()
    )
    known_costs.add("stock", KnownCost("stock_stockcost", product="product_id", cost="average"))
    for kind, said in _POSTED.items():
        document_words.add(kind, partial(_say, said))
    for name, promise, sql in _PROMISES:
        invariants.add(name, InvariantCheck(promise=promise, sql=sql))


_PROMISES = (
    (
        "stock_on_hand_is_the_sum_of_moves",
        "What is on hand in a warehouse is the sum of its moves.",
        """
        SELECT coalesce(l.warehouse_id, m.warehouse_id), coalesce(l.product_id, m.product_id), l.on_hand, m.moved
          FROM stock_stocklevel l
          FULL JOIN (SELECT warehouse_id, product_id, sum(quantity) AS moved FROM stock_stockmove GROUP BY 1, 2) m
            ON m.warehouse_id = l.warehouse_id AND m.product_id = l.product_id
         WHERE coalesce(l.on_hand, 0) <> coalesce(m.moved, 0)
        """,
    ),
    (
        "stock_reserved_is_the_sum_of_reservations",
        "What is reserved of a product is the sum of what is held for orders.",
        """
        SELECT coalesce(l.warehouse_id, r.warehouse_id), coalesce(l.product_id, r.product_id), l.reserved, r.held
          FROM stock_stocklevel l
          FULL JOIN (SELECT warehouse_id, product_id, sum(quantity) AS held FROM stock_reservation
                      WHERE quantity > 0 GROUP BY 1, 2) r
            ON r.warehouse_id = l.warehouse_id AND r.product_id = l.product_id
         WHERE coalesce(l.reserved, 0) <> coalesce(r.held, 0)
        """,
    ),
    (
        "stock_is_worth_what_its_moves_say",
        "What goods are worth, and how many there are, is the sum of their moves; what is gone is worth nothing.",
        """
        SELECT coalesce(c.product_id, m.product_id), c.quantity, c.value, m.quantity, m.value
          FROM stock_stockcost c
          FULL JOIN (SELECT product_id, sum(quantity) AS quantity, sum(value) AS value FROM stock_stockmove
                      GROUP BY 1) m ON m.product_id = c.product_id
         WHERE coalesce(c.quantity, 0) <> coalesce(m.quantity, 0) OR coalesce(c.value, 0) <> coalesce(m.value, 0)
            OR (c.quantity = 0 AND c.value <> 0)
        """,
    ),
    (
        "inventory_in_the_books_is_what_the_stock_is_worth",
        "What is booked as inventory is what a company's goods are worth.",
        """
        SELECT j.company_id, j.booked, s.value FROM (
          SELECT r.company_id, coalesce(sum(l.amount), 0) AS booked FROM ledger_roleaccount r
            LEFT JOIN (ledger_account a JOIN ledger_journalline l ON l.account_id = a.id AND l.role = 'inventory')
              ON a.company_id = r.company_id WHERE r.role = 'inventory' GROUP BY 1) j
          LEFT JOIN (SELECT company_id, sum(value) AS value FROM stock_stockcost GROUP BY 1) s
            ON s.company_id = j.company_id
         WHERE j.booked <> coalesce(s.value, 0)
        """,
    ),
    (
        "what_goes_straight_is_never_here",
        "What suppliers send straight to customers came and left at once, worth the same, and no stock was touched.",
        """
        SELECT m.warehouse_id, m.product_id, sum(m.quantity), sum(m.value) FROM stock_stockmove m
          JOIN stock_warehouse w ON w.id = m.warehouse_id AND w.is_direct
         GROUP BY m.warehouse_id, m.product_id, m.lot_id, m.at HAVING sum(m.quantity) <> 0 OR sum(m.value) <> 0
         UNION ALL
        SELECT l.warehouse_id, l.product_id, l.on_hand, l.reserved FROM stock_stocklevel l
          JOIN stock_warehouse w ON w.id = l.warehouse_id AND w.is_direct
        """,
    ),
    (
        "lots_add_up",
        "What is kept by lot lies in its lots, each the sum of its moves; what is barred is the sum of barred lots.",
        """
        SELECT l.product_id, l.warehouse_id, l.on_hand, v.on_hand, l.barred, v.barred FROM stock_stocklevel l
          JOIN catalog_product p ON p.id = l.product_id
          LEFT JOIN (SELECT product_id, warehouse_id, sum(on_hand) AS on_hand,
                            coalesce(sum(on_hand) FILTER (WHERE is_barred), 0) AS barred
                       FROM stock_lotlevel GROUP BY 1, 2) v
            ON v.product_id = l.product_id AND v.warehouse_id = l.warehouse_id
         WHERE coalesce(v.barred, 0) <> l.barred OR (p.by_lot AND coalesce(v.on_hand, 0) <> l.on_hand)
         UNION ALL
        SELECT v.lot_id, v.warehouse_id, v.on_hand, m.moved, 0, 0 FROM stock_lotlevel v
          JOIN stock_lot o ON o.id = v.lot_id
          LEFT JOIN (SELECT lot_id, warehouse_id, sum(quantity) AS moved FROM stock_stockmove
                      WHERE lot_id IS NOT NULL GROUP BY 1, 2) m
            ON m.lot_id = v.lot_id AND m.warehouse_id = v.warehouse_id
         WHERE v.on_hand <> coalesce(m.moved, 0) OR v.is_barred <> o.is_barred
        """,
    ),
    (
        "stock_is_never_oversold",
        "Never is more promised than there is.",
        "SELECT id, on_hand, reserved FROM stock_stocklevel WHERE reserved < 0 OR on_hand < reserved",
    ),
    (
        "shipments_moved_what_their_lines_say",
        "A delivery that left moved exactly its lines (of a bundle, the parts) out; no other moved any.",
        """
        SELECT d.id, d.number, l.product_id, l.base, m.moved
          FROM (SELECT v.delivery_id, g.product_id, sum(g.base) AS base FROM stock_deliveryline v
                 CROSS JOIN LATERAL (
                   SELECT v.product_id, v.quantity * v.factor AS base WHERE v.reservation_id IS NOT NULL
                       OR EXISTS (SELECT 1 FROM stock_delivery e JOIN stock_warehouse w ON w.id = e.warehouse_id
                                   WHERE e.id = v.delivery_id AND w.is_direct)
                   UNION ALL
                   SELECT p.product_id, v.quantity * v.factor * p.quantity FROM stock_deliverypart p
                    WHERE p.line_id = v.id AND p.reservation_id IS NOT NULL) g GROUP BY 1, 2) l
          JOIN stock_delivery d ON d.id = l.delivery_id
          FULL JOIN (SELECT source_id, product_id, -sum(quantity) AS moved FROM stock_stockmove
                      WHERE source_kind = 'delivery' GROUP BY 1, 2) m
            ON m.source_id = d.id AND m.product_id = l.product_id
         WHERE coalesce(m.moved, 0)
            <> CASE WHEN d.status IN ('shipped', 'delivered') THEN l.base ELSE 0 END
        """,
    ),
    (
        "what_was_picked_was_said_by_who_had_it",
        "What was fetched of a line is what its picker said last; a list that is done has nothing left to fetch.",
        """
        SELECT k.id, k.picked, r.quantity FROM stock_pickline k JOIN stock_picklist p ON p.id = k.pick_list_id
          LEFT JOIN LATERAL (SELECT quantity FROM stock_pickrecord r WHERE r.line_id = k.id
                              ORDER BY r.at DESC, r.id DESC LIMIT 1) r ON true
         WHERE k.picked IS DISTINCT FROM r.quantity OR (p.status = 'done' AND k.picked IS NULL)
        """,
    ),
    (
        "a_route_stops_where_its_warehouse_sends",
        "A delivery stands in a route of the warehouse that it leaves from.",
        """
        SELECT s.id FROM stock_routestop s JOIN stock_deliveryroute r ON r.id = s.route_id
          JOIN stock_delivery d ON d.id = s.delivery_id WHERE d.warehouse_id <> r.warehouse_id
        """,
    ),
    (
        "what_travels_together_is_of_one_customer_and_leaves_together",
        "At least two deliveries of one customer from one warehouse travel together, in one route, and leave in one"
        " deed; none that was called off does.",
        """
        SELECT j.id, count(*) FROM stock_jointdelivery j JOIN stock_delivery d ON d.joint_id = j.id
          LEFT JOIN stock_routestop s ON s.delivery_id = d.id
         GROUP BY j.id
        HAVING count(*) < 2 OR bool_or(d.status = 'cancelled')
            OR bool_or(d.customer_id <> j.customer_id OR d.warehouse_id <> j.warehouse_id
                       OR d.company_id <> j.company_id)
            OR count(DISTINCT d.shipped_at) > 1 OR count(d.shipped_at) NOT IN (0, count(*))
            OR count(DISTINCT s.route_id) > 1 OR count(s.route_id) NOT IN (0, count(*))
        """,
    ),
    (
        "expected_goods_are_not_over_received",
        "No more of an expected line was received than was expected.",
        "SELECT id, quantity, received FROM stock_expectedreceiptline WHERE received < 0 OR received > quantity",
    ),
    (
        "goods_in_transit_are_worth_what_left",
        "What is booked as goods in transit is what left warehouses, less what came, came back and was given up.",
        """
        SELECT j.company_id, j.booked, s.value FROM (
          SELECT r.company_id, coalesce(sum(l.amount), 0) AS booked FROM ledger_roleaccount r
            LEFT JOIN (ledger_account a JOIN ledger_journalline l ON l.account_id = a.id
                       AND l.role = 'goods_in_transit') ON a.company_id = r.company_id
           WHERE r.role = 'goods_in_transit' GROUP BY 1) j
          LEFT JOIN (
            SELECT company_id, sum(value) AS value FROM (
              SELECT company_id, -value AS value FROM stock_stockmove WHERE reason = 'transit'
               UNION ALL
              SELECT t.company_id, -x.lost_value FROM stock_transferline x
                JOIN stock_transfer t ON t.id = x.transfer_id WHERE x.lost_value <> 0) v GROUP BY 1) s
            ON s.company_id = j.company_id
         WHERE j.booked <> coalesce(s.value, 0)
        """,
    ),
    (
        "a_transfer_that_ended_has_nothing_on_its_way",
        "What left with a transfer that ended came, came back or was given up, to the last piece and the last cent.",
        """
        SELECT t.id, x.left_over, m.value - x.lost_value FROM stock_transfer t
          JOIN (SELECT transfer_id, sum(quantity - received - returned - lost) AS left_over,
                       sum(lost_value) AS lost_value FROM stock_transferline GROUP BY 1) x ON x.transfer_id = t.id
          LEFT JOIN LATERAL (SELECT coalesce(-sum(value), 0) AS value FROM stock_stockmove
                              WHERE source_id = t.id AND reason = 'transit') m ON true
         WHERE t.status IN ('received', 'returned') AND (x.left_over <> 0 OR m.value <> x.lost_value)
        """,
    ),
)
