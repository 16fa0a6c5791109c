from uuid import UUID

from django.db import connection

_SQL = """
WITH RECURSIVE up AS (
  SELECT t.id AS start, t.id, t.parent_id, 0 AS height FROM organization_territory t WHERE t.company_id = %s::uuid
   UNION ALL
  SELECT up.start, t.id, t.parent_id, up.height + 1 FROM up JOIN organization_territory t ON t.id = up.parent_id
   WHERE up.height < 20)
SELECT start, array_agg(id ORDER BY height) FROM up GROUP BY start
"""


def territory_paths(company_id: UUID) -> dict[UUID, tuple[UUID, ...]]:
    """Each territory of the company with those around it, itself first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [company_id])
        return {start: tuple(path) for start, path in cursor.fetchall()}
