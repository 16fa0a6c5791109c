from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.document_context import document_context
from niaga.sales.models import Quotation, QuotationTemplate
from niaga.sales.rules.lines import from_json
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation


@transaction.atomic
def draft_from_template(*, template_id: UUID, customer_id: UUID, branch_id: UUID, by: Actor, at: datetime) -> Quotation:
    """Write a quotation from a template, priced for the customer today.

    :raises NotFound: no such template, customer or branch
    :raises Forbidden: the person may not write quotations, or not for this customer
    :raises BadLines: some of its products are no longer sold
    """
    template = QuotationTemplate.objects.filter(pk=template_id, archived_at=None).first()
    context = document_context(branch_id=branch_id, at=at)
    if template is None or template.company_id != context.company_id:
        raise NotFound()
    access_of(by).require("quotation", "create", company_id=template.company_id)
    today = day_at(at=at, zone=context.zone)
    return draft_quotation(
        customer_id=customer_id, branch_id=branch_id, lines=[from_json(line) for line in template.lines],
        details=QuotationDetails(
            note=template.note, terms_text=template.terms_text,
            valid_until=today + timedelta(days=template.valid_days),
        ),
        by=by, at=at,
    )  # fmt: skip
