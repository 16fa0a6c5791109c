from collections.abc import Collection
from uuid import UUID

from django.db import connection

_SQL = """
WITH RECURSIVE up(id, parent_id, height) AS (
  SELECT t.id, t.parent_id, 0 FROM organization_team t JOIN organization_membership m ON m.team_id = t.id
   WHERE m.company_id = %s::uuid AND m.user_id = ANY(%s::uuid[])
   UNION ALL
  SELECT t.id, t.parent_id, up.height + 1 FROM up JOIN organization_team t ON t.id = up.parent_id WHERE up.height < 20)
SELECT DISTINCT id::text FROM up ORDER BY id
"""


def teams_over(people: Collection[UUID | None], *, company_id: UUID) -> list[str] | None:
    """The teams that some people are of, and those around them; None: nobody is named, or nobody of them is in a team,
    so none can be told. One statement."""
    known = sorted({one for one in people if one is not None})
    if not known:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [company_id, known])
        return [row[0] for row in cursor.fetchall()] or None
