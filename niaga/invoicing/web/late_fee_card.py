"""The late fee of an invoice, beside it: what its late days cost so far, and what was charged of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language

from niaga.core.queries.together import Question
from niaga.invoicing.queries.charged_fees import charges_around
from niaga.invoicing.queries.late_fees import LateInvoice, late_question
from niaga.invoicing.rules.late_fee import Segment
from niaga.invoicing.rules.late_fee_words import reckoning
from niaga.invoicing.web.invoice_list import today_of
from niaga.organization.access import access_of


def running_fee(request: HttpRequest, invoice_id: UUID) -> Question[Any]:
    """Nothing where it is not late, or costs nothing."""
    access, today = access_of(request.user), today_of(request)
    may = access.allows("invoice", "waive")

    def told(found: Sequence[LateInvoice]) -> dict[str, Any] | None:
        if not found:
            return None
        [late] = found
        charges = late.charges(upto=today, today=today)
        if not charges:
            return None
        segments = [one for charge in charges for one in charge.segments]
        return {
            "amount": sum((one.amount for one in charges), Decimal(0)), "currency": late.claim.currency,
            "texts": _told(segments, late.terms.percent, late.claim.currency), "may": may, "invoice_id": invoice_id,
            "today": today,
        }  # fmt: skip

    return late_question(company_id=access.current_company.id, today=today, invoice_ids=[invoice_id]).then(told)


def charged_fee(request: HttpRequest, invoice_id: UUID) -> Question[Any]:
    """What was charged of it, or by it."""
    may = access_of(request.user).allows("invoice", "waive")

    def told(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [
            {
                **row, "is_fee": row["fee__invoice_id"] == invoice_id,
                "number": row["invoice__number"], "fee_number": row["fee__invoice__number"],
                "fee_id": row["fee__invoice_id"], "status": row["fee__invoice__status"],
                "texts": _told(_segments(row["segments"]), row["percent"], row["currency"]),
                "may": may and row["left"] > 0 and row["fee__invoice__status"] in ("draft", "issued"),
            }
            for row in rows
        ]  # fmt: skip

    return charges_around(invoice_id).then(told)


def _segments(rows: Sequence[Mapping[str, Any]]) -> list[Segment]:
    return [
        Segment(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]), Decimal(row["open"]))
        for row in rows
    ]  # fmt: skip


def _told(segments: Sequence[Segment], percent: Decimal, currency: str) -> list[str]:
    return reckoning(segments, percent=percent, currency=currency, language=get_language() or "id")
