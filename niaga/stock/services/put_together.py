from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record_all
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import NotTogether
from niaga.stock.events import DeliveryRegrouped
from niaga.stock.models import Delivery, JointDelivery
from niaga.stock.queries.deliveries import visible_deliveries
from niaga.stock.queries.together import lock_together, sendings_of
from niaga.stock.rules.together import MOST, common_day, misfits
from niaga.stock.services.join_route import join_route


@transaction.atomic
def put_together(
    *, delivery_ids: Sequence[UUID], planned_date: date | None = None, by: Actor, at: datetime
) -> UUID:  # fmt: skip
    """Let deliveries of one customer to one door travel together: one stop, one note, one shipment. Returns the id of
    the joint delivery; where one of them is in one already, the others join it.

    They are planned for `planned_date`, or the first of their days, and stand in one route, if one of them does. As
    many statements for forty deliveries as for two.

    :raises NotFound: a delivery that is not there, or that the person may not see
    :raises Forbidden: the person may not change one of them
    :raises NotTogether: fewer than two, more than forty, or such that do not fit; each is answered
    :raises VehicleOverloaded: the route's vehicle has not so much left; each measure is answered
    """
    wanted = list(dict.fromkeys(delivery_ids))
    seen = list(visible_deliveries(by=by).filter(pk__in=wanted))
    if len(seen) != len(wanted):
        raise NotFound(field="delivery_ids")
    for one in seen:
        access_of(by).require("delivery", "change", one)
    if not 2 <= len(wanted) <= MOST:
        raise NotTogether(_("Choose from two to forty deliveries."), field="delivery_ids")
    found = {one.id: one for one in lock_together(delivery_ids=wanted)}
    for one in found.values():
        access_of(by).require("delivery", "change", one)
    order = [found[key] for key in wanted] + [one for key, one in found.items() if key not in set(wanted)]
    sendings = sendings_of(order)
    bad = misfits(sendings)
    if bad or len(order) > MOST:
        answers = [
            {"line": place, "delivery_id": str(one.id), "number": one.number, "why": bad[one.id]}
            for place, one in enumerate(sendings, 1)
            if one.id in bad
        ]
        raise NotTogether(lines=answers, field="delivery_ids")
    lead, day = order[0], planned_date or common_day(one.planned_date for one in sendings)
    joint_id = next((one.joint_id for one in sendings if one.joint_id is not None), None)
    join_route(sendings=sendings, today=day_at(at=at, zone=lead.branch.zone))
    batch = Batch()
    if joint_id is None:
        joint_id, year = new_id(), day_at(at=at, zone=lead.branch.zone).year
        number = batch.draw(company_id=lead.company_id, kind="joint", period=str(year), prefix=f"JD-{year}-")
        row = {
            "id": joint_id, "company_id": lead.company_id, "branch_id": lead.branch_id, "customer_id": lead.customer_id,
            "warehouse_id": lead.warehouse_id, "number": number, "created_by": by.id, "created_at": at,
        }  # fmt: skip
        batch.insert(JointDelivery, [row])
    batch.update_each(
        Delivery, [{"id": one.id, "joint_id": joint_id, "planned_date": day, "updated_at": at} for one in order],
        values={
            "joint_id": "v.joint_id", "planned_date": "v.planned_date", "updated_at": "v.updated_at",
            "version": "t.version + 1",
        },
    )  # fmt: skip
    record_all(
        batch=batch, subject_kind="delivery", subject_ids=[one.id for one in order if one.joint_id != joint_id],
        verb="join", by=by.id, at=at, company_id=lead.company_id,
    )  # fmt: skip
    told = [DeliveryRegrouped(one.id, one.number, one.customer_id) for one in order]
    announce(batch=batch, event=told, company_id=lead.company_id, by=by.id, at=at)
    batch.write()
    return joint_id
