"""Rounds of tukar faktur, what stands on them, and which invoices wait for one."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from niaga.core.errors import NotFound
from niaga.core.fields import AmountField
from niaga.invoicing.models import ExchangeItem, ExchangeRound, Invoice, InvoiceDue
from niaga.invoicing.queries.exchange_rules import days_of, exchange_rules
from niaga.invoicing.queries.invoices import visible_invoices
from niaga.invoicing.rules.exchange_days import is_exchange_day
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.users import name_of


def exchange_rounds(*, by: Actor) -> QuerySet[ExchangeRound]:
    """Rounds with an invoice that the person may see; with who goes, `size` and what `waits`.

    :raises Forbidden: the person may not see invoices
    """
    access = access_of(by)
    access.require("invoice", "view")
    seen = access.filter(
        "invoice", branch="invoice__branch_id", salesperson="invoice__salesperson_id", company="invoice__company_id"
    )
    mine = ExchangeItem.objects.filter(seen, round_id=OuterRef("pk"))
    return ExchangeRound.objects.filter(Exists(mine), company_id=access.current_company.id).annotate(
        collector=name_of("collector_id"),
        size=Count("items"),
        waits=Count("items", filter=Q(items__outcome="waiting")),
        taken=Count("items", filter=Q(items__outcome="taken")),
    )


def exchange_round(*, round_id: UUID, by: Actor) -> ExchangeRound:
    """:raises NotFound: no such round, or nothing on it that the person may see"""
    found = exchange_rounds(by=by).filter(pk=round_id).first()
    if found is None:
        raise NotFound()
    return found


def round_items(*, round_id: UUID, by: Actor) -> list[ExchangeItem]:
    """What stands on a round, customer by customer in its order: of these what the person may see."""
    seen = visible_invoices(by=by)
    rows = ExchangeItem.objects.filter(round_id=round_id, invoice__in=seen).select_related("invoice__customer")
    return list(
        rows.annotate(open=F("invoice__balance__total") - F("invoice__balance__allocated")).order_by("position")
    )


def standing_of(invoice_id: UUID) -> QuerySet[Any, Any]:
    """Of an invoice that the caller may see: its latest exchange, and whether one is `wanted`. One row."""
    latest = ExchangeItem.objects.filter(invoice_id=OuterRef("pk")).order_by("-id")
    columns = ("outcome", "receipt_number", "received_by_name", "exchanged_date", "promised_date", "next_date",
               "reason", "round_id")  # fmt: skip
    told = {f"exchange_{name}": Subquery(latest.values(name)[:1]) for name in columns}
    told |= {f"exchange_round_{name}": Subquery(latest.values(f"round__{name}")[:1]) for name in ("number", "date")}
    rows = Invoice.objects.filter(pk=invoice_id).annotate(
        **told, wanted=Q(customer__exchange_rule__is_active=True) | Exists(_without_day())
    )  # fmt: skip
    found: QuerySet[Any, Any] = rows.values("id", "wanted", *told)
    return found


def _without_day() -> QuerySet[InvoiceDue]:
    return InvoiceDue.objects.filter(invoice_id=OuterRef("pk"), after_exchange=True, due_date=None)


def to_exchange(*, by: Actor) -> QuerySet[Any]:
    """Open invoices that a customer has not taken in: of customers with a rule, and those due only after it. With
    what is `open`, the round they wait on and why they were refused before."""
    latest = ExchangeItem.objects.filter(invoice_id=OuterRef("pk")).order_by("-decided_at", "-id")
    waiting = ExchangeItem.objects.filter(invoice_id=OuterRef("pk"), outcome="waiting")
    taken = ExchangeItem.objects.filter(invoice_id=OuterRef("pk"), outcome="taken")
    return (
        visible_invoices(by=by)
        .filter(Q(customer__exchange_rule__is_active=True) | Exists(_without_day()), ~Exists(taken), status="issued",
                balance__settled_at=None)
        .exclude(kind="credit_note")
        .annotate(
            open=ExpressionWrapper(F("balance__total") - F("balance__allocated"), AmountField()),
            round_id=Subquery(waiting.values("round_id")[:1]),
            round_number=Subquery(waiting.values("round__number")[:1]),
            round_date=Subquery(waiting.values("round__date")[:1]),
            last_outcome=Subquery(latest.exclude(outcome="waiting").values("outcome")[:1]),
            last_reason=Subquery(latest.exclude(outcome="waiting").values("reason")[:1]),
            next_date=Subquery(latest.exclude(outcome="waiting").values("next_date")[:1]),
        )
        .select_related("customer")
        .defer("party", "note", "terms_text")
    )  # fmt: skip


def proposed(*, day: date, by: Actor) -> list[Any]:
    """What is due for exchange on a day and stands on no round: by customer, the oldest first; each with its customer's
    `rule`. What was missed and is to be tried again by then is among them, whatever the customer's days."""
    rows = list(
        to_exchange(by=by).filter(round_id=None, date__lte=day).order_by("customer__name", "customer_id", "date", "id")
    )
    rules = exchange_rules({row.customer_id for row in rows})
    country = access_of(by).current_company.country
    found = []
    for row in rows:
        rule = rules.get(row.customer_id)
        again = row.next_date is not None and row.next_date <= day
        if again or is_exchange_day(day, days_of(rule, country)):
            row.__dict__["rule"] = rule
            found.append(row)
    return found
