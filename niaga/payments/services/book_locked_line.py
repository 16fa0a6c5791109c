from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid
from niaga.invoicing.queries.invoices import visible_invoices
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.branches import branches
from niaga.organization.queries.exchange_rates import exchange_on
from niaga.payments.errors import LineDone, PartsDiffer
from niaga.payments.models import BankLine
from niaga.payments.queries.bank_lines import settlements_of
from niaga.payments.rules.line_parts import (
    ACCOUNT,
    GIRO_RETURN,
    PAYMENT,
    PAYOUT,
    SUSPENSE,
    TIE,
    BadParts,
    Part,
    check_parts,
)
from niaga.payments.services.post_bank_part import post_back, post_bank_part
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.settle_line import settle_line, taken_back
from niaga.payments.services.tie_payment import return_giro, tie_payment
from niaga.payments.services.tie_payout import tie_payout
from niaga.payments.wording import FAULTS_OF_PARTS

_ORDER = {TIE: 0, GIRO_RETURN: 1, PAYMENT: 2, PAYOUT: 3, ACCOUNT: 4}


@dataclass(frozen=True, slots=True)
class Booking:
    """What becomes of a line. `version` is that of the line as the person saw it; `booked_on` is the day of the books,
    the line's own where it is not said: another is needed where its month is closed. `giro_fee` is what the customer of
    each giro that it returns is charged; `book_line` alone takes it."""

    line_id: UUID
    parts: Sequence[Part]
    version: int | None = None
    how: str = "person"
    note: str = ""
    booked_on: date | None = None
    giro_fee: Decimal | None = None


def book_locked_line(*, line: BankLine, booking: Booking, by: Actor, at: datetime) -> list[UUID]:
    """Write what a locked line is, all of it; of one in suspense, the part that was. The credit accounts of all the
    customers in it are locked by the caller. Returns the customers whose money it was.

    :raises LineDone: it is settled, or somebody changed it since it was seen
    :raises PartsDiffer: the parts do not make the amount, or one of them cannot be
    :raises Invalid: a day before the line's or in the future
    """
    access_of(by).require("bank", "record", company_id=line.company_id)
    if line.status == "settled" or (booking.version is not None and booking.version != line.version):
        raise LineDone(field="line")
    before = [one for one in settlements_of([line.pk]) if one.role == SUSPENSE] if line.status == "suspense" else []
    room = sum((one.amount for one in before), Decimal(0)) if before else line.amount
    try:
        check_parts(booking.parts, room)
    except BadParts as error:
        raise PartsDiffer(FAULTS_OF_PARTS[error.code], field="parts") from error
    day = booking.booked_on or line.date
    if not line.date <= day <= max(day_at(at=at, zone=line.company.zone), line.date):
        raise Invalid(_("A line is booked between its own day and today."), field="booked_on")

    parts = sorted(booking.parts, key=lambda part: _ORDER[part.kind])
    rows = [_settled(line, part, day, booking, by, at) for part in parts]
    batch = Batch()
    exchange = exchange_on(company=line.company, currency=line.currency, on=day)
    shared: dict[str, Any] = {"batch": batch, "line": line, "day": day, "by": by, "at": at}
    for part, row in zip(parts, rows, strict=True):
        if part.kind == ACCOUNT:
            row["entry_id"] = post_bank_part(part=part, exchange=exchange, **shared)
    whose = list(dict.fromkeys(row["customer_id"] for row in rows if row["customer_id"]))
    rows += [
        taken_back(standing, day=day, by=by, at=at, entry_id=post_back(standing=standing, **shared))
        for standing in before
    ]
    after = "suspense" if any(part.role == SUSPENSE for part in parts) else "settled"
    settle_line(batch=batch, line=line, rows=rows, after=after, verb="book", by=by, at=at, note=booking.note)
    batch.write()
    return whose


def _settled(line: BankLine, part: Part, day: date, booking: Booking, by: Actor, at: datetime) -> dict[str, Any]:
    """The row of a part; a payment is recorded, tied or returned first."""
    row: dict[str, Any] = {
        "company_id": line.company_id, "line_id": line.pk, "kind": part.kind, "amount": part.amount, "role": part.role,
        "payment_id": part.payment_id, "payout_id": part.payout_id, "customer_id": part.customer_id, "entry_id": None,
        "how": booking.how, "note": booking.note[:200], "reverses_id": None, "date": day, "at": at, "by": by.id,
    }  # fmt: skip
    if part.kind == TIE:
        row["customer_id"] = tie_payment(
            line=line, payment_id=_payment(part), amount=part.amount, day=day, by=by, at=at
        )
    elif part.kind == GIRO_RETURN:
        row["customer_id"] = return_giro(line=line, payment_id=_payment(part), amount=part.amount, by=by, at=at)
    elif part.kind == PAYMENT:
        row["payment_id"] = _recorded(line, part, day, by, at)
    elif part.kind == PAYOUT:
        assert part.payout_id is not None
        tie_payout(line=line, payout_id=part.payout_id, amount=part.amount)
    return row


def _recorded(line: BankLine, part: Part, day: date, by: Actor, at: datetime) -> UUID:
    assert part.customer_id is not None
    seen = visible_invoices(by=by).filter(pk__in=[key for key, _amount in part.shares]).order_by("id")
    first = seen.values_list("branch_id", flat=True).first() or branches(by=by).values_list("id", flat=True).first()
    assert first is not None
    payment = record_payment(
        customer_id=part.customer_id, branch_id=first, invoices=list(part.shares), by=by, at=at,
        details=PaymentDetails(
            method="transfer", currency=line.currency, amount=part.amount, bank_account_id=line.bank_account_id,
            reference=(line.reference or line.text)[:80], note=line.text[:1000], paid_on=day,
        ),
    )  # fmt: skip
    return payment.id


def _payment(part: Part) -> UUID:
    assert part.payment_id is not None
    return part.payment_id
