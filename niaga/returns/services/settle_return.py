from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.core.flow import check_move, move
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import Actor, access_of
from niaga.parties.services.write_timeline import write_timeline
from niaga.payments.errors import NothingToPayOut, RefundNeedsApproval
from niaga.payments.services.ask_for_refund import ask_for_pay_out
from niaga.payments.services.pay_out_credit import PayOut, pay_out_credit
from niaga.returns.errors import NoExchange
from niaga.returns.events import ReturnSettled
from niaga.returns.models import Return, ReturnCredit, ReturnCreditNote, ReturnLine, ReturnSettlement
from niaga.returns.queries.credits import Credit, credits_of
from niaga.returns.rules.return_flow import return_flow
from niaga.returns.services.credit_unknown_sale import credit_unknown_sale, draft_anew
from niaga.returns.services.lock_return import lock_return
from niaga.returns.services.share_out import share_out
from niaga.sales.queries.returnable import lock_sold
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.draft_exchange import ExchangeItem, PartOf, draft_exchange


@transaction.atomic
def settle_return(
    *, return_id: UUID, way: str = "credit", refund_way: str = "original", waive_fees: bool = False, note: str = "",
    by: Actor, at: datetime,
) -> Return:  # fmt: skip
    """Credit what came back and stayed (of a claim its part of the price), exactly as it was sold: the share of what
    the invoice's lines say, tax, promotion and points with it, never priced anew. Restocking fees are lines of their
    own. The credit notes are issued at once and settle what is open of their invoices; the rest is the customer's
    credit. With `way` exchange the same goods are written on a new draft order at the same figures; with refund that
    credit goes back in money, by `refund_way` of `pay_out_credit`, as far as payments settle the invoices; where a rule
    asks for a yes, once it is given.

    :raises NotFound: no such return
    :raises Forbidden: the person may not settle, credit or issue
    :raises WrongState: it is not inspected, or (a claim) not authorized
    :raises NotInvoiced: a part of it is not billed yet
    :raises CreditedAlready: nothing is left of it to credit
    :raises NoExchange: a claim, or lines that points paid for
    :raises NothingToPayOut: refund, and no money came in for it that could go back
    :raises NobodyCanApprove: a rule asks for a yes that nobody may give
    :raises PeriodClosed: the books of today's month are closed
    """
    found = Return.objects.filter(pk=return_id).values_list("order_id", flat=True)
    if not found:
        raise NotFound()
    if found[0] is not None:
        lock_sold(found[0])
    rma = lock_return(return_id=return_id, action="settle", by=by)
    if rma.order_id != found[0]:  # its order was found at this moment: that one must be locked first
        raise WrongState()
    verb = "settle_claim" if rma.kind == "claim" else "settle"
    check_move(return_flow, verb, rma.status)
    lines = list(ReturnLine.objects.filter(rma_id=rma.id).select_related("reason", "order_line").order_by("position"))
    credited = credits_of(rma, lines)
    is_exchange, is_refund = way == "exchange" and bool(credited), way == "refund" and bool(credited)
    if is_exchange and rma.kind == "claim":
        raise NoExchange(field="way")
    access_of(by).require("invoice", "credit", rma)
    notes = _credit(rma, credited, waive_fees, by, at) if credited else []
    exchange_id = None
    if is_exchange:
        exchange_id = _send_anew(rma, credited, by, at)
    if is_refund:
        _pay_out(rma, notes, refund_way, by, at)
    settled_as = "exchange" if is_exchange else "refund" if is_refund else "credit" if credited else "nothing"
    _write(rma, verb, settled_as, lines, credited, notes, exchange_id, waive_fees, note, by, at)
    return rma


def _credit(rma: Return, credited: Sequence[Credit], waive_fees: bool, by: Actor, at: datetime) -> list[Any]:
    """A credit note for each invoice, issued; without a document one that corrects none."""
    if rma.without_document:
        return credit_unknown_sale(rma, credited, waive_fees=waive_fees, by=by, at=at)
    reason = ", ".join(dict.fromkeys(one.line.reason.name(rma.company.language) for one in credited))
    notes = []
    for share in share_out(rma, credited, waive_fees=waive_fees):
        note_id = credit_invoice(
            invoice_id=share.invoice_id, quantities=share.quantities, reason=f"{rma.number}: {reason}",
            remarks=share.remarks, fees=share.fees, by=by, at=at,
        )  # fmt: skip
        notes.append(issue_invoice(invoice_id=note_id, by=by, at=at))
    return notes


