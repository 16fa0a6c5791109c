from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.organization.queries.document_context import document_context
from niaga.parties.queries.selling_facts import customer_facts
from niaga.sales.models import Quotation, QuotationLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.document_money import frozen_exchange
from niaga.sales.services.price_document import PricedLines, price_document
from niaga.sales.services.promoted_lines import kept_of

_COUNTED = ("is_chosen", "document_discount", "net", "other_tax_base", "tax", "luxury_tax")


def choose_options(*, quotation: Quotation, chosen: Collection[UUID]) -> None:
    """Choose exactly these optional lines of a locked quotation and count it again, at the prices that were offered.

    Changes the given `quotation` too. Nothing happens when the choice is as it was.
    """
    lines = list(QuotationLine.objects.filter(quotation_id=quotation.id).order_by("position").select_related("unit"))
    wanted = set(chosen)
    if all(line.is_chosen == (line.id in wanted) for line in lines if line.is_optional):
        return
    result = _count(quotation, lines, wanted)
    batch = Batch()
    batch.update(Quotation, where={"id": quotation.id}, values=result.totals)
    batch.update_each(
        QuotationLine,
        [{"id": row["id"], **{name: row[name] for name in _COUNTED}} for row in result.rows],
        values={name: f"v.{name}" for name in _COUNTED},
    )
    batch.write()
    for name, value in result.totals.items():
        setattr(quotation, name, value)


def count_choice(
    *, quotation: Quotation, lines: Sequence[QuotationLine], chosen: Collection[UUID]
) -> tuple[dict[str, Any], list[QuotationLine]]:
    """What the quotation would come to with these options: its totals, and its lines as they would count."""
    result = _count(quotation, lines, set(chosen))
    for line, row in zip(lines, result.rows, strict=True):
        for name in _COUNTED:
            setattr(line, name, row[name])
    return result.totals, list(lines)


def _count(quotation: Quotation, lines: Sequence[QuotationLine], wanted: set[UUID]) -> PricedLines:
    context = document_context(branch_id=quotation.branch_id, at=quotation.created_at)
    customer = customer_facts(customer_id=quotation.customer_id)
    assert customer is not None
    return price_document(
        context=context, customer=customer, on=quotation.date,
        lines=[offered_line(line, chosen=line.id in wanted) for line in lines],
        discount_percent=quotation.discount_percent,
        discount_amount=Decimal(0) if quotation.discount_percent else quotation.discount_amount,
        currency=quotation.currency, exchange=frozen_exchange(quotation, context), channel_id=quotation.channel_id,
        delivery_address=quotation.delivery_address, taxed_as=quotation.tax_treatment,
        coupon_codes=quotation.coupon_codes, had=quotation.promotions, lenient=True,
        promised={line.product_id for line in lines if line.product_id},
    )  # fmt: skip


def offered_line(line: QuotationLine, *, chosen: bool | None = None) -> LineInput:
    """A stored line as input again, at the price it has."""
    return LineInput(
        kind=line.kind, product_id=line.product_id, quantity=line.quantity,
        unit=line.unit.code if line.unit else None, description=line.description,
        unit_price=line.unit_price if line.product_id else None, discount_percent=line.discount_percent,
        discount_amount=Decimal(0) if line.discount_percent else line.own_discount, is_optional=line.is_optional,
        is_chosen=line.is_chosen if chosen is None else chosen, id=line.id, kept=kept_of(line.steps),
        gift_of=line.gift_of_id,
    )  # fmt: skip
