from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.core.ids import new_id

QUIET = timedelta(minutes=10)

_NOTE = """
WITH seen AS (
  UPDATE portal_portalsession SET seen_at = %(at)s::timestamptz
   WHERE id = %(session)s::uuid AND seen_at < %(before)s::timestamptz
)
INSERT INTO portal_portalvisit (id, company_id, customer_id, person_id, page, subject_id, at)
SELECT %(id)s::uuid, %(company)s::uuid, %(customer)s::uuid, %(person)s::uuid, %(page)s::text, %(subject)s::uuid,
       %(at)s::timestamptz
 WHERE NOT EXISTS (
   SELECT FROM portal_portalvisit v WHERE v.customer_id = %(customer)s::uuid AND v.at > %(before)s::timestamptz
      AND v.person_id = %(person)s::uuid AND v.page = %(page)s::text
      AND v.subject_id IS NOT DISTINCT FROM %(subject)s::uuid)
"""


def note_visit(
    *, session_id: UUID, person_id: UUID, company_id: UUID, customer_id: UUID, page: str, subject_id: UUID | None,
    at: datetime,
) -> bool:  # fmt: skip
    """Note who looked at which page of a customer; the same page again within ten minutes is not noted. One statement.

    Returns whether it was noted.
    """
    facts: dict[str, Any] = {
        "id": new_id(), "session": session_id, "person": person_id, "company": company_id, "customer": customer_id,
        "page": page, "subject": subject_id, "at": at, "before": at - QUIET,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, facts)
        return bool(cursor.rowcount == 1)
