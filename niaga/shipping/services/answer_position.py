from datetime import datetime

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.shipping.models import PositionConsent
from niaga.shipping.queries.carriers import shipping_settings


@transaction.atomic
def answer_position(*, is_given: bool, by: Actor, at: datetime) -> bool:
    """A driver's yes or no to having kept where the phone is at a door. It can be taken back at any time.

    :raises Forbidden: the person may not drive
    """
    access = access_of(by)
    access.require("delivery", "drive")
    if by.id is None:
        raise Forbidden()
    company_id = access.current_company.id
    days = shipping_settings(company_id).position_days
    batch = Batch()
    batch.insert(
        PositionConsent,
        [
            {
                "id": new_id(), "company_id": company_id, "user_id": by.id, "is_given": is_given, "days": days,
                "at": at,
            }
        ],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="user", subject_id=by.id, verb="let_place" if is_given else "hide_place", by=by.id,
        at=at, company_id=company_id, data={"days": days},
    )  # fmt: skip
    batch.write()
    return is_given
