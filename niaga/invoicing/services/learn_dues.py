from collections.abc import Sequence
from datetime import date

from niaga.core.batch import Batch
from niaga.invoicing.models import Invoice, InvoiceBalance, InvoiceDue
from niaga.invoicing.rules.next_due import next_due
from niaga.parties.rules.terms import due_parts, frozen_parts


def learn_dues(*, batch: Batch, invoices: Sequence[Invoice], exchanged: date | None) -> None:
    """Give the parts that count from the exchange their days, or with None take them back, in the caller's batch. Locks
    the balances in key order. The invoices stay as they are: dues and balance stand beside them."""
    ids = [invoice.pk for invoice in invoices]
    waiting = set(
        InvoiceDue.objects.filter(invoice_id__in=ids, after_exchange=True).values_list("invoice_id", flat=True)
    )
    if not waiting:
        return
    locked = InvoiceBalance.objects.select_for_update().filter(invoice_id__in=waiting).order_by("invoice_id")
    allocated = dict(locked.values_list("invoice_id", "allocated"))
    dues, balances = [], []
    for invoice in invoices:
        if invoice.pk not in waiting:
            continue
        assert invoice.date is not None
        parts = due_parts(
            frozen_parts(invoice.term), invoice_date=invoice.date, total=invoice.payable, currency=invoice.currency,
            exchanged=exchanged,
        )  # fmt: skip
        dues += [
            {"invoice_id": invoice.pk, "position": part.position, "due_date": part.due_date}
            for part in parts if part.after_exchange
        ]  # fmt: skip
        balances.append({"invoice_id": invoice.pk, "due_date": next_due(parts, allocated=allocated[invoice.pk])})
    batch.update_each(InvoiceDue, dues, key=("invoice_id", "position"), values={"due_date": "v.due_date"})
    batch.update_each(InvoiceBalance, balances, key=("invoice_id",), values={"due_date": "v.due_date"})