def _pay_out(rma: Return, notes: Sequence[Any], refund_way: str, by: Actor, at: datetime) -> None:
    """Give the money back that came in for what is credited; what has none stays the customer's credit. Where a rule
    wants a yes it is asked for, and the credit goes back once it is given."""
    went_back = False
    for note in notes:
        details = PayOut(reason=f"{rma.number}: {note.number}", way=refund_way)
        try:
            pay_out_credit(credit_note_id=note.id, details=details, by=by, at=at)
        except NothingToPayOut:
            continue
        except RefundNeedsApproval:
            ask_for_pay_out(credit_note_id=note.id, details=details, by=by, at=at)
        went_back = True
    if not went_back:
        raise NothingToPayOut(field="way")


def _send_anew(rma: Return, credited: Sequence[Credit], by: Actor, at: datetime) -> UUID:
    if rma.order_id is None:
        return draft_anew(rma, credited, by=by, at=at)
    items = [
        ExchangeItem(one.line.order_line_id, one.quantity, _alone(one.line))
        for one in credited
        if one.line.order_line_id is not None
    ]
    return draft_exchange(order_id=rma.order_id, items=items, reference=rma.number or "", by=by, at=at)


def _alone(line: ReturnLine) -> PartOf | None:
    """A part of a bundle is sent alone."""
    if line.part_each is None:
        return None
    return PartOf(line.product_id, line.unit_id, line.description, line.kept)


def _write(
    rma: Return, verb: str, way: str, lines: Sequence[ReturnLine], credited: Sequence[Credit], notes: Sequence[Any],
    exchange_id: UUID | None, waive_fees: bool, note: str, by: Actor, at: datetime,
) -> None:  # fmt: skip
    batch = Batch()
    total = sum((one.total for one in notes), Decimal(0))
    move(
        batch=batch, flow=return_flow, document=rma, move=verb, by=by.id, at=at, values={"settled_at": at},
        note=note.strip(), data={"way": way, "notes": [one.number for one in notes], "credited": str(total)},
    )  # fmt: skip
    batch.update_each(
        ReturnLine,
        [{"id": line.id, "held": line.kept if line.percent is None else Decimal(0)} for line in lines],
        values={"held": "v.held"},
    )
    settlement_id = new_id()
    batch.insert(
        ReturnSettlement,
        [{"id": settlement_id, "rma_id": rma.id, "way": way, "order_id": exchange_id, "fees_waived": waive_fees,
          "note": note.strip()[:2000], "by": by.id, "at": at}],
    )  # fmt: skip
    batch.insert(
        ReturnCreditNote, [{"id": new_id(), "credit_note_id": one.id} for one in notes], settlement_id=settlement_id
    )
    batch.insert(
        ReturnCredit,
        [{"id": new_id(), "line_id": one.line.id, "quantity": one.quantity} for one in credited],
        settlement_id=settlement_id,
    )
    write_timeline(
        batch=batch, customer_id=rma.customer_id, company_id=rma.company_id, kind="return.settled",
        subject_kind="return", subject_id=rma.id, number=rma.number or "", amount=total, currency=rma.currency,
        actor_id=by.id, at=at,
    )  # fmt: skip
    told = tuple(
        {"order_line_id": str(one.line.order_line_id or ""), "product_id": str(one.line.product_id),
         "quantity": str(one.quantity), "reason": one.line.reason.code, "fault": one.line.reason.fault}
        for one in credited
    )  # fmt: skip
    announce(
        batch=batch, company_id=rma.company_id, by=by.id, at=at,
        event=ReturnSettled(
            rma.id, rma.number or "", rma.kind, rma.customer_id, rma.order_id, rma.salesperson_id, way, rma.currency,
            total, tuple(one.id for one in notes), told,
        ),
    )  # fmt: skip
    batch.write()
