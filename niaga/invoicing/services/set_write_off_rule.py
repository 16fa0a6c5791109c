from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.invoicing.models import WriteOffRule
from niaga.organization.access import Actor, access_of

MOST = Decimal(10) ** 9


@transaction.atomic
def set_write_off_rule(*, company_id: UUID, most: Decimal, by: Actor, at: datetime) -> WriteOffRule:
    """Say up to which open rest is written off at once, in the company's own currency; 0: none.

    :raises Forbidden: the person may not set credit
    :raises Invalid: below nothing, or no small rest any more
    """
    access_of(by).require("customer", "credit", company_id=company_id)
    if not 0 <= most <= MOST:
        raise Invalid(_("A small rest is between 0 and 1,000,000,000."), field="most")
    before = WriteOffRule.objects.select_for_update().filter(pk=company_id).first()
    rule, _made = WriteOffRule.objects.update_or_create(
        pk=company_id, defaults={"most": most, "updated_by": by.id, "updated_at": at}
    )
    batch = Batch()
    record(
        batch=batch, subject_kind="company", subject_id=company_id, verb="set_write_off_rule", by=by.id, at=at,
        company_id=company_id, data={"most": str(most), "before": str(before.most if before else 0)},
    )  # fmt: skip
    batch.write()
    return rule
