"""What customers agreed to take in place of missing goods, and what was asked and done."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customers import customer_for
from niaga.sales.models import Agreement, OrderLineDelivery, SalesOrderLine, Substitution, SubstitutionRule
from niaga.stock.queries.picking import get_pick_list, list_of_line


def agreement_of(*, company_id: UUID, customer_id: UUID) -> str:
    """What holds for a customer: their own rule, else the company's, else never."""
    rows = SubstitutionRule.objects.filter(Q(customer=None) | Q(customer=customer_id), company_id=company_id)
    found = rows.order_by(F("customer_id").asc(nulls_last=True)).values_list("agreement", flat=True).first()
    return found or Agreement.NEVER.value


def own_agreement(*, company_id: UUID, customer_id: UUID | None) -> str:
    """What is said of this customer alone, or of all (without one); nothing where nothing is said."""
    whose = Q(customer=None) if customer_id is None else Q(customer_id=customer_id)
    rows = SubstitutionRule.objects.filter(whose, company_id=company_id)
    return rows.values_list("agreement", flat=True).first() or ""


def agreement_subject(*, by: Actor, company_id: UUID, customer_id: UUID | None) -> Any:
    """The customer whose agreement this person may note; None: the company's, which takes the right to its settings.

    :raises NotFound: no such customer for this person
    :raises Forbidden: the person may not change that
    """
    access = access_of(by)
    if customer_id is None:
        access.require("setting", "change", company_id=company_id)
        return None
    customer = customer_for(by, customer_id)
    access.require("customer", "change", customer)
    return customer


def visible_substitutions(*, by: Actor) -> QuerySet[Substitution]:
    """Those of orders the person may see, with all that a list shows."""
    seen = access_of(by).filter("order", branch="order__branch_id", salesperson="order__salesperson_id")
    return Substitution.objects.filter(seen).select_related(
        "order__customer", "delivery", "product__unit", "substitute__unit"
    )


def get_substitution(*, substitution_id: UUID, by: Actor) -> Substitution:
    """:raises NotFound: none, or none that the person may see"""
    access_of(by).require("order", "view")
    found = visible_substitutions(by=by).filter(pk=substitution_id).first()
    if found is None:
        raise NotFound()
    return found


def see_pick_line(*, pick_line_id: UUID, key: UUID, by: Actor) -> None:
    """A line of a list the person may see; what they said of it before (by its key) may have taken the line away.

    :raises NotFound: none, or none that the person may see
    """
    if not Substitution.objects.filter(pk=key, asked_by=by.id).exists():
        get_pick_list(pick_list_id=list_of_line(pick_line_id), by=by)


def waiting(rows: QuerySet[Substitution]) -> QuerySet[Substitution]:
    """Those that wait for an answer while their delivery is still here."""
    return rows.filter(state="asked", delivery__status__in=("draft", "picking"))


def substitutions_of_order(*, order_id: UUID) -> list[Substitution]:
    """Of an order that the caller may see, the latest first."""
    rows = Substitution.objects.filter(order_id=order_id).order_by("-asked_at", "-id")
    return list(rows.select_related("delivery", "product__unit", "substitute__unit"))


def ordered_line(delivery_line_id: UUID) -> SalesOrderLine | None:
    """The order line that a delivery line fulfils, with its unit."""
    link = OrderLineDelivery.objects.filter(delivery_line_id=delivery_line_id).select_related("order_line__unit")
    found = link.first()
    return None if found is None else found.order_line


def substitutions_of_delivery(delivery_id: UUID) -> QuerySet[Any, Any]:
    """Of a delivery that the caller may see, to be asked with the other cards of its page."""
    rows = Substitution.objects.filter(delivery_id=delivery_id).order_by("asked_at", "id")
    return rows.values(
        "id", "order_id", "substitute_quantity", "reason", "state", substitute_name=F("substitute__name"),
        substitute_unit=F("substitute__unit__code"), ordered_name=F("product__name"),
        delivery_status=F("delivery__status"),
    )  # fmt: skip


class Offer(NamedTuple):
    """Goods that can go in place of those of a pick line. `free`, `step` and `ratio` in base units: of the substitute
    there is so much, the ordered goods are replaced in steps of so much, each base unit by `ratio`."""

    product_id: UUID
    sku: str
    name: str
    unit: str
    digits: int
    place: str
    free: Decimal
    ratio: Decimal
    step: Decimal
    codes: list[str]
    agreement: str


# For the lines one person has taken: what stands in for their product and is there. Lines for which nothing may stand
# in (see `rules.substitution.barred_by`) and customers who take nothing else are left out.
_OFFERS = """
SELECT k.id, q.id, q.sku, q.name, u.code, u.digits, v.place, v.on_hand - v.reserved - v.barred,
       s.ratio, ol.factor * power(10::numeric, -ou.digits),
       ARRAY(SELECT b.code FROM catalog_barcode b WHERE b.product_id = q.id ORDER BY b.code), r.agreement
  FROM stock_pickline k
  JOIN stock_deliveryline l ON l.id = k.delivery_line_id JOIN stock_delivery d ON d.id = l.delivery_id
  JOIN sales_orderlinedelivery o ON o.delivery_line_id = l.id JOIN sales_salesorderline ol ON ol.id = o.order_line_id
  JOIN catalog_unit ou ON ou.id = ol.unit_id
  JOIN catalog_productsubstitute s ON s.product_id = k.product_id
  JOIN catalog_product q ON q.id = s.substitute_id AND q.archived_at IS NULL JOIN catalog_unit u ON u.id = q.unit_id
  JOIN stock_stocklevel v ON v.product_id = q.id AND v.warehouse_id = d.warehouse_id
  JOIN LATERAL (SELECT a.agreement FROM sales_substitutionrule a
                 WHERE a.company_id = d.company_id AND (a.customer_id IS NULL OR a.customer_id = d.customer_id)
                 ORDER BY a.customer_id NULLS LAST LIMIT 1) r ON r.agreement <> 'never'
 WHERE k.pick_list_id = %s::uuid AND k.picker_id = %s::uuid AND k.picked IS NULL AND k.part_id IS NULL
   AND ol.gift_of_id IS NULL AND ol.promotion_discount = 0 AND ol.invoiced = 0 AND ol.cancelled = 0
   AND v.on_hand - v.reserved - v.barred > 0
 ORDER BY k.id, s.position, s.id
"""


def offers_for(*, pick_list_id: UUID, picker_id: UUID) -> Mapping[UUID, list[Offer]]:
    """By pick line of one person, what can be offered. One statement; the caller has checked access."""
    found: dict[UUID, list[Offer]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OFFERS, [pick_list_id, picker_id])
        for line_id, *row in cursor.fetchall():
            found.setdefault(line_id, []).append(Offer(*row))
    return found
