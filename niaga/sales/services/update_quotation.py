from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, WrongState
from niaga.organization.access import Actor, access_of
from niaga.sales.errors import EmptyDocument
from niaga.sales.models import Quotation, QuotationLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.check_details import check_details
from niaga.sales.services.document_money import currency_for
from niaga.sales.services.draft_quotation import NOT_IN_QUOTATIONS, QuotationDetails
from niaga.sales.services.lock_quotation import lock_quotation
from niaga.sales.services.price_document import columns, price_document
from niaga.sales.services.replace_lines import replace_lines
from niaga.sales.services.selling_facts import selling_facts
from niaga.sales.services.sign_prices import sign_prices, signed_before


@transaction.atomic
def update_quotation(
    *,
    quotation_id: UUID,
    version: int | None,
    customer_id: UUID | None = None,
    lines: Sequence[LineInput],
    details: QuotationDetails,
    by: Actor,
    at: datetime,
) -> Quotation:
    """Write a draft anew: its lines as given, priced for the customer on the quotation's date.

    :raises NotFound: no such quotation or customer, or a contact or address that is not the customer's
    :raises Forbidden: the person may not change it
    :raises StaleVersion: somebody saved since `version`
    :raises WrongState: it is no draft; a sent one is revised first
    :raises EmptyDocument: no line with a product
    :raises BadLines: some lines can never be right
    :raises CouponRefused: a coupon opens nothing
    :raises TooFewPoints, PointsRefused: so many points cannot be used
    :raises CurrencyNotSold: the company does not sell in this currency
    :raises RateMissing: a price must be converted, and no exchange rate of the day is written
    """
    quotation = lock_quotation(quotation_id=quotation_id, action="change", by=by, version=version)
    if quotation.status != "draft":
        raise WrongState(_("Only a draft can be changed. Revise the quotation first: the customer gets a new version."))
    customer, context = selling_facts(
        customer_id=customer_id or quotation.customer_id, branch_id=quotation.branch_id, chosen=details, at=at
    )
    if not any(line.is_priced for line in lines):
        raise EmptyDocument(field="lines")
    check_details(details, company_id=quotation.company_id)
    valid_until = details.valid_until or quotation.valid_until
    if valid_until < context.today:
        raise Invalid(_("The last day of validity is in the past."), field="valid_until")
    result = price_document(
        context=context, customer=customer, on=context.today, lines=lines, channel_id=details.channel_id,
        currency=currency_for(context, customer, wanted=details.currency, present=quotation.currency),
        discount_percent=details.discount_percent, discount_amount=details.discount_amount,
        coupon_codes=details.coupon_codes, points=details.points, source_id=quotation.id,
    )  # fmt: skip
    before = {"total": quotation.total, "customer_id": quotation.customer_id, "valid_until": quotation.valid_until,
              "requested_date": quotation.requested_date}  # fmt: skip
    values = {
        **result.totals, "customer_id": customer.id, "contact_id": customer.contact_id,
        "delivery_address": customer.frozen_delivery_address(),
        "billing_address": customer.billing_address if details.billing_address_id else {},
        "salesperson_id": details.salesperson_id or quotation.salesperson_id,
        "channel_id": details.channel_id,
        "payment_term_id": details.payment_term_id or customer.payment_term_id, "date": context.today,
        "valid_until": valid_until, "requested_date": details.requested_date,
        "customer_reference": details.customer_reference, "note": details.note,
        "terms_text": details.terms_text, "version": quotation.version + 1, "updated_at": at,
    }  # fmt: skip
    for name, value in values.items():
        setattr(quotation, name, value)
    access_of(by).require("quotation", "change", quotation)  # not away from what the person may change
    before_hand = signed_before(QuotationLine, "quotation_id", quotation.id, result.rows)
    rows = sign_prices(result.rows, by=by.id, at=at, before=before_hand)
    batch = Batch()
    batch.update(Quotation, where={"id": quotation.id}, values=values)
    replace_lines(
        batch=batch, model=QuotationLine, key="quotation_id", document_id=quotation.id,
        rows=columns(rows, without=NOT_IN_QUOTATIONS),
    )  # fmt: skip
    after = {name: values[name] for name in before}
    record(
        batch=batch, subject_kind="quotation", subject_id=quotation.id, verb="change", by=by.id, at=at,
        company_id=quotation.company_id,
        data={name: [before[name], after[name]] for name in before if before[name] != after[name]},
    )  # fmt: skip
    batch.write()
    return quotation
