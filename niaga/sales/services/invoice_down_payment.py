from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.core.rules.formatting import format_number
from niaga.invoicing.services.draft_invoice import draft_invoice
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.selling_facts import customer_facts, term_parts
from niaga.sales.errors import OverInvoicing
from niaga.sales.models import OrderInvoice, SalesOrder
from niaga.sales.services.bill_lines import SUMS, owed
from niaga.sales.services.document_money import in_base
from niaga.sales.services.down_payment_parts import down_payment_parts


@transaction.atomic
def invoice_down_payment(
    *, order_id: UUID, percent: Decimal | None = None, amount: Decimal | None = None, by: Actor, at: datetime
) -> UUID:
    """Write a draft invoice for money before goods: `percent` of the order, or an `amount` with its tax.

    One line for each way the order is taxed, so that the later invoice takes off net and tax alike. Returns its id.

    :raises NotFound: no such order
    :raises Forbidden: the person may not write invoices
    :raises WrongState: the order is not confirmed
    :raises Invalid: neither or both were given, or out of range
    :raises OverInvoicing: more than what is not yet invoiced of the order
    """
    order = SalesOrder.objects.select_for_update(of=("self",)).select_related("branch").filter(pk=order_id).first()
    if order is None:
        raise NotFound()
    access_of(by).require("invoice", "create", order)
    if order.status != "confirmed":
        raise WrongState()
    parts = down_payment_parts(order, percent=percent, amount=amount)
    sums = {name: sum((getattr(taxed, name) for _line, taxed in parts), Decimal(0)) for name in SUMS}
    total = owed(sums)
    left = order.exposure
    if order.exchange_rate != 1 and order.exchange_rate is not None:
        left = round_amount(order.exposure / order.exchange_rate, order.currency)
    if total > left:
        raise OverInvoicing(field="percent" if amount is None else "amount", available=left)
    opened = order.exposure if total == left else min(in_base(order, total), order.exposure)
    customer = customer_facts(customer_id=order.customer_id)
    assert customer is not None
    _name, term = term_parts(term_id=None)
    text = _("Down payment, order %(number)s") % {"number": order.number}
    if percent is not None:
        share = format_number(percent, customer.language or "id")
        text = _("Down payment %(percent)s %%, order %(number)s") % {"percent": share, "number": order.number}

    included = amount is not None
    rows: list[dict[str, Any]] = []
    for place, (line, taxed) in enumerate(parts, 1):
        shown = taxed.total if included else taxed.net
        rows.append(
            {
                "id": new_id(), "position": place, "kind": "charge", "description": text, "quantity": Decimal(1),
                "unit_price": shown, "amount": shown, "net": taxed.net, "other_tax_base": taxed.other_tax_base,
                "tax": taxed.tax, "luxury_rate": line["luxury_rate"], "luxury_tax": taxed.luxury_tax,
                "tax_category_id": line["tax_category_id"], "tax_code": line["tax_code"],
                "tax_rate": line["tax_rate"], "base_numerator": line["base_numerator"],
                "base_denominator": line["base_denominator"],
            }
        )  # fmt: skip
    batch = Batch()
    invoice_id = draft_invoice(
        batch=batch, kind="down_payment", company_id=order.company_id, branch_id=order.branch_id,
        customer_id=order.customer_id, salesperson_id=order.salesperson_id,
        party=customer.frozen_party(order.billing_address), term_name="", term=term, lines=rows,
        source_numbers=[order.number],
        customer_reference=order.customer_reference, open_order_amount=opened, advance_net=-sums["net"],
        exchange_rate=order.exchange_rate, by=by.id,
        at=at, today=day_at(at=at, zone=order.branch.zone),
        totals={
            "currency": order.currency, "prices_include_tax": included,
            "subtotal": sum((row["amount"] for row in rows), Decimal(0)), **sums, "total": total,
            "tax_rounding": order.tax_rounding, "tax_treatment": order.tax_treatment,
        },
    )  # fmt: skip
    batch.insert(OrderInvoice, [{"order_id": order.id, "invoice_id": invoice_id, "open_amount": opened}])
    batch.update(
        SalesOrder,
        where={"id": order.id},
        values={"exposure": order.exposure - opened, "version": Sql("t.version + 1"), "updated_at": at},
    )
    batch.write()
    return invoice_id
