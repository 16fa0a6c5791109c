from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound, Refusal
from niaga.invoicing.services.allocate import lock_open_invoices
from niaga.organization.access import Actor
from niaga.parties.queries.credit import lock_credit_accounts
from niaga.payments.errors import GiroNotReturned
from niaga.payments.models import BankLine
from niaga.payments.queries.bank_lines import lock_lines
from niaga.payments.queries.locked import customers_of_payments
from niaga.payments.rules.line_parts import GIRO_RETURN
from niaga.payments.services.book_locked_line import Booking, book_locked_line
from niaga.payments.services.charge_giro_fee import charge_giro_fee
from niaga.payments.services.learn_payers import learn_payers


@transaction.atomic
def book_line(*, booking: Booking, by: Actor, at: datetime) -> BankLine:
    """Book a bank line: what came in or went out, part by part, each posted once. A suspense line is resolved so.

    :raises NotFound: no such line, customer, invoice or payment
    :raises Forbidden: the person may not book bank lines, or not record payments
    :raises LineDone: somebody booked it first
    :raises PartsDiffer: the parts do not make the amount, or one cannot be
    :raises AlreadyTied: a payment stands on another line
    :raises NotThisPayment: a payment does not fit the line
    :raises AllocatedTooMuch: an invoice is not so much open any more
    :raises GiroNotReturned: a fee is to be charged, and it returns no giro
    :raises GiroFeeCharged: the return was recorded before, and charged
    :raises PeriodClosed: the books of that month are closed
    """
    lines = _locked([booking])
    if booking.line_id not in lines:
        raise NotFound(field="line")
    line = lines[booking.line_id]
    whose = book_locked_line(line=line, booking=booking, by=by, at=at)
    _learn([(line, whose)], at)
    if booking.giro_fee is not None:
        _charge(booking, booking.giro_fee, by, at)
    return line


def _charge(booking: Booking, fee: Decimal, by: Actor, at: datetime) -> None:
    """The customers of the giros that the line returns, in the order of their payments."""
    returned = sorted(part.payment_id for part in booking.parts if part.kind == GIRO_RETURN and part.payment_id)
    if not returned:
        raise GiroNotReturned(field="giro_fee")
    for payment_id in returned:
        charge_giro_fee(payment_id=payment_id, amount=fee, by=by, at=at)


@transaction.atomic
def book_lines(*, bookings: Sequence[Booking], by: Actor, at: datetime) -> dict[UUID, Refusal]:
    """Book many lines in one deed. Returns why some were left, by line: the others are booked.

    Everything that any of them decides by is locked first, each kind in key order; then one after the other, by year:
    numbers are drawn in the order of their series.
    """
    lines = _locked(bookings)
    named = {invoice_id for booking in bookings for part in booking.parts for invoice_id, _amount in part.shares}
    lock_open_invoices(invoice_ids=sorted(named))
    left: dict[UUID, Refusal] = {}
    booked = []
    for booking in sorted(bookings, key=lambda one: _year(lines.get(one.line_id))):
        line = lines.get(booking.line_id)
        if line is None:
            left[booking.line_id] = NotFound(field="line")
            continue
        try:
            with transaction.atomic():
                booked.append((line, book_locked_line(line=line, booking=booking, by=by, at=at)))
        except Refusal as refusal:
            left[booking.line_id] = refusal
    _learn(booked, at)
    return left


def _locked(bookings: Sequence[Booking]) -> dict[UUID, BankLine]:
    """The lines, after the credit accounts of all who are named."""
    parts = [part for booking in bookings for part in booking.parts]
    people = {part.customer_id for part in parts if part.customer_id}
    people |= customers_of_payments({part.payment_id for part in parts if part.payment_id})
    if people:
        lock_credit_accounts(people)
    return {line.pk: line for line in lock_lines([booking.line_id for booking in bookings])}


def _learn(booked: Sequence[tuple[BankLine, Sequence[UUID]]], at: datetime) -> None:
    batch = Batch()
    learn_payers(batch=batch, booked=[(line, who[0]) for line, who in booked if len(who) == 1], at=at)
    batch.write()


def _year(line: BankLine | None) -> tuple[int, str]:
    return (line.date.year, str(line.pk)) if line else (0, "")
