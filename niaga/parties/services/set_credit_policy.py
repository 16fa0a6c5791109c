from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.parties.models import CreditPolicy, CustomerGroup
from niaga.parties.rules.credit import GroupCredit
from niaga.parties.services.set_credit import check_limit


@transaction.atomic
def set_credit_policy(
    *, company_id: UUID, overdue_days: int | None, groups: Sequence[GroupCredit] = (),
    confirms_when_free: bool | None = None, by: Actor, at: datetime,
) -> None:  # fmt: skip
    """Set how long invoices may be overdue before orders wait, and the limit and days of the named groups.

    A group's limit is that of each member who has none of its own, not one that they share. Groups that are not named
    stay as they are. With `confirms_when_free` orders that wait for credit are confirmed by themselves once money
    makes room; None leaves it as it is.

    :raises NotFound: a group is not the company's
    :raises Forbidden: `by` may not set limits
    :raises Invalid: a limit is negative or too large, or days are
    """
    access_of(by).require("customer", "credit", company_id=company_id)
    check_limit(None, overdue_days)
    for one in groups:
        check_limit(one.limit, one.overdue_days)
    wanted = {one.group_id: one for one in groups}
    rows = CustomerGroup.objects.select_for_update(no_key=True).filter(company_id=company_id, pk__in=wanted)
    stored = {row.pk: row for row in rows.order_by("pk")}
    if set(wanted) - set(stored):
        raise NotFound(field="groups")
    now = CreditPolicy.objects.select_for_update().filter(pk=company_id).first()
    before = now.overdue_days if now else None
    goes_on = now.confirms_when_free if now else False
    wanted_to = goes_on if confirms_when_free is None else confirms_when_free
    changed = {
        key: one
        for key, one in wanted.items()
        if (one.limit, one.overdue_days) != (stored[key].credit_limit, stored[key].overdue_days)
    }
    if (overdue_days, wanted_to) == (before, goes_on) and not changed:
        return
    batch = Batch()
    batch.sql(
        "policy",
        "INSERT INTO parties_creditpolicy (company_id, overdue_days, confirms_when_free)"
        " VALUES (%s::uuid, %s::smallint, %s::boolean) ON CONFLICT (company_id) DO UPDATE"
        " SET overdue_days = excluded.overdue_days, confirms_when_free = excluded.confirms_when_free RETURNING 1",
        [company_id, overdue_days, wanted_to],
    )
    batch.update_each(
        CustomerGroup,
        [
            {"id": key, "credit_limit": one.limit, "overdue_days": one.overdue_days}
            for key, one in sorted(changed.items())
        ],
        values={"credit_limit": "v.credit_limit", "overdue_days": "v.overdue_days"},
    )
    record(
        batch=batch, subject_kind="company", subject_id=company_id, verb="set_credit_policy", by=by.pk, at=at,
        company_id=company_id,
        data={
            "overdue_days": [before, overdue_days],
            "confirms_when_free": [goes_on, wanted_to],
            "groups": [
                {"group": stored[key].code, "limit": [stored[key].credit_limit, one.limit],
                 "overdue_days": [stored[key].overdue_days, one.overdue_days]}
                for key, one in changed.items()
            ],
        },
    )  # fmt: skip
    batch.write()
