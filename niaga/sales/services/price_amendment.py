"""What the lines of a promise cost when it is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from niaga.organization.queries.document_context import DocumentContext
from niaga.parties.queries.selling_facts import CustomerFacts
from niaga.pricing.queries.promotion_facts import NO_FACTS
from niaga.pricing.rules import Kept
from niaga.pricing.rules.treatment import merged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.amendment import is_fixed
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.document_money import frozen_exchange
from niaga.sales.services.draft_order import NOT_IN_ORDERS
from niaga.sales.services.kept_line import retold, with_own_story
from niaga.sales.services.price_document import columns, price_document
from niaga.sales.services.promoted_lines import kept_of, promotions_of

KEPT_COLUMNS = ("in_delivery", "shipped", "invoiced", "cancelled")
"""What is counted on a line while it is kept: no amendment writes it."""
_SUMS = ("net", "other_tax_base", "tax", "luxury_tax")


def price_amendment(
    *,
    order: SalesOrder,
    wanted: Sequence[LineInput],
    known: Mapping[UUID, SalesOrderLine],
    context: DocumentContext,
    customer: CustomerFacts,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """All rows in their order, and the order's totals: frozen lines as they are, the others counted again.

    Lines that the order had keep their price and what promotions took off them; new ones get today's, but nothing that
    is given once for a document and that it has already.

    :raises BadLines: some lines can never be right
    """
    exchange = frozen_exchange(order, context)
    fresh = [line for line in wanted if line.id not in known and line.is_priced and line.unit_price is None]
    new_rows: dict[Any, dict[str, Any]] = {}
    new_promotions: list[dict[str, Any]] = []
    if fresh:  # at today's prices
        priced = price_document(
            context=context,
            customer=customer,
            on=context.today,
            lines=fresh,
            currency=order.currency,
            channel_id=order.channel_id,
            coupon_codes=order.coupon_codes,
            source_id=order.id,
            had=order.promotions,
            lenient=True,
            taxed_as=order.tax_treatment,
            exchange=exchange,
        )
        new_rows = {row["id"]: row for row in priced.rows}
        new_promotions = priced.totals["promotions"]
    frozen = {line.id: line for line in known.values() if is_fixed(line)}
    counted = []
    for line in wanted:
        if line.id in frozen:
            continue
        stored = known.get(line.id) if line.id else None
        price = line.unit_price
        if price is None and stored is not None:
            price = stored.unit_price
        if price is None and line.id in new_rows:
            price = new_rows[line.id]["unit_price"]
        unit = line.unit or (stored.unit.code if stored is not None and stored.unit else None)
        kept: tuple[Kept, ...] = ()
        if stored is not None and price == stored.unit_price:
            kept = kept_of(stored.steps, line.quantity / stored.quantity if stored.quantity else Decimal(1))
        elif line.id in new_rows:
            kept = kept_of(new_rows[line.id]["steps"])
        counted.append(replace(line, unit_price=price, unit=unit, kept=kept) if line.is_priced else line)
    taken = sum((line.document_discount for line in frozen.values()), Decimal(0))
    result = price_document(
        context=replace(
            context, round_total_to=Decimal(0), prices_include_tax=order.prices_include_tax,
            tax_rounding=order.tax_rounding,
        ),
        taxed_as=order.tax_treatment, exchange=exchange,
        customer=customer, on=order.confirmed_date or order.date, lines=counted, currency=order.currency,
        channel_id=order.channel_id,
        discount_percent=order.discount_percent,
        discount_amount=Decimal(0) if order.discount_percent else max(Decimal(0), order.discount_amount - taken),
        promised={line.product_id for line in known.values() if line.product_id},
        coupon_codes=order.coupon_codes, source_id=order.id, had=order.promotions, lenient=True,
    )  # fmt: skip
    answers = {row["id"]: _with_growth(order, row, known) for row in with_own_story(result.rows, known)}
    for line_id, row in new_rows.items():
        if row["gift_of_id"]:
            continue
        same = {name: row[name] for name in ("price_is_manual", "list_price", "unit_cost")}
        answers[line_id] = {**answers[line_id], **same, "steps": retold(row["steps"], answers[line_id]["steps"])}
    rows = []
    for place, line in enumerate(wanted, 1):
        if line.id in frozen:
            row = {column.attname: getattr(frozen[line.id], column.attname) for column in _OWN}
            row["planned_date"] = line.planned_date or row["planned_date"]
        else:
            row = columns([answers[line.id]], without=NOT_IN_ORDERS)[0]
        rows.append({**row, "position": place})
    is_home = order.currency == context.currency
    totals = _totals(order, rows, result.totals, context.round_total_to if is_home else Decimal(0))
    totals["base_total"] = totals["total"] if exchange is None else exchange.in_base(totals["total"])
    treatment = merged([order.tax_treatment, result.totals["tax_treatment"]])
    promotions = promotions_of(rows, NO_FACTS, [*new_promotions, *order.promotions])
    return rows, {
        **totals, "tax_treatment": order.tax_treatment if treatment is None else treatment, "promotions": promotions,
        "coupon_codes": order.coupon_codes,
    }  # fmt: skip


def _with_growth(order: SalesOrder, row: dict[str, Any], known: Mapping[UUID, SalesOrderLine]) -> dict[str, Any]:
    """A promised line of which there is more now says that the price of the promise holds for all of it."""
    stored = known.get(row["id"])
    if stored is None or row["unit_price"] != stored.unit_price or not row["quantity"] > stored.quantity:
        return row
    promised = order.confirmed_date or order.date
    step = {
        "code": "kept_price", "value": str(row["unit_price"]), "on": promised.isoformat(),
        "more": str(row["quantity"] - stored.quantity),
    }  # fmt: skip
    return {**row, "steps": retold([*row["steps"], step], row["steps"])}


_OWN = [column for column in SalesOrderLine._meta.concrete_fields if column.attname not in ("order_id", *KEPT_COLUMNS)]


def _totals(
    order: SalesOrder, rows: Sequence[Mapping[str, Any]], counted: Mapping[str, Any], step: Decimal
) -> dict[str, Any]:
    nought = Decimal(0)
    totals: dict[str, Any] = {name: sum((row[name] for row in rows), nought) for name in _SUMS}
    rounding = nought
    if order.prices_include_tax:
        shown = sum((row["amount"] - row["document_discount"] for row in rows), nought)
        rounding = shown - totals["net"] - totals["tax"] - totals["luxury_tax"]
    total = totals["net"] + totals["tax"] + totals["luxury_tax"] + rounding
    if step:
        rounded = (total / step).quantize(Decimal(1), ROUND_HALF_UP) * step
        rounding, total = rounding + rounded - total, rounded
    discount = sum((row["document_discount"] for row in rows), nought)
    return {
        **totals, "subtotal": sum((row["amount"] for row in rows), nought), "discount_amount": discount,
        "discount_percent": counted["discount_percent"], "rounding": rounding, "total": total,
    }  # fmt: skip
