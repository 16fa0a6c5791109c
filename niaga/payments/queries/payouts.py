"""What gateways paid out to the bank, and whether the bank shows it."""

from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, DateField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from niaga.core.clock import today as day_at
from niaga.organization.access import Actor, access_of
from niaga.payments.models import BankStatement, GatewayPayout, LineSettlement, Payment

FOUND, WAITING, UNCHECKED, MISSING = "found", "waiting", "unchecked", "missing"


def visible_payouts(*, by: Actor, at: datetime) -> QuerySet[Any]:
    """They are the whole company's: who sees only their own payments sees none. Each with its `state` at the bank, the
    `bank_line_id` that shows it, and the day since which it is missed (`missed_on`)."""
    access = access_of(by)
    rows = GatewayPayout.objects.filter(access.filter("payment", branch=None, salesperson=None))
    return _with_state(rows.select_related("account", "bank_account"), day_at(at=at, zone=access.current_company.zone))


def _with_state(rows: QuerySet[GatewayPayout], today: date) -> QuerySet[Any]:
    shown = LineSettlement.objects.filter(payout_id=OuterRef("pk"), reverses=None, reversed_by=None)
    taken = BankStatement.objects.filter(
        status="taken", company_id=OuterRef("company_id"),
        bank_account_id=Coalesce(OuterRef("bank_account_id"), F("bank_account_id")),
    )  # fmt: skip
    through = taken.order_by("-last_date").values("last_date")
    due = ExpressionWrapper(F("date") + F("account__payout_days"), output_field=DateField())
    return rows.annotate(
        bank_line_id=Subquery(shown.values("line_id")[:1]), missed_on=due,
        seen_through=Subquery(through[:1], output_field=DateField()),
    ).annotate(
        state=Case(
            When(bank_line_id__isnull=False, then=Value(FOUND)),
            When(missed_on__gt=today, then=Value(WAITING)),
            When(seen_through__gte=F("missed_on"), then=Value(MISSING)),
            default=Value(UNCHECKED), output_field=CharField(),
        )
    )  # fmt: skip


def may_record_payouts(*, by: Actor) -> bool:
    """Who records payments of the whole company, not of a branch alone."""
    access = access_of(by)
    company = access.current_company.id
    return access.reaches("payment", "record", Payment(company_id=company))


def missing_payouts(*, by: Actor, at: datetime) -> QuerySet[Any]:
    """Those that the bank should show by now and does not, the oldest first."""
    return visible_payouts(by=by, at=at).filter(state=MISSING).order_by("date", "id")
