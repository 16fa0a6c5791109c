from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.organization.access import Actor, access_of
from niaga.organization.models import Territory
from niaga.organization.services.check_place import check_place
from niaga.organization.services.tracked import add_row, change_row, write


@transaction.atomic
def keep_territory(
    *, company_id: UUID, territory_id: UUID | None = None, by: Actor, at: datetime, **values: Any
) -> UUID:
    """Add a territory (without `territory_id`) or change one; `parent_id` hangs it in the tree. Returns its id.

    :raises Forbidden: `by` may not manage settings
    :raises NotFound: the territory, or its parent, is not this company's
    :raises BelowItself: it would hang below itself
    :raises ValueNeeded: it has no name
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    check_place(Territory, company_id=company_id, node_id=territory_id, parent_id=values.get("parent_id"))
    batch = Batch()
    shared: dict[str, Any] = {"kind": "territory", "by": by.id, "at": at, "company_id": company_id}
    if territory_id is None:
        row = {"company_id": company_id, "name": "", **values}
        territory_id = add_row(batch=batch, model=Territory, values=row, **shared)
    else:
        change_row(batch=batch, row=Territory.objects.get(pk=territory_id), values=values, **shared)
    write(batch)
    return territory_id
