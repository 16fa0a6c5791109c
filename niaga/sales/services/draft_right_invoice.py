from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.invoicing.queries.crediting import down_payments_left
from niaga.invoicing.services.draft_invoice import collected, draft_invoice
from niaga.pricing.rules.loyalty import points_of_part
from niaga.pricing.rules.request import TaxRate
from niaga.sales.errors import OverInvoicing
from niaga.sales.models import OrderInvoice, OrderLineInvoice, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import progress
from niaga.sales.rules.put_right import BilledLine, RightLine, move_dues, put_line_right
from niaga.sales.services.bill_lines import Bill, owed
from niaga.sales.services.document_money import in_base
from niaga.sales.services.take_off_down_payments import take_off_down_payments

KEPT = (
    "kind", "description", "product_id", "unit_id", "tax_category_id", "factor", "list_price", "unit_price",
    "discount_percent", "tax_code", "tax_rate", "base_numerator", "base_denominator", "luxury_rate", "unit_cost",
    "parts",
)  # fmt: skip
_MOST = Decimal(10) ** 12


def right_bill(
    *, invoice: Any, lines: Sequence[Any], right: Mapping[UUID, RightLine], rates: Mapping[UUID, TaxRate] | None
) -> Bill:
    """The lines of an issued invoice as they shall be, without the down payments that it took off.

    `rates` are those of the lines' tax categories where the tax is found anew.

    :raises NotFound: what shall be different is not a line of it
    :raises Invalid: a figure below nothing, finer than can be, or nothing would be left
    """
    own = [line for line in lines if line.credits_line_id is None]
    if set(right) - {line.id for line in own if line.quantity}:
        raise NotFound(field="lines")
    bill = Bill()
    for line in own:
        asked = right.get(line.id, RightLine())
        _check(line, asked, invoice.currency)
        if line.quantity and asked.quantity == 0:
            continue
        rate = _rate(line)
        anew = rate if rates is None or line.tax_category_id is None else rates.get(line.tax_category_id, rate)
        row = {name: getattr(line, name) for name in KEPT}
        row |= {
            "id": new_id(), "position": len(bill.rows) + 1, "quantity": line.quantity, "credits_line_id": None,
            "tax_code": anew.transaction_code, "tax_rate": anew.rate, "base_numerator": anew.base_numerator,
            "base_denominator": anew.base_denominator, "luxury_rate": anew.luxury_rate,
            **{name: value for name in ("quantity", "unit_price", "discount_percent", "description")
               if (value := getattr(asked, name)) is not None},
        }  # fmt: skip
        billed = BilledLine(*(getattr(line, name) for name in BilledLine._fields))
        if line.quantity:
            part = put_line_right(
                billed, asked, rate=anew, same_tax=_same(anew, rate), currency=invoice.currency,
                prices_include_tax=invoice.prices_include_tax,
            )  # fmt: skip
            bill.parts.append(part)
            figures = part._asdict()
        else:
            figures = billed._asdict()
        row |= {
            name: figures[name]
            for name in (
                "discount_amount", "amount", "document_discount", "net", "other_tax_base", "tax", "luxury_tax",
                "points_discount",
            )
        }  # fmt: skip
        bill.rows.append(row)
        bill.links.append({"line_id": line.id, "invoice_line_id": row["id"], "quantity": row["quantity"]})
    if not bill.parts:
        raise Invalid(_("Nothing would be left of it. Write a credit note instead."), field="lines")
    return bill


def _rate(line: Any) -> TaxRate:
    return TaxRate(
        line.tax_rate, base_numerator=line.base_numerator, base_denominator=line.base_denominator,
        transaction_code=line.tax_code, luxury_rate=line.luxury_rate,
    )  # fmt: skip


def _same(one: TaxRate, other: TaxRate) -> bool:
    names = ("rate", "base_numerator", "base_denominator", "luxury_rate")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _check(line: Any, asked: RightLine, currency: str) -> None:
    place = f"line-{line.id}"
    for name in ("quantity", "unit_price"):
        figure = getattr(asked, name)
        if figure is not None and not (0 <= figure < _MOST and figure == round(figure, 6)):
            raise Invalid(_("A quantity or a price is not below zero and has at most six decimals."), field=place)
    if asked.discount_percent is not None and not 0 <= asked.discount_percent <= 100:
        raise Invalid(_("A discount is between 0 and 100 percent."), field=place)
    if asked.description is not None and not asked.description.strip():
        raise Invalid(_("A line needs its words."), field=place)


