from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.catalog.queries.catalog_lists import tax_categories_for
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.money import round_amount
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.payments.models import GiroFeeSetting
from niaga.payments.services.charge_giro_fee import MOST


@transaction.atomic
def save_giro_fee_setting(
    *, company_id: UUID, amount: Decimal, is_usual: bool, tax_category_id: UUID | None, by: Actor, at: datetime
) -> GiroFeeSetting:
    """Say what a customer is usually charged whose giro the bank returned. What was charged before stays.

    :raises Forbidden: `by` may not decide on customers' credit
    :raises NotFound: no such tax category
    :raises Invalid: an amount out of range, or none that is to be usual
    """
    access_of(by).require("customer", "credit", company_id=company_id)
    currency = company_basics(company_id).currency
    if not amount.is_finite() or not 0 <= amount <= MOST or amount != round_amount(amount, currency):
        raise Invalid(
            _("Write an amount up to 1,000,000,000, in the currency's smallest unit."), field="amount"
        )  # fmt: skip
    if is_usual and not amount:
        raise Invalid(_("Write the amount that is usually charged."), field="amount")
    if tax_category_id is not None and not tax_categories_for(by).filter(pk=tax_category_id).exists():
        raise NotFound(field="tax_category_id")
    before = GiroFeeSetting.objects.select_for_update().filter(company_id=company_id).first()
    wanted = {"amount": amount, "is_usual": is_usual, "tax_category_id": tax_category_id}
    found, _made = GiroFeeSetting.objects.update_or_create(
        company_id=company_id, defaults={**wanted, "updated_at": at}
    )  # fmt: skip
    batch = Batch()
    record(
        batch=batch, subject_kind="giro_fee_setting", subject_id=found.pk, verb="save", by=by.id, at=at,
        company_id=company_id,
        data={
            "setting": {name: str(value) for name, value in wanted.items()},
            "before": {name: str(getattr(before, name)) for name in wanted} if before else {},
        },
    )  # fmt: skip
    batch.write()
    return found
