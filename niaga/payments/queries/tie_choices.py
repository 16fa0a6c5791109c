"""Payments that a bank line may show: recorded before and on no statement, or giros that it may take back."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from niaga.organization.access import Actor
from niaga.payments.models import BankLine
from niaga.payments.queries.match_facts import stands
from niaga.payments.queries.payments import visible_payments

MOST = 8
LONG = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class TieChoice:
    """`amount` is of the line's sign."""

    payment_id: UUID
    number: str
    customer: str
    date: date
    amount: Decimal
    reference: str


def tie_choices(*, line: BankLine, room: Decimal, by: Actor) -> list[TieChoice]:
    """Those that are in `room`, the nearest to it first. One statement."""
    rows = visible_payments(by=by).filter(currency=line.currency, amount__lte=abs(room)).filter(
        Q(bank_account=None) | Q(bank_account_id=line.bank_account_id)
    )  # fmt: skip
    if room > 0:
        window = (line.date - LONG, line.date + timedelta(days=8))
        rows = rows.filter(status="recorded", method__in=("transfer", "giro"), date__range=window)
        rows = rows.exclude(stands("payment", "tie"))
    else:
        back = Q(status="recorded") | Q(reversal__bounced=True)
        rows = rows.filter(back, method="giro", date__range=(line.date - LONG, line.date)).exclude(
            stands("giro_return")
        )
    sign = 1 if room > 0 else -1
    return [
        TieChoice(one.pk, one.number, one.customer.name, one.date, sign * one.amount, one.reference)
        for one in rows.select_related("customer").order_by("-amount", "-date", "-id")[:MOST]
    ]
