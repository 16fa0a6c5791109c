from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.portal.queries.cases import open_dispute_cases
from niaga.portal.services.end_case import write_end
from niaga.portal.services.say_in_case import lock_case


@transaction.atomic
def end_with_dispute(*, dispute_id: UUID, by: UUID | None, at: datetime) -> list[UUID]:
    """The dispute was settled on the invoice's own page: what was told about it ends with the same words. Told twice,
    it ends once. Returns the cases that ended."""
    ended = []
    for case_id in open_dispute_cases(dispute_id):
        case = lock_case(case_id)
        if case.status != "open" or case.dispute is None or case.dispute.settled_at is None:
            continue
        write_end(case, "settled", case.dispute.settlement[:4000], case.company.name, None, by, at)
        ended.append(case_id)
    return ended
