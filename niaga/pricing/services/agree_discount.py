from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.documents.services.attach_files import attach_files
from niaga.documents.services.store_file import Readable
from niaga.organization.access import Actor
from niaga.parties.queries.customers import customer_for
from niaga.pricing.models import Promotion
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services.create_promotion import create_promotion


@transaction.atomic
def agree_discount(
    *,
    customer_id: UUID,
    discount: NewPromotion,
    by: Actor,
    at: datetime,
    contract: Sequence[tuple[str, Readable | bytes]] = (),
) -> Promotion:
    """Write down what was agreed with a customer: a promotion for them alone, with its contract as files on it.

    :raises NotFound: no such customer
    :raises Forbidden: `by` may not create prices
    :raises Invalid, DatesReversed: see `create_promotion`; and files as `attach_file` refuses them
    """
    customer = customer_for(by, customer_id)
    made = create_promotion(
        company_id=customer.company_id, promotion=replace(discount, customer_id=customer.pk), by=by, at=at
    )
    if contract:
        attach_files(subject_kind="promotion", subject_id=made.pk, files=contract, purpose="contract", by=by, at=at)
    return made
