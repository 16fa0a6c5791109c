"""Payments that a bank line may show: recorded before and on no statement, or giros that it may take back."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from niaga.core.queries.together import Question
from niaga.organization.access import Actor
from niaga.payments.models import BankLine, GatewayPayout
from niaga.payments.queries.match_facts import stands
from niaga.payments.queries.payments import visible_payments
from niaga.payments.queries.payout_facts import shown_at_the_bank

MOST = 8
LONG = timedelta(days=200)
MOST_KEPT = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class TieChoice:
    """`amount` is of the line's sign."""

    payment_id: UUID
    number: str
    customer: str
    date: date
    amount: Decimal
    reference: str


@dataclass(frozen=True, slots=True)
class PayoutChoice:
    """A gateway's payout that no line shows yet."""

    payout_id: UUID
    name: str
    date: date
    amount: Decimal
    reference: str


def payout_choices(*, line: BankLine, room: Decimal) -> Question[list[PayoutChoice]]:
    """Those that a line may show: of its bank account or of none, and not far above it."""
    rows = GatewayPayout.objects.filter(
        Q(bank_account=None) | Q(bank_account_id=line.bank_account_id), company_id=line.company_id,
        currency=line.currency, amount__lte=room + MOST_KEPT,
        date__range=(line.date - LONG, line.date + timedelta(days=8)),
    ).exclude(shown_at_the_bank())  # fmt: skip
    if room <= 0:
        rows = rows.none()
    names = ("id", "account__name", "date", "amount", "reference")
    told = rows.order_by("-amount", "-date", "-id").values(*names)[:MOST]
    return Question(told, lambda found: [PayoutChoice(*(row[name] for name in names)) for row in found])


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
