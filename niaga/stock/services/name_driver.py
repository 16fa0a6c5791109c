from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.people_with import people_with
from niaga.organization.queries.users import user_names
from niaga.stock.errors import NotADriver
from niaga.stock.models import DeliveryRoute


@transaction.atomic
def name_driver(
    *, route_id: UUID, driver_user_id: UUID | None, driver: str = "", by: Actor, at: datetime
) -> DeliveryRoute:
    """Say who brings a route: a person with an account, whose phone then shows its stops, or somebody by name only.

    The stops leave the phone of who had them. What that phone tells of them afterwards is refused, and can be handed
    to the office.

    :raises NotFound: no such route
    :raises Forbidden: the person may not plan there
    :raises NotADriver: the account may not drive in this company
    """
    rows = DeliveryRoute.objects.select_for_update(of=("self",)).select_related("warehouse")
    route = rows.filter(pk=route_id).first()
    if route is None:
        raise NotFound()
    access_of(by).require("stock", "record", route.warehouse)
    name = driver_name(company_id=route.company_id, driver_user_id=driver_user_id) or driver.strip()[:120]
    if (route.driver_user_id, route.driver) == (driver_user_id, name):
        return route
    batch = Batch()
    values = {
        "driver": name, "driver_user_id": driver_user_id, "version": Sql("t.version + 1"), "updated_at": at,
    }  # fmt: skip
    batch.update(DeliveryRoute, where={"id": route.id}, values=values)
    record(
        batch=batch, subject_kind="route", subject_id=route.id, verb="name_driver", by=by.id, at=at,
        company_id=route.company_id, data={"before": route.driver, "after": name},
    )  # fmt: skip
    batch.write()
    return rows.get(pk=route_id)


def driver_name(*, company_id: UUID, driver_user_id: UUID | None) -> str:
    """The name of the account, empty for none.

    :raises NotADriver: it may not drive in this company
    """
    if driver_user_id is None:
        return ""
    if driver_user_id not in people_with(company_id=company_id, kind="delivery", action="drive"):
        raise NotADriver(field="driver_user_id")
    return user_names([driver_user_id])[driver_user_id]