def write_right_draft(
    *,
    batch: Batch,
    invoice: Any,
    bill: Bill,
    orders: Sequence[SalesOrder],
    links: Mapping[UUID, UUID],
    party: Mapping[str, Any],
    tax_treatment: Mapping[str, Any],
    dues: Sequence[tuple[date, Decimal]],
    as_it_was: bool,
    customer_reference: str,
    note: str,
    by: UUID | None,
    at: datetime,
    today: date,
) -> UUID:
    """Add the draft of the invoice as it shall be to the batch, and bill its orders anew. Returns its id.

    The orders are locked and no longer billed by what is put right. `links` name the order line of each line of the
    first invoice; `as_it_was` says that no figure differs, so that the document's rounding holds.

    :raises OverInvoicing: more than is left to bill of an order line; each such line is answered
    """
    nought = Decimal(0)
    advance = nought
    order_ids = [order.id for order in orders]
    paid_down = OrderInvoice.objects.filter(order_id__in=order_ids).values_list("invoice_id", flat=True)
    if bill.rows and order_ids:
        left = down_payments_left(invoice_ids=list(paid_down))
        advance = take_off_down_payments(bill=bill, left=left, currency=invoice.currency)
    points = sum((part.points_discount for part in bill.parts), nought)
    sums = bill.sums()
    if as_it_was and not advance:
        sums["rounding"] = invoice.rounding
    total = owed(sums)
    if total < 0:
        raise Invalid(_("It would come to less than nothing. Write a credit note instead."), field="lines")
    lines = list(SalesOrderLine.objects.filter(order_id__in=order_ids, product_id__isnull=False))
    take = {links[one["line_id"]]: one for one in bill.links if one["line_id"] in links}
    over = [
        {"line": line.position, "line_id": str(line.id), "wanted": take[line.id]["quantity"],
         "available": line.quantity - line.cancelled - line.invoiced}
        for line in lines
        if line.id in take and take[line.id]["quantity"] > line.quantity - line.cancelled - line.invoiced
    ]  # fmt: skip
    if over:
        raise OverInvoicing(lines=over, field="lines")
    reached, opened = {}, {}
    for order in orders:
        own = [line for line in lines if line.order_id == order.id]
        billed = [line.invoiced + (take[line.id]["quantity"] if line.id in take else nought) for line in own]
        reached[order.id] = progress(
            [(amount, line.quantity - line.cancelled) for amount, line in zip(billed, own, strict=True)]
        )
        wanted = in_base(order, total) if len(orders) == 1 else nought
        opened[order.id] = order.exposure if reached[order.id] == "done" else min(wanted, order.exposure)
    is_home = invoice.currency == invoice.company.currency
    payable = total - (collected(bill.rows) if is_home else nought)
    new_dues = move_dues(dues, total=payable, currency=invoice.currency) if dues else []
    draft_id = draft_invoice(
        batch=batch, kind="invoice", company_id=invoice.company_id, branch_id=invoice.branch_id,
        customer_id=invoice.customer_id, salesperson_id=invoice.salesperson_id, party=party,
        term_name=invoice.term_name, term=invoice.term, lines=bill.rows, source_numbers=invoice.source_numbers,
        customer_reference=customer_reference, open_order_amount=sum(opened.values(), nought), advance_net=advance,
        instalments=[{"due_date": day.isoformat(), "amount": str(amount)} for day, amount in new_dues],
        exchange_rate=Decimal(1) if is_home else None, note=note,
        by=by, at=at, today=today,
        totals={
            "currency": invoice.currency, "prices_include_tax": invoice.prices_include_tax,
            "subtotal": sum((row["amount"] for row in bill.rows), nought),
            "discount_percent": invoice.discount_percent,
            "discount_amount": sum((part.document_discount for part in bill.parts), nought) - points,
            "points_used": points_of_part(
                used=invoice.points_used, amount=invoice.points_amount, before=nought, part=points
            ),
            "points_amount": points, **sums, "total": total, "tax_rounding": invoice.tax_rounding,
            "tax_treatment": dict(tax_treatment),
        },
    )  # fmt: skip
    batch.insert(
        OrderLineInvoice,
        [
            {"id": new_id(), "order_line_id": order_line_id, "invoice_line_id": one["invoice_line_id"],
             "quantity": one["quantity"]}
            for order_line_id, one in take.items()
        ],
    )  # fmt: skip
    if len(orders) > 1:
        batch.insert(
            OrderInvoice,
            [{"id": new_id(), "order_id": order.id, "open_amount": opened[order.id]} for order in orders],
            invoice_id=draft_id,
        )
    batch.update_each(
        SalesOrderLine,
        [{"id": line_id, "invoiced": one["quantity"]} for line_id, one in take.items()],
        values={"invoiced": "t.invoiced + v.invoiced"},
    )
    for order in orders:
        batch.update(
            SalesOrder,
            where={"id": order.id},
            values={
                "invoice_progress": reached[order.id], "exposure": order.exposure - opened[order.id], "updated_at": at,
            },
        )  # fmt: skip
    return draft_id
