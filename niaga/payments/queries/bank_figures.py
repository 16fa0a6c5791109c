"""A bank account, reconciled: what the bank says, what the books say, and what lies between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from niaga.organization.access import Actor, access_of
from niaga.organization.queries.companies import bank_accounts
from niaga.parties.queries.customers import customers_for
from niaga.payments.models import BankLine, BankStatement, GatewayPayout, KnownPayer, LineSettlement, Payment
from niaga.payments.queries.match_facts import stands
from niaga.payments.queries.payout_facts import shown_at_the_bank

NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class BankFigures:
    """`told` is the balance of the latest statement, on `told_on`; None: none says it.

    `told` + what was recorded and stands on no statement - what stands on one and is not booked = `booked`, the balance
    as it should be by what is recorded here.
    """

    told: Decimal | None
    told_on: date | None
    unbooked: Decimal
    left: int
    suspense: Decimal
    unseen: Decimal
    unseen_count: int

    @property
    def unbooked_back(self) -> Decimal:
        return -self.unbooked

    @property
    def booked(self) -> Decimal | None:
        return None if self.told is None else self.told + self.unseen - self.unbooked


def listed_bank_accounts(*, by: Actor) -> QuerySet[Any]:
    """The company's bank accounts in use, each with its latest balance and day, and how many lines are left."""
    access_of(by).require("bank", "view")
    taken = BankStatement.objects.filter(bank_account=OuterRef("pk"), status="taken").order_by("-last_date", "-id")
    waiting = BankLine.objects.filter(bank_account=OuterRef("pk")).exclude(status="settled").order_by()
    left = waiting.values("bank_account").annotate(n=Count("id")).values("n")
    return bank_accounts(by=by).filter(archived_at=None).annotate(
        told=Subquery(taken.values("closing")[:1]), told_on=Subquery(taken.values("last_date")[:1]),
        left=Subquery(left),
    )  # fmt: skip


def bank_figures(*, account: Any, by: Actor) -> BankFigures:
    """Transfers, cleared giros and gateways' payouts count that were recorded here since the first statement."""
    access_of(by).require("bank", "view")
    taken = BankStatement.objects.filter(bank_account_id=account.pk, status="taken").defer("file_bytes")
    last = taken.order_by("-last_date", "-id").first()
    lines = BankLine.objects.filter(bank_account_id=account.pk)
    waiting = lines.filter(status="open").aggregate(sum=Sum("amount"), count=Count("id"))
    parts = LineSettlement.objects.filter(line__bank_account_id=account.pk, role="suspense")
    suspense = parts.aggregate(sum=Sum("amount"))["sum"] or NOUGHT
    unseen: Mapping[str, Any] = _unseen(account.pk, since=last.first_date) if last else {"sum": None, "count": 0}
    return BankFigures(
        told=last.closing if last else None, told_on=last.last_date if last else None,
        unbooked=waiting["sum"] or NOUGHT, left=waiting["count"], suspense=suspense,
        unseen=unseen["sum"] or NOUGHT, unseen_count=unseen["count"],
    )  # fmt: skip


def _unseen(account_id: UUID, *, since: date | None) -> Mapping[str, Any]:
    first = BankStatement.objects.filter(bank_account_id=account_id, status="taken").order_by("first_date")
    day = first.values_list("first_date", flat=True).first() or since
    on_bank = Q(method="transfer") | Q(method="giro", clearing__isnull=False)
    rows = Payment.objects.filter(on_bank, bank_account_id=account_id, status="recorded", date__gte=day)
    payouts = GatewayPayout.objects.filter(bank_account_id=account_id, date__gte=day).exclude(shown_at_the_bank())
    kinds = (rows.exclude(stands("payment", "tie")), payouts)
    found = [kind.aggregate(sum=Sum("amount"), count=Count("id")) for kind in kinds]
    return {
        "sum": sum((one["sum"] or NOUGHT for one in found), NOUGHT), "count": sum(one["count"] for one in found),
    }  # fmt: skip


def known_payers(*, by: Actor) -> QuerySet[Any]:
    """Whose money it was when these accounts and names paid; those whom the person may see as customers."""
    access = access_of(by)
    access.require("bank", "view")
    rows = KnownPayer.objects.filter(access.filter("bank", branch=None, salesperson=None))
    return rows.filter(customer__in=customers_for(by)).annotate(name=F("customer__name")).select_related("customer")
