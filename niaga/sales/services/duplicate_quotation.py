from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.sales.models import Quotation, QuotationLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.selling_facts import still_chosen


@transaction.atomic
def duplicate_quotation(*, quotation_id: UUID, customer_id: UUID | None = None, by: Actor, at: datetime) -> Quotation:
    """Write a new draft like an old quotation, at today's prices; prices set by hand are kept.

    Products that are no longer sold are left out.

    :raises NotFound: no such quotation or customer
    :raises Forbidden: the person may not see the old or not write the new one
    :raises EmptyDocument: none of its products is sold any more
    """
    source = Quotation.objects.filter(pk=quotation_id).first()
    if source is None:
        raise NotFound()
    access_of(by).require("quotation", "view", source)
    same = customer_id is None or customer_id == source.customer_id
    _customer, choice = still_chosen(customer_id=customer_id or source.customer_id, document=source)
    return draft_quotation(
        customer_id=customer_id or source.customer_id, branch_id=source.branch_id,
        lines=lines_again(quotation_id=source.id),
        details=QuotationDetails(
            contact_id=choice.contact_id, delivery_address_id=choice.delivery_address_id,
            billing_address_id=choice.billing_address_id, channel_id=source.channel_id,
            payment_term_id=source.payment_term_id if same else None, discount_percent=source.discount_percent,
            discount_amount=Decimal(0) if source.discount_percent else source.discount_amount, note=source.note,
            terms_text=source.terms_text, currency=source.currency if same else "",
        ),
        by=by, at=at,
    )  # fmt: skip


def lines_again(*, quotation_id: UUID) -> list[LineInput]:
    """The lines of a quotation as input for a new one: without their ids, priced anew unless set by hand."""
    stored = (
        QuotationLine.objects.filter(quotation_id=quotation_id, product__archived_at=None)
        .order_by("position")
        .select_related("unit")
    )
    return [
        replace(
            kept_line(line, new=True),
            unit_price=line.unit_price if line.price_is_manual else None,
            is_chosen=None,
            kept=(),
        )
        for line in stored
    ]
