"""A bank line that shows a payment which was recorded before, or takes back a giro: nothing is posted twice."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from niaga.organization.access import Actor
from niaga.payments.errors import AlreadyTied, NotThisPayment
from niaga.payments.models import BankLine, Payment
from niaga.payments.queries.bank_lines import stands_on_line
from niaga.payments.queries.locked import lock_payment
from niaga.payments.services.clear_giro import clear_giro
from niaga.payments.services.reverse_payment import reverse_payment


def tie_payment(*, line: BankLine, payment_id: UUID, amount: Decimal, day: date, by: Actor, at: datetime) -> UUID:
    """Find a recorded transfer or giro on a locked line; a giro that still waits is cleared by it. Returns whose it is.

    :raises AlreadyTied: another line shows it
    :raises NotThisPayment: another amount, currency, account or way; or it was reversed
    """
    payment = _checked(line, payment_id, amount)
    if payment.status != "recorded" or payment.method not in ("transfer", "giro"):
        raise NotThisPayment(field="parts")
    if stands_on_line(payment_id, "payment", "tie"):
        raise AlreadyTied(field="parts")
    if payment.method == "giro" and getattr(payment, "clearing", None) is None:
        clear_giro(payment_id=payment_id, cleared_on=max(day, payment.date), by=by, at=at)
    return payment.customer_id


def return_giro(*, line: BankLine, payment_id: UUID, amount: Decimal, by: Actor, at: datetime) -> UUID:
    """The bank takes a giro back, on the line's day; one that somebody returned by hand before is not reversed again.
    Returns whose it is.

    :raises AlreadyTied: another line took it back
    :raises NotThisPayment: no giro of this amount, or one that was reversed as a mistake
    """
    payment = _checked(line, payment_id, -amount)
    reversal = getattr(payment, "reversal", None)
    if payment.method != "giro" or (reversal is not None and not reversal.bounced):
        raise NotThisPayment(field="parts")
    if stands_on_line(payment_id, "giro_return"):
        raise AlreadyTied(field="parts")
    if reversal is None:
        reverse_payment(
            payment_id=payment_id, reason=line.text[:500], bounced=True, returned_on=line.date, by=by, at=at
        )
    return payment.customer_id


def _checked(line: BankLine, payment_id: UUID, amount: Decimal) -> Payment:
    payment = lock_payment(payment_id)
    elsewhere = payment.bank_account_id not in (None, line.bank_account_id)
    if payment.company_id != line.company_id or payment.currency != line.currency:
        raise NotThisPayment(field="parts")
    if payment.amount != amount or elsewhere:
        raise NotThisPayment(field="parts")
    return payment
