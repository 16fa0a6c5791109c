from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.users import companies_of, user_in_company
from niaga.organization.services.make_password_link import make_password_link


@transaction.atomic
def give_password_link(*, user_id: UUID, by: Actor, at: datetime) -> str:
    """A link with which a person chooses a new password, for handing over by other means than mail. It is noted.

    Whoever has the link can log in as the person, so `by` manages users in every company where the person works.

    :raises NotFound: no such person in the current company
    :raises Forbidden: `by` may not manage users of one of their companies
    """
    user = user_in_company(user_id=user_id, by=by)
    access = access_of(by)
    company_ids = companies_of(user_id)
    for company_id in company_ids:
        access.require("user", "manage", company_id=company_id)
    batch = Batch()
    record(
        batch=batch, subject_kind="user", subject_id=user.id, verb="give_password_link", by=by.id, at=at,
        company_id=access.current_company.id,
    )  # fmt: skip
    batch.write()
    return make_password_link(user_id=user.id)
