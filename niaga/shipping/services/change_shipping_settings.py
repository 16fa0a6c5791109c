from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.organization.access import Actor, access_of
from niaga.shipping.models import ShippingSetting


@transaction.atomic
def change_shipping_settings(
    *, company_id: UUID, tells_customer: bool, position_days: int, names_receiver: bool = True,
    asks_signature: bool = False, asks_photo: bool = False, by: Actor, at: datetime,
) -> ShippingSetting:  # fmt: skip
    """Say whether customers are told when goods leave, and who took them; what drivers bring back from a door, and how
    long it is kept where they stood.

    :raises Forbidden: `by` may not manage settings
    :raises Invalid: positions are kept for a year at most
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    if not 0 <= position_days <= 365:
        raise Invalid(_("From 0 to 365 days."), field="position_days")
    held, _new = ShippingSetting.objects.select_for_update().get_or_create(company_id=company_id)
    after = {
        "tells_customer": tells_customer, "position_days": position_days, "names_receiver": names_receiver,
        "asks_signature": asks_signature, "asks_photo": asks_photo,
    }  # fmt: skip
    before = {name: getattr(held, name) for name in after}
    for name, value in after.items():
        setattr(held, name, value)
    held.save()
    batch = Batch()
    record(
        batch=batch, subject_kind="shipping_setting", subject_id=company_id, verb="change", by=by.id, at=at,
        company_id=company_id,
        data={"before": before, "after": after},
    )  # fmt: skip
    batch.write()
    return held
