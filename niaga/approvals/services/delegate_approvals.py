from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.approvals.errors import BadDelegation
from niaga.approvals.models import Delegation
from niaga.core.batch import Batch
from niaga.core.clock import today
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.companies import company_profile
from niaga.organization.queries.working_people import working_people
from niaga.organization.services.tracked import add_row, write

MOST_DAYS = 366


@transaction.atomic
def delegate_approvals(
    *, company_id: UUID, person_id: UUID, deputy_id: UUID, first_day: date, last_day: date, reason: str = "",
    by: Actor, at: datetime,
) -> Delegation:  # fmt: skip
    """Let another decide for a person from a day through a day: one's own absence, or as who sets the rules anybody's.

    :raises Forbidden: it is another's, and the person may not set rules
    :raises BadDelegation: to oneself, to somebody who has left or may not approve, or for days that cannot be
    """
    access = access_of(by)
    access.require("approval", "decide" if by.id == person_id else "manage", company_id=company_id)
    people = working_people(company_id)
    if person_id not in people or not people[person_id].decides:
        raise BadDelegation(_("Choose somebody who works here and may approve."), field="person")
    if deputy_id == person_id:
        raise BadDelegation(_("Choose somebody else: nobody stands in for themselves."), field="deputy")
    if deputy_id not in people or not people[deputy_id].decides:
        raise BadDelegation(_("Choose somebody who works here and may approve."), field="deputy")
    if last_day < first_day:
        raise BadDelegation(_("The last day comes before the first."), field="last_day")
    if last_day < today(at=at, zone=company_profile(company_id).zone):
        raise BadDelegation(_("These days are over."), field="last_day")
    if (last_day - first_day).days > MOST_DAYS:
        raise BadDelegation(_("A year at most."), field="last_day")
    batch = Batch()
    delegation_id = add_row(
        batch=batch, model=Delegation, kind="delegation", by=by.id, at=at, company_id=company_id,
        values={
            "company_id": company_id, "person_id": person_id, "deputy_id": deputy_id, "first_day": first_day,
            "last_day": last_day, "reason": reason, "created_by": by.id, "created_at": at,
        },
    )  # fmt: skip
    write(batch)
    return Delegation.objects.get(pk=delegation_id)
