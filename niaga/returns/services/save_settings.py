from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import Invalid
from niaga.organization.access import Actor, access_of
from niaga.returns.models import Coupons, Gifts, ReturnSettings

MOST_DAYS = 3650
NAMES = ("price_days", "mails_slip", "gifts", "coupons")


@transaction.atomic
def save_settings(
    *, company_id: UUID, price_days: int, mails_slip: bool, gifts: str, coupons: str, by: Actor, at: datetime
) -> ReturnSettings:
    """Say how the company treats what comes back. Returns that were asked for keep what was said to them.

    :raises Forbidden: the person may not change settings
    :raises Invalid: no days at all, or more than ten years; or no such way
    """
    access_of(by).require("setting", "change", company_id=company_id)
    if not 1 <= price_days <= MOST_DAYS:
        raise Invalid(_("Look back between 1 and %(most)s days.") % {"most": MOST_DAYS}, field="price_days")
    if gifts not in Gifts.values or coupons not in Coupons.values:
        raise Invalid()
    ReturnSettings.objects.bulk_create([ReturnSettings(company_id=company_id)], ignore_conflicts=True)
    found = ReturnSettings.objects.select_for_update().get(company_id=company_id)
    wanted = {"price_days": price_days, "mails_slip": mails_slip, "gifts": gifts, "coupons": coupons}
    changed = {name: [getattr(found, name), value] for name, value in wanted.items() if getattr(found, name) != value}
    if not changed:
        return found
    batch = Batch()
    batch.update(ReturnSettings, where={"id": found.pk}, values={**wanted, "version": Sql("t.version + 1")})
    record(
        batch=batch, subject_kind="company", subject_id=company_id, verb="set_returns", by=by.id, at=at,
        company_id=company_id, data=changed,
    )  # fmt: skip
    batch.write()
    for name, value in wanted.items():
        setattr(found, name, value)
    return found
