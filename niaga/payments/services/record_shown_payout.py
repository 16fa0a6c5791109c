from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.errors import Invalid
from niaga.organization.access import Actor, access_of
from niaga.payments.models import GatewayPayout
from niaga.payments.queries.bank_lines import get_line
from niaga.payments.rules.line_parts import PAYOUT, Part
from niaga.payments.services.book_lines import book_line
from niaga.payments.services.book_locked_line import Booking
from niaga.payments.services.record_payout import PayoutDetails, record_payout


@transaction.atomic
def record_shown_payout(
    *, line_id: UUID, account_id: UUID, details: PayoutDetails, by: Actor, at: datetime
) -> GatewayPayout:
    """Record what a gateway paid out as a bank line shows it, and book the line to it, in one deed. The line tells
    amount, bank account, and the day where none is said.

    :raises NotFound: no such line or gateway
    :raises Invalid: the line is another amount, or money that went out
    :raises LineDone: the line is booked already
    :raises Forbidden, PeriodClosed: see `record_payout` and `book_line`
    """
    access_of(by).require("bank", "record")
    line = get_line(line_id=line_id, by=by)
    if details.amount != line.amount:
        raise Invalid(field="amount")
    shown = replace(
        details, bank_account_id=line.bank_account_id, paid_on=details.paid_on or line.date,
        reference=details.reference or line.reference,
    )  # fmt: skip
    payout = record_payout(account_id=account_id, details=shown, by=by, at=at)
    book_line(
        booking=Booking(line_id, [Part(PAYOUT, payout.amount, payout_id=payout.pk)], booked_on=None), by=by, at=at
    )
    return payout
