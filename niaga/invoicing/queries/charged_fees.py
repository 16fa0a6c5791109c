"""What was charged of late days, what was let go of it, and what turned out not to be owed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Least

from niaga.core.errors import NotFound
from niaga.core.queries.keyset import after
from niaga.core.queries.together import Question
from niaga.invoicing.models import Allocation, Invoice, InvoiceLine, LateFee, LateFeeDays, LateFeeWaiver
from niaga.invoicing.queries.late_fees import claims_of
from niaga.invoicing.rules.late_fee import Claim, cap_of, cost_of, segments_of
from niaga.organization.access import Actor, access_of

_MONEY = DecimalField(max_digits=19, decimal_places=4)


def _sum(rows: QuerySet[Any, Any], key: str, name: str) -> Coalesce:
    total = rows.order_by().values(key).annotate(total=Sum(name)).values("total")
    return Coalesce(Subquery(total), Value(Decimal(0)), output_field=_MONEY)


def _left() -> Least:
    """What is still charged, without tax: not waived, and not credited by hand either."""
    waived = LateFeeWaiver.objects.filter(days_id=OuterRef("pk"))
    notes = InvoiceLine.objects.filter(
        credits_line_id=OuterRef("line_id"), invoice__kind="credit_note", invoice__status__in=("draft", "issued")
    )
    line = Subquery(InvoiceLine.objects.filter(pk=OuterRef("line_id")).values("net")[:1], output_field=_MONEY)
    return Least(F("amount") - _sum(waived, "days_id", "amount"), line - _sum(notes, "credits_line_id", "net"))


def still_charged(days_id: UUID) -> Decimal:
    """What of charged days was neither waived nor credited, without tax; the caller holds the fee invoice's lock."""
    found: Decimal = LateFeeDays.objects.filter(pk=days_id).values_list(_left(), flat=True).get()
    return found


def late_fees(*, by: Actor) -> QuerySet[Any]:
    """Fee invoices that the person may see, discarded ones too, each with `charged` and `waived`, without tax."""
    seen = access_of(by).filter(
        "invoice", company="company_id", branch="invoice__branch_id", salesperson="invoice__salesperson_id"
    )
    charged = LateFeeDays.objects.filter(fee_id=OuterRef("pk"))
    waived = LateFeeWaiver.objects.filter(days__fee_id=OuterRef("pk"))
    return (
        LateFee.objects.filter(seen, released_at=None)
        .select_related("customer", "invoice")
        .annotate(charged=_sum(charged, "fee_id", "amount"), waived=_sum(waived, "days__fee_id", "amount"))
    )


def see_charge(*, days_id: UUID, by: Actor) -> LateFeeDays:
    """Charged days, with the fee invoice.

    :raises NotFound: none, or none of an invoice that the person may see
    """
    seen = access_of(by).filter(
        "invoice", company="invoice__company_id", branch="invoice__branch_id", salesperson="invoice__salesperson_id"
    )
    found = LateFeeDays.objects.filter(seen, pk=days_id, released_at=None).select_related("fee__invoice").first()
    if found is None:
        raise NotFound()
    return found


def charges(*, by: Actor) -> QuerySet[Any]:
    """Charged days of invoices that the person may see, each with `waived` and the fee invoice's id."""
    seen = access_of(by).filter(
        "invoice", company="invoice__company_id", branch="invoice__branch_id", salesperson="invoice__salesperson_id"
    )
    waived = LateFeeWaiver.objects.filter(days_id=OuterRef("pk"))
    return LateFeeDays.objects.filter(seen, released_at=None).annotate(
        waived=_sum(waived, "days_id", "amount"), left=_left(), fee_invoice_id=F("fee__invoice_id")
    )


