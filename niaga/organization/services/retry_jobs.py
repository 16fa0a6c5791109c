from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.organization.access import Actor, access_of

_RETRY = """
SELECT procrastinate_retry_job_v2(id, %s, NULL, NULL, NULL) FROM (
  SELECT id FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'failed' ORDER BY id FOR UPDATE
) failed
"""


@transaction.atomic
def retry_jobs(*, job_ids: Collection[int], by: Actor, at: datetime) -> int:
    """Have work that failed for good done again, because a person wants it. Returns how many; what did not fail, or is
    gone, stays as it is.

    :raises Forbidden: the person may not manage settings
    :raises WrongState: none of them has failed, or the same work waits already
    """
    access = access_of(by)
    access.require("setting", "manage")
    company_id = access.current_company.id
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_RETRY, [at, list(job_ids)])
            count: int = cursor.rowcount
    except IntegrityError as error:
        raise WrongState(_("The same work waits already; it is done without this.")) from error
    if not count:
        raise WrongState(_("Only what has stopped can be tried again."))
    batch = Batch()
    record(
        batch=batch, subject_kind="company", subject_id=company_id, verb="retry_jobs", by=by.pk, at=at,
        company_id=company_id, data={"jobs": sorted(job_ids)},
    )  # fmt: skip
    batch.write()
    return count
