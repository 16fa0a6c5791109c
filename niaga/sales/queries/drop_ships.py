"""Reading drop-ships: what suppliers send straight to customers."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.core.queries.together import Question, Row, Written
from niaga.organization.access import Actor, access_of, seen
from niaga.sales.models import DropShip, DropShipDelivery, DropShipLine, SalesOrder, SalesOrderLine, SupplyChoice
from niaga.sales.rules.drop_ship import OPEN, usual_day
from niaga.stock.queries.suppliers import agreed_cost, direct_supplier


def supplier_of_line() -> Combinable:
    """An annotation for order lines of a draft: who sends it straight to the customer when it is confirmed, by what
    was chosen for the line, else by its product; none: it comes from stock. Bundles and services always do."""
    chosen = SupplyChoice.objects.filter(order_id=OuterRef("order_id"), line_id=OuterRef("pk"))
    return Case(
        When(Q(needs_stock=False) | ~Q(parts=[]), then=Value(None)),
        When(Exists(chosen), then=Subquery(chosen.values("supplier_id")[:1])),
        default=direct_supplier("product_id"),
    )


def visible_drop_ships(*, by: Actor) -> QuerySet[DropShip]:
    """Those the person may see: who may see deliveries of the order."""
    return DropShip.objects.filter(access_of(by).filter("delivery")).select_related("supplier", "customer", "order")


def with_agreed(lines: QuerySet[SalesOrderLine]) -> QuerySet[Any]:
    """Lines of a draft with `agreed`: what a base unit costs at the supplier who will be asked for it, in the company's
    own currency; none: it comes from stock, or nothing was agreed."""
    return lines.annotate(asked=supplier_of_line()).annotate(agreed=agreed_cost("product_id", "asked"))


def in_currency(order: SalesOrder, cost: Decimal) -> Decimal | None:
    """A cost of the company's own currency in the order's; None: no rate is known."""
    return cost / order.exchange_rate if order.exchange_rate else None


def agreed_costs(order: SalesOrder) -> Question[Mapping[UUID, Decimal | None]]:
    """Of a draft, what a base unit costs of the lines that a supplier will be asked for, in the order's currency."""
    rows = with_agreed(SalesOrderLine.objects.filter(order_id=order.pk, product_id__isnull=False))
    return Question(
        rows.filter(agreed__isnull=False).values("id", "agreed"),
        lambda found: {row["id"]: in_currency(order, row["agreed"]) for row in found},
    )


def listed_drop_ships(*, by: Actor, today: date) -> QuerySet[DropShip]:
    """For a list: with what is still to come, and whether its day is over."""
    left = F("lines__quantity") - F("lines__shipped") - F("lines__cancelled")
    return visible_drop_ships(by=by).annotate(
        left=Coalesce(Sum(left), Value(Decimal(0))),
        is_late=Case(When(status__in=OPEN, promised_date__lt=today, then=Value(True)), default=Value(False)),
    )


def get_drop_ship(*, drop_ship_id: UUID, by: Actor) -> DropShip:
    """With supplier, customer, order, branch and company.

    :raises NotFound: none, or none that the person may see
    """
    rows = DropShip.objects.select_related("supplier", "customer", "order__salesperson", "branch", "company")
    return seen(rows.filter(pk=drop_ship_id).first(), "delivery", by=by)


def drop_ship_lines(drop_ship_id: UUID) -> list[DropShipLine]:
    """In their order, with product and unit. The caller has checked access."""
    rows = DropShipLine.objects.filter(drop_ship_id=drop_ship_id).order_by("position")
    return list(rows.select_related("order_line__product__unit", "order_line__unit"))


def sendings_of(drop_ship_id: UUID) -> list[DropShipDelivery]:
    """What the supplier sent so far, the first first, with its delivery and receipt."""
    rows = DropShipDelivery.objects.filter(drop_ship_id=drop_ship_id).select_related("delivery", "receipt")
    return list(rows.order_by("delivery__shipped_at", "id"))


def lock_drop_ship(drop_ship_id: UUID) -> tuple[DropShip, list[DropShipLine]]:
    """The request with supplier and expected goods, locked, and its lines. Its order is locked before it.

    :raises NotFound: no such request
    """
    rows = DropShip.objects.select_for_update(of=("self", "expected")).select_related("supplier", "expected", "company")
    found = rows.filter(pk=drop_ship_id).first()
    if found is None:
        raise NotFound()
    lines = DropShipLine.objects.filter(drop_ship_id=found.id).order_by("position")
    return found, list(lines.select_related("order_line__unit"))