def charges_around(invoice_id: UUID) -> Question[list[Mapping[str, Any]]]:
    """Asks what was charged of an invoice, or by a fee invoice; for who may see it."""
    waived = LateFeeWaiver.objects.filter(days_id=OuterRef("pk"))
    rows = LateFeeDays.objects.filter(Q(invoice_id=invoice_id) | Q(fee__invoice_id=invoice_id), released_at=None)
    return Question(
        rows.order_by("invoice__number", "first")
        .annotate(waived=_sum(waived, "days_id", "amount"), left=_left())
        .values(
            "id", "invoice_id", "invoice__number", "first", "last", "currency", "percent", "amount", "waived", "left",
            "segments", "fee__invoice_id", "fee__invoice__number", "fee__invoice__status",
        ),
        list,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotOwed:
    """Charged days that cost less by what is known now: `excess`, without tax, is to be credited."""

    days: LateFeeDays
    excess: Decimal


NOT_OWED_ORDER = ("-at", "-id")
_AT_ONCE, _LONGEST = 200, 25


class NotOwedPage(NamedTuple):
    """`next_id` leads on to those that were charged before; None: there are none."""

    rows: list[NotOwed]
    next_id: UUID | None


def perhaps_not_owed(*, by: Actor) -> QuerySet[Any]:
    """Issued fees of days about which something was learned since: a payment was dated back, or what was late was
    credited. Whether they are owed is judged by `judge_fees`."""
    settled = Allocation.objects.filter(invoice_id=OuterRef("invoice_id"), at__gte=OuterRef("at"))
    notes = Invoice.objects.filter(
        credits_id=OuterRef("invoice_id"), kind="credit_note", status="issued", issued_at__gte=OuterRef("at")
    )
    learned = Exists(settled.filter(date__lte=OuterRef("last"))) | Exists(notes)
    rows = charges(by=by).filter(
        learned, company_id=access_of(by).current_company.id, fee__invoice__status="issued", left__gt=0
    )
    return rows.select_related("fee__invoice", "invoice__customer", "due").order_by(*NOT_OWED_ORDER)


def judge_fees(rows: Sequence[Any], *, by: Actor, today: date) -> list[NotOwed]:
    """Of charged days those that turned out not to be owed, or not so much. Judged by the terms by which they were
    charged, the cap too: what was charged first fills it. Two statements, whatever was charged; nothing is changed by
    asking."""
    if not rows:
        return []
    owed = _owed_now({row.invoice_id for row in rows}, access_of(by).current_company.id, today)
    return [NotOwed(row, excess) for row in rows if (excess := row.left - owed[row.pk]) > 0]


def not_owed(*, by: Actor, today: date, after_id: UUID | None = None, most: int = 50) -> NotOwedPage:
    """Fees of days that were not owed, the newest first, some `most` at a time: all of the charges that were looked
    at. What follows `after_id`, the last that was looked at before."""
    rows = perhaps_not_owed(by=by)
    found: list[NotOwed] = []
    last = charges(by=by).filter(pk=after_id).first() if after_id else None
    for _turn in range(_LONGEST):
        asked = rows if last is None else rows.filter(after(NOT_OWED_ORDER, (last.at, last.pk)))
        listed = list(asked[: _AT_ONCE + 1])
        looked_at = listed[:_AT_ONCE]
        found += judge_fees(looked_at, by=by, today=today)
        if len(listed) <= _AT_ONCE:
            return NotOwedPage(found, None)
        last = looked_at[-1]
        if len(found) >= most:
            break
    assert last is not None
    return NotOwedPage(found, last.pk)


def _owed_now(invoice_ids: Collection[UUID], company_id: UUID, today: date) -> dict[UUID, Decimal]:
    """By charged days what they cost as their invoices are known now, never more than was charged."""
    claims = claims_of(company_id=company_id, today=today, invoice_ids=invoice_ids)
    rows = LateFeeDays.objects.filter(invoice_id__in=invoice_ids, released_at=None).select_related("due")
    found: dict[UUID, Decimal] = {}
    sums: dict[UUID, Decimal] = {}
    for row in rows.order_by("at", "due__position"):
        before = sums.get(row.invoice_id, Decimal(0))
        claim = claims.get(row.invoice_id)  # none: nobody can tell any more
        found[row.pk] = row.amount if claim is None else _cost_now(row, claim, before)
        sums[row.invoice_id] = before + found[row.pk]
    return found


def _cost_now(row: LateFeeDays, claim: Claim, before: Decimal) -> Decimal:
    """What the days cost; `before` is what days of the same invoice do that were charged before."""
    place = [part.key for part in claim.parts].index(row.due_id)
    segments = segments_of(claim, place, first=row.first, last=row.last, promises=row.promise_stops)
    cost = min(cost_of(segments, row.percent, row.fixed, row.currency), row.amount)
    return cost if row.cap_percent is None else max(min(cost, cap_of(claim, row.cap_percent) - before), Decimal(0))
