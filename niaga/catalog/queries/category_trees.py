"""Categories with all that is below them."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection


def below_categories(category_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Each category's own id and those of all below it; one statement, none for no ids."""
    if not category_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE below AS (SELECT id AS top, id FROM catalog_category WHERE id = ANY(%s::uuid[])"
            " UNION SELECT b.top, c.id FROM catalog_category c JOIN below b ON c.parent_id = b.id)"
            " SELECT top, array_agg(id) FROM below GROUP BY top",
            [list(set(category_ids))],
        )
        return {top: frozenset(ids) for top, ids in cursor.fetchall()}
