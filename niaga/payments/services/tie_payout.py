"""A bank line that shows what a gateway paid out: its money was posted when that was recorded, and is not again."""

from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from niaga.payments.errors import NotThisPayout, PayoutTied
from niaga.payments.models import BankLine, GatewayAccount, GatewayPayout, LineSettlement


def tie_payout(*, line: BankLine, payout_id: UUID, amount: Decimal) -> None:
    """Find a recorded payout on a locked line. Its gateway's account is the lock: payouts themselves never change.

    :raises PayoutTied: another line shows it
    :raises NotThisPayout: no such payout; another amount, currency or bank account
    """
    payout = GatewayPayout.objects.filter(pk=payout_id, company_id=line.company_id).first()
    if payout is None:
        raise NotThisPayout(field="parts")
    # who records a payout names the account before they come to the line: they need not wait here
    GatewayAccount.objects.select_for_update(no_key=True).get(pk=payout.account_id)
    elsewhere = payout.bank_account_id not in (None, line.bank_account_id)
    if payout.amount != amount or payout.currency != line.currency or elsewhere:
        raise NotThisPayout(field="parts")
    standing = LineSettlement.objects.filter(payout_id=payout_id).aggregate(sum=Sum("amount"))["sum"]
    if standing:
        raise PayoutTied(field="parts")
