from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop, override

from niaga.core.batch import Batch
from niaga.core.errors import Refusal
from niaga.messaging.queries.notices import was_told
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.queries.company_basics import company_basics
from niaga.organization.queries.people_with import people_with
from niaga.parties.queries.customers import customer_names

SUBJECT = "uncharged_late_fees"
AGAIN = timedelta(hours=20)
"""The job tries every other hour; people are told once a day."""
TEXT = gettext_noop("Late fees of %(count)s customers could not be charged (%(names)s): %(why)s")
NAMED = 3


@transaction.atomic
def tell_uncharged(*, company_id: UUID, refused: Mapping[UUID, Refusal], at: datetime) -> int:
    """Ring the bells of who decides what paying late costs, where customers could not be charged: why, and the rules'
    page. Once a day for each company, and nothing where nobody was refused. Returns how many people were told."""
    if not refused:
        return 0
    people = people_with(company_id=company_id, kind="customer", action="credit")
    if was_told(people=people, subject_kind=SUBJECT, subject_id=company_id, since=at - AGAIN):
        return 0
    names = sorted(customer_names(refused).values())
    with override(company_basics(company_id).language or "id"):
        why = " ".join(dict.fromkeys(str(one.message) for one in refused.values()))
    batch = Batch()
    add_notice(
        batch=batch, to=people, text=TEXT, url="/settings/late-fees", subject_kind=SUBJECT, subject_id=company_id,
        at=at,
        facts={
            "count": len(refused), "why": why[:200],
            "names": ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else ""),
        },
    )  # fmt: skip
    batch.write()
    return len(people)