class Direct(NamedTuple):
    """Of an order line, what a supplier sends straight to the customer. Of a draft only who will be asked."""

    supplier: str
    drop_ship_id: UUID | None = None
    number: str = ""
    status: str = ""
    left: Decimal = Decimal(0)
    day: date | None = None


_OF_ORDER = """
SELECT x.order_line_id, s.name, d.id, d.number, d.status, x.quantity - x.shipped - x.cancelled, d.promised_date
  FROM sales_dropshipline x JOIN sales_dropship d ON d.id = x.drop_ship_id
  JOIN stock_supplier s ON s.id = d.supplier_id
 WHERE d.order_id = %s::uuid ORDER BY d.number
"""


_DIRECT: Mapping[str, Callable[[Any], Any]] = {
    "line": UUID, "supplier": str, "drop_ship_id": UUID, "number": str, "status": str, "left": Decimal,
    "day": date.fromisoformat,
}  # fmt: skip


def direct_of_order(*, order_id: UUID) -> Question[Mapping[UUID, list[Direct]]]:
    """By line; lines from stock are missing. The caller has checked access."""

    def tell(rows: list[Row]) -> Mapping[UUID, list[Direct]]:
        found: dict[UUID, list[Direct]] = {}
        for row in rows:
            found.setdefault(row["line"], []).append(Direct(**{name: row[name] for name in Direct._fields}))
        return found

    return Question(Written(_OF_ORDER, [order_id], _DIRECT), tell)


class SentStraight(NamedTuple):
    """How much of a line suppliers send or sent straight to the customer, in its unit; whom was asked last."""

    quantity: Decimal
    supplier_id: UUID


def sent_straight(line_ids: Collection[UUID]) -> dict[UUID, SentStraight]:
    """By line, where a supplier has not called all of it off. One statement, none without a line."""
    if not line_ids:
        return {}
    rows = DropShipLine.objects.filter(order_line_id__in=line_ids, quantity__gt=F("cancelled"))
    found: dict[UUID, SentStraight] = {}
    for line_id, quantity, cancelled, supplier_id in rows.order_by("drop_ship__number").values_list(
        "order_line_id", "quantity", "cancelled", "drop_ship__supplier_id"
    ):
        before = found[line_id].quantity if line_id in found else Decimal(0)
        found[line_id] = SentStraight(before + quantity - cancelled, supplier_id)
    return found


def named_drop_ships(direct: Mapping[UUID, list[Direct]]) -> list[Direct]:
    """Each request once, of what was read by line."""
    found = {one.drop_ship_id: one for lines in direct.values() for one in lines if one.drop_ship_id is not None}
    return sorted(found.values(), key=lambda one: one.number)


def supplier_names(order_id: UUID) -> dict[UUID, tuple[UUID, str]]:
    """Who will be asked for the lines of a draft: supplier and name, by line. One statement."""
    rows: QuerySet[Any, Any] = SalesOrderLine.objects.filter(order_id=order_id, product_id__isnull=False)
    sql, params = rows.annotate(asked=supplier_of_line()).values("id", "asked").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT l.id, s.id, s.name FROM ({sql}) l JOIN stock_supplier s ON s.id = l.asked", params)
        return {line_id: (supplier_id, name) for line_id, supplier_id, name in cursor.fetchall()}


def straight_days(*, order: SalesOrder, today: date) -> dict[UUID, date]:
    """When suppliers send straight to the customer what is still to come of an order, by line: the last of the days
    they said; of a draft, what is usual for who will be asked. One statement."""
    if order.status != "draft":
        rows = DropShipLine.objects.filter(drop_ship__order_id=order.pk, drop_ship__status__in=OPEN).order_by()
        return dict(rows.values_list("order_line_id").annotate(day=Max("drop_ship__promised_date")))
    lines: QuerySet[Any, Any] = SalesOrderLine.objects.filter(order_id=order.pk, product_id__isnull=False)
    sql, params = lines.annotate(asked=supplier_of_line()).values("id", "asked").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT l.id, s.lead_days FROM ({sql}) l JOIN stock_supplier s ON s.id = l.asked", params)
        return {key: usual_day(today=today, lead_days=lead, planned=None) for key, lead in cursor.fetchall()}


def may_read_drop_ship(user: Actor, drop_ship_id: UUID) -> bool:
    return visible_drop_ships(by=user).filter(pk=drop_ship_id).exists()


def drop_ships_waiting(*, by: Actor) -> QuerySet[DropShip]:
    """What waits for us: requests that nobody sent, and those whose day is over or comes."""
    return visible_drop_ships(by=by).filter(status__in=OPEN)
