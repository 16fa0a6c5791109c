from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.errors import EmptyDocument
from niaga.sales.models import Quotation, QuotationLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.check_details import check_details
from niaga.sales.services.document_money import currency_for
from niaga.sales.services.price_document import columns, price_document
from niaga.sales.services.selling_facts import selling_facts
from niaga.sales.services.sign_prices import sign_prices

NOT_IN_QUOTATIONS = ("planned_date", "needs_stock")


@dataclass(frozen=True, slots=True)
class QuotationDetails:
    """What a person says of a quotation besides its lines. None: as the company and customer have it; no channel."""

    contact_id: UUID | None = None
    delivery_address_id: UUID | None = None
    billing_address_id: UUID | None = None
    salesperson_id: UUID | None = None
    channel_id: UUID | None = None
    payment_term_id: UUID | None = None
    valid_until: date | None = None
    requested_date: date | None = None
    customer_reference: str = ""
    discount_percent: Decimal = Decimal(0)
    discount_amount: Decimal = Decimal(0)
    note: str = ""
    coupon_codes: Sequence[str] = ()
    points: int = 0
    """Loyalty points that pay a part of it."""
    currency: str = ""
    """Empty: the one the document has; of a new one the customer's, or the company's own."""
    terms_text: str = ""


@transaction.atomic
def draft_quotation(
    *,
    customer_id: UUID,
    branch_id: UUID,
    lines: Sequence[LineInput],
    details: QuotationDetails,
    by: Actor,
    at: datetime,
) -> Quotation:
    """Write a new quotation, priced for the customer today.

    :raises NotFound: no such customer or branch; a contact or address that is not the customer's; or another
        company's channel, payment term or salesperson
    :raises Forbidden: the person may not write quotations, or not for this customer
    :raises EmptyDocument: no line with a product
    :raises BadLines: some lines can never be right
    :raises CouponRefused: a coupon opens nothing
    :raises TooFewPoints, PointsRefused: so many points cannot be used
    :raises CurrencyNotSold: the company does not sell in this currency
    :raises RateMissing: a price must be converted, and no exchange rate of the day is written
    """
    customer, context = selling_facts(customer_id=customer_id, branch_id=branch_id, chosen=details, at=at)
    salesperson_id = details.salesperson_id or customer.salesperson_id or by.id
    if not any(line.is_priced for line in lines):
        raise EmptyDocument(field="lines")
    check_details(details, company_id=context.company_id)
    valid_until = details.valid_until or context.today + timedelta(days=context.quotation_valid_days)
    if valid_until < context.today:
        raise Invalid(_("The last day of validity is in the past."), field="valid_until")
    result = price_document(
        context=context, customer=customer, on=context.today, lines=lines, channel_id=details.channel_id,
        discount_percent=details.discount_percent, discount_amount=details.discount_amount,
        coupon_codes=details.coupon_codes, points=details.points,
        currency=currency_for(context, customer, wanted=details.currency),
    )  # fmt: skip
    quotation = Quotation(
        **result.totals, id=new_id(), company_id=context.company_id, branch_id=branch_id, customer_id=customer_id,
        contact_id=customer.contact_id, delivery_address=customer.frozen_delivery_address(),
        billing_address=customer.billing_address if details.billing_address_id else {},
        salesperson_id=salesperson_id, channel_id=details.channel_id,
        payment_term_id=details.payment_term_id or customer.payment_term_id, date=context.today,
        valid_until=valid_until, requested_date=details.requested_date,
        customer_reference=details.customer_reference, note=details.note,
        terms_text=details.terms_text, created_by=by.id, created_at=at, updated_at=at,
    )  # fmt: skip
    access_of(by).require("quotation", "create", quotation)
    rows = sign_prices(result.rows, by=by.id, at=at, before={})
    batch = Batch()
    year = context.today.year
    number = batch.draw(company_id=context.company_id, kind="quotation", period=str(year), prefix=f"SQ-{year}-")
    row = {column.attname: getattr(quotation, column.attname) for column in Quotation._meta.concrete_fields}
    batch.insert(Quotation, [{**row, "number": number}])
    batch.insert(QuotationLine, columns(rows, without=NOT_IN_QUOTATIONS), quotation_id=quotation.id)
    record(
        batch=batch, subject_kind="quotation", subject_id=quotation.id, verb="draft", by=by.id, at=at,
        company_id=context.company_id, to_status="draft",
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=customer_id, company_id=context.company_id, kind="quotation.drafted",
        subject_kind="quotation", subject_id=quotation.id, number=number, amount=quotation.total,
        currency=quotation.currency, actor_id=by.id, at=at,
    )  # fmt: skip
    quotation.number = batch.write()[number]
    return quotation
