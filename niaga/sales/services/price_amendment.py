"""What the lines of a promise cost when it is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from niaga.organization.queries.document_context import DocumentContext
from niaga.parties.queries.selling_facts import CustomerFacts
from niaga.pricing.queries.promotion_facts import NO_FACTS
from niaga.pricing.rules.loyalty import points_that_stay
from niaga.pricing.rules.treatment import merged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.amendment import is_fixed
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.document_money import frozen_exchange
from niaga.sales.services.draft_order import NOT_IN_ORDERS
from niaga.sales.services.kept_line import kept_line, retold, with_own_story
from niaga.sales.services.price_document import PricedLines, columns, price_document
from niaga.sales.services.promoted_lines import kept_of, promotions_of

KEPT_COLUMNS = ("in_delivery", "shipped", "invoiced", "cancelled", "direct")
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

    Lines that the order had keep their price and what promotions took off them, and the order its points as far as they
    fit; new lines get today's price, but nothing that is given once for a document and that it has already. Gifts
    follow what is bought.

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
    counted = [_counted(line, known, new_rows) for line in wanted if line.id not in frozen]
    pricing = _Pricing(order, context, customer, known)
    result = pricing.as_promised(counted, frozen)
    gifts = pricing.gifts(counted, frozen, wanted, known, result)
    if gifts is not None:
        wanted = [*(line for line in wanted if line.gift_of is None), *gifts.lines]
        counted = [_counted(line, known, new_rows) for line in wanted if line.id not in frozen]
        result = pricing.as_promised(counted, frozen)
        new_rows |= gifts.rows
        new_promotions = [*new_promotions, *gifts.promotions]
    answers = {row["id"]: _with_growth(order, row, known) for row in with_own_story(result.rows, known)}
    for line_id, row in new_rows.items():
        if line_id not in answers:
            continue
        same = {name: row[name] for name in ("price_is_manual", "list_price", "unit_cost")}
        answers[line_id] = {**answers[line_id], **same, "steps": retold(row["steps"], answers[line_id]["steps"])}
    rows = []
    for place, line in enumerate(wanted, 1):
        if line.id in frozen:
            row = {column.attname: getattr(frozen[line.id], column.attname) for column in _OWN}
            row["planned_date"] = line.planned_date or row["planned_date"]
            row["requested_date"] = line.requested_date or row["requested_date"]
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


def _counted(
    line: LineInput, known: Mapping[UUID, SalesOrderLine], new_rows: Mapping[Any, Mapping[str, Any]]
) -> LineInput:
    """A line at the price it was promised at, or that it has today, with what promotions took off it."""
    if not line.is_priced:
        return line
    stored = known.get(line.id) if line.id else None
    new = new_rows.get(line.id)
    price = line.unit_price
    if price is None and stored is not None:
        price = stored.unit_price
    if price is None and new is not None:
        price = new["unit_price"]
    unit = line.unit or (stored.unit.code if stored is not None and stored.unit else None)
    kept, promised = line.kept if line.gift_of else (), False
    if stored is not None and price == stored.unit_price:
        kept = kept_of(stored.steps, line.quantity / stored.quantity if stored.quantity else Decimal(1))
        promised = not stored.price_is_manual
    elif new is not None and line.gift_of is None:
        kept, promised = kept_of(new["steps"]), True
    return replace(line, unit_price=price, unit=unit, kept=kept, promised=promised)


@dataclass(frozen=True, slots=True)
class _Gifts:
    """All gifts as they shall be: as lines, those that are new as they were priced, and their promotions."""

    lines: list[LineInput]
    rows: dict[Any, dict[str, Any]]
    promotions: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Pricing:
    """The promise's way to the engine."""

    order: SalesOrder
    context: DocumentContext
    customer: CustomerFacts
    known: Mapping[UUID, SalesOrderLine]

    def as_promised(self, counted: Sequence[LineInput], frozen: Mapping[UUID, SalesOrderLine]) -> PricedLines:
        order = self.order
        used = sum((line.points_discount for line in frozen.values()), Decimal(0))
        taken = sum((line.document_discount for line in frozen.values()), Decimal(0)) - used
        discount = Decimal(0) if order.discount_percent else max(Decimal(0), order.discount_amount - taken)
        return self._ask(
            counted, on=order.confirmed_date or order.date, had=order.promotions,
            discount_percent=order.discount_percent, discount_amount=discount, points=order.points_used,
            points_amount=max(Decimal(0), order.points_amount - used),
        )  # fmt: skip

    def gifts(
        self, counted: Sequence[LineInput], frozen: Mapping[UUID, SalesOrderLine], wanted: Sequence[LineInput],
        known: Mapping[UUID, SalesOrderLine], result: PricedLines,
    ) -> _Gifts | None:  # fmt: skip
        """The gifts that the order earns as it shall be; None when they stay as they are.

        What it has is lessened or lost only where it became less, never below what deliveries and invoices name, and
        never when its promotion has gone. What is given today is added, within its limits.
        """
        stored = {line.gift_of_id: line for line in known.values() if line.gift_of_id is not None}
        if not result.gifts:
            return None
        paid = [line for line in counted if line.gift_of is None]
        paid += [replace(kept_line(one), promised=True) for one in frozen.values() if one.gift_of_id is None]
        had = [one for one in self.order.promotions if UUID(str(one["id"])) not in stored]
        asked = self._ask(paid, on=self.context.today, had=had, promised_gifts=stored.keys())
        earned = {row["gift_of_id"]: row for row in asked.rows if row["gift_of_id"]}
        less = _became_less(wanted, known)
        lines, rows, changed = [], {}, False
        for promotion, line in stored.items():
            row = earned.pop(promotion, None)
            quantity = line.quantity
            if not is_fixed(line) and promotion in asked.gifts:
                now = row["quantity"] if row is not None else Decimal(0)
                quantity = max(now, line.in_delivery + line.direct) if less else max(now, quantity)
            changed = changed or quantity != line.quantity
            if quantity:
                lines.append(kept_line(line, quantity=quantity))
        for promotion, row in earned.items():
            unit = asked.products[row["product_id"]].units[0].code
            changed, rows[row["id"]] = True, row
            lines.append(
                LineInput(
                    id=row["id"], product_id=row["product_id"], quantity=row["quantity"], unit=unit,
                    description=row["description"], unit_price=row["unit_price"], kept=kept_of(row["steps"]),
                    gift_of=promotion,
                )
            )  # fmt: skip
        return _Gifts(lines, rows, asked.totals["promotions"]) if changed else None

    def _ask(self, lines: Sequence[LineInput], **how: Any) -> PricedLines:
        order = self.order
        return price_document(
            context=replace(
                self.context, round_total_to=Decimal(0), prices_include_tax=order.prices_include_tax,
                tax_rounding=order.tax_rounding,
            ),
            taxed_as=order.tax_treatment, exchange=frozen_exchange(order, self.context), customer=self.customer,
            lines=lines, currency=order.currency,
            channel_id=order.channel_id, coupon_codes=order.coupon_codes, source_id=order.id, lenient=True,
            promised={line.product_id for line in self.known.values() if line.product_id}, **how,
        )  # fmt: skip


def _became_less(wanted: Sequence[LineInput], known: Mapping[UUID, SalesOrderLine]) -> bool:
    """Whether something that was paid for is gone, is less, or costs less."""
    after = {line.id: line for line in wanted}
    for line in known.values():
        if line.product_id is None or line.gift_of_id is not None:
            continue
        wish = after.get(line.id)
        if wish is None or wish.quantity < line.quantity:
            return True
        if wish.unit_price is not None and wish.unit_price < line.unit_price:
            return True
    return False


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
    points = sum((row["points_discount"] for row in rows), nought)
    discount = sum((row["document_discount"] for row in rows), nought) - points
    return {
        **totals, "subtotal": sum((row["amount"] for row in rows), nought), "discount_amount": discount,
        "discount_percent": counted["discount_percent"], "points_amount": points,
        "points_used": points_that_stay(order.points_used, before=order.points_amount, now=points),
        "rounding": rounding, "total": total,
    }  # fmt: skip
