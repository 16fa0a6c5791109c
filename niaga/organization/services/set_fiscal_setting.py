from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.organization.access import Actor, access_of
from niaga.organization.models import Company, FiscalSetting
from niaga.organization.queries.fiscal import fiscal_setting, forget_fiscal_settings
from niaga.organization.services.check_values import BadValue
from niaga.organization.services.tracked import add_row, change_row, write

ROUNDING_STEPS = (Decimal(0), Decimal(1), Decimal(10), Decimal(50), Decimal(100), Decimal(500), Decimal(1000))


@transaction.atomic
def set_fiscal_setting(
    *,
    company_id: UUID,
    valid_from: date,
    charges_tax: bool,
    prices_include_tax: bool,
    round_total_to: Decimal,
    fiscal_year_starts: int = 1,
    quotation_valid_days: int = 14,
    tax_rounding: str = "line",
    stamp_duty: Decimal | None = None,
    stamp_duty_above: Decimal | None = None,
    by: Actor,
    at: datetime,
) -> FiscalSetting:
    """Say how the company counts tax and rounds from a date on. What was before that date stays as it was.

    Documents freeze the setting of their date when they are confirmed, so a change never moves them.

    Without a stamp duty and the sum above which it is due, those that held on the day stay.

    :raises Forbidden: `by` may not manage settings
    :raises BadValue: a rounding step, month or number of days that makes no sense
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    if not 1 <= fiscal_year_starts <= 12:
        raise BadValue(_("A month is a number from 1 to 12."), field="fiscal_year_starts")
    if not 1 <= quotation_valid_days <= 365:
        raise BadValue(_("A quotation is valid for 1 to 365 days."), field="quotation_valid_days")
    if round_total_to not in ROUNDING_STEPS:
        raise BadValue(_("Round to 0 (not at all), 1, 10, 50, 100, 500 or 1,000."), field="round_total_to")
    if tax_rounding not in ("line", "document"):
        raise BadValue(_("Tax is rounded per line or per document."), field="tax_rounding")
    if any(value is not None and value < 0 for value in (stamp_duty, stamp_duty_above)):
        raise BadValue(_("Stamp duty and its threshold are no less than nothing."), field="stamp_duty")
    Company.objects.select_for_update().get(pk=company_id)
    forget_fiscal_settings(company_id)
    held = fiscal_setting(company_id, valid_from)
    setting = FiscalSetting.objects.filter(company_id=company_id, valid_from=valid_from).first()
    values = {
        "charges_tax": charges_tax,
        "prices_include_tax": prices_include_tax,
        "round_total_to": round_total_to,
        "fiscal_year_starts": fiscal_year_starts,
        "quotation_valid_days": quotation_valid_days,
        "tax_rounding": tax_rounding,
        "stamp_duty": held.stamp_duty if stamp_duty is None else stamp_duty,
        "stamp_duty_above": held.stamp_duty_above if stamp_duty_above is None else stamp_duty_above,
    }
    batch = Batch()
    if setting is None:
        setting_id = add_row(
            batch=batch, model=FiscalSetting, kind="fiscal_setting",
            values={"company_id": company_id, "valid_from": valid_from, **values},
            by=by.id, at=at, company_id=company_id,
        )  # fmt: skip
    else:
        setting_id = setting.id
        change_row(
            batch=batch, row=setting, kind="fiscal_setting", values=values, by=by.id, at=at, company_id=company_id
        )
    write(batch)
    forget_fiscal_settings(company_id)
    return FiscalSetting.objects.get(pk=setting_id)
