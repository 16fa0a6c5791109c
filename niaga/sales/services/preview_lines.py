from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.organization.queries.document_context import DocumentContext
from niaga.organization.queries.exchange_rates import Exchange
from niaga.parties.queries.selling_facts import CustomerFacts
from niaga.sales.errors import BadLines
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.price_document import PricedLines, price_document

_UNPRICED = LineInput(kind="note")


@dataclass(frozen=True, slots=True)
class Preview:
    """Lines counted without being written. `faults` answers, by place from 0, each line that could not be."""

    result: PricedLines
    faults: dict[int, dict[str, Any]]


def preview_lines(
    *,
    context: DocumentContext,
    customer: CustomerFacts,
    on: date,
    lines: Sequence[LineInput | None],
    discount_percent: Decimal = Decimal(0),
    discount_amount: Decimal = Decimal(0),
    currency: str | None = None,
    channel_id: UUID | None = None,
    coupon_codes: Sequence[str] = (),
    source_id: UUID | None = None,
    exchange: Exchange | None = None,
) -> Preview:
    """Price what can be priced and say of every other line why not; None stands for a line that could not be read.

    :raises BadLines: the document as a whole cannot be: too many lines, or a discount above the sum
    """
    wanted = [line or _UNPRICED for line in lines]
    faults: dict[int, dict[str, Any]] = {}
    for _turn in range(3):  # unknown products first, then figures out of range, then what is left
        try:
            result = price_document(
                context=context, customer=customer, on=on, lines=wanted, discount_percent=discount_percent,
                discount_amount=discount_amount, currency=currency, channel_id=channel_id,
                coupon_codes=coupon_codes, source_id=source_id, lenient=True, exchange=exchange,
            )  # fmt: skip
        except BadLines as refusal:
            places = [fault for fault in refusal.lines if fault.get("line")]
            if not places:
                raise
            for fault in places:
                faults[fault["line"] - 1] = fault
                wanted[fault["line"] - 1] = _UNPRICED
            continue
        return Preview(result, faults)
    raise BadLines(lines=list(faults.values()))
