from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.invoicing.queries.crediting import lock_issued_invoice
from niaga.invoicing.rules.crediting import Charge, Fee
from niaga.invoicing.services.draft_credit_note import draft_credit_note
from niaga.organization.access import Actor, access_of
from niaga.sales.models import OrderLineInvoice, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import progress
from niaga.sales.services.discard_invoice import orders_of_invoice


@transaction.atomic
def credit_invoice(
    *,
    invoice_id: UUID,
    quantities: Mapping[UUID, Decimal] | None = None,
    reason: str,
    bill_again: bool = False,
    remarks: Mapping[UUID, str] | None = None,
    fees: Mapping[UUID, Fee] | None = None,
    charges: Sequence[Charge] = (),
    by: Actor,
    at: datetime,
) -> UUID:
    """Write a draft credit note of an issued invoice: all that is left of it, or `quantities` by invoice line.

    `remarks` say by invoice line what its credit is for; `fees` keep a part of it, each as a line of its own, as
    `charges` do. With `bill_again` what is credited counts as not invoiced on its order, so that a right invoice
    can follow.
    Returns the note's id; it takes effect when it is issued.

    :raises NotFound: no such issued invoice, or a named line is not one of it
    :raises Forbidden: the person may not credit it
    :raises ReasonMissing: no reason was given
    :raises CreditsTooMuch: more than was invoiced and not yet credited; each such line is answered
    :raises NothingToCredit: nothing is left
    """
    locked = orders_of_invoice(invoice_id)  # a bill that takes a down payment off holds them too
    orders = {order.id: order for order in locked} if bill_again else {}
    invoice = lock_issued_invoice(invoice_id)
    access_of(by).require("invoice", "credit", invoice)
    reopens = bool(orders) and all(order.status == "confirmed" for order in orders.values()) and len(orders) == 1
    batch = Batch()
    note = draft_credit_note(
        batch=batch, invoice=invoice, home=invoice.company.currency, quantities=quantities, reason=reason,
        open_order_amount=None if reopens else Decimal(0), by=by.id, at=at,
        today=day_at(at=at, zone=invoice.branch.zone), remarks=remarks, fees=fees, charges=charges,
    )  # fmt: skip
    if orders:
        links = OrderLineInvoice.objects.filter(invoice_line__invoice_id=invoice_id)
        undone: dict[UUID, Decimal] = {}
        rows = []
        for order_line_id, line_id in links.values_list("order_line_id", "invoice_line_id"):
            if line_id in note.lines:
                note_line_id, quantity = note.lines[line_id]
                undone[order_line_id] = undone.get(order_line_id, Decimal(0)) + quantity
                rows.append(
                    {"id": new_id(), "order_line_id": order_line_id, "invoice_line_id": note_line_id,
                     "quantity": -quantity}
                )  # fmt: skip
        batch.insert(OrderLineInvoice, rows)
        batch.update_each(
            SalesOrderLine,
            [{"id": line_id, "invoiced": quantity} for line_id, quantity in undone.items()],
            values={"invoiced": "t.invoiced - v.invoiced"},
        )
        for order in orders.values():
            own = SalesOrderLine.objects.filter(order_id=order.id, product_id__isnull=False)
            reached = progress(
                [(line.invoiced - undone.get(line.id, Decimal(0)), line.quantity - line.cancelled) for line in own]
            )
            batch.update(
                SalesOrder,
                where={"id": order.id},
                values={
                    "invoice_progress": reached,
                    "exposure": order.exposure + (note.base_total if reopens else Decimal(0)),
                    "updated_at": at,
                },
            )  # fmt: skip
    batch.write()
    return note.id
