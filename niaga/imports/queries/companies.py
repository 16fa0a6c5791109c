from uuid import UUID

from django.db import connection

from niaga.core.errors import NotFound
from niaga.imports.errors import CompanyNeeded


def company_by_code(code: str) -> UUID:
    """The company of this code; without one, the only company there is.

    :raises NotFound: no such company
    :raises CompanyNeeded: there are several, or none
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM organization_company WHERE archived_at IS NULL AND (%s::text = '' OR code = %s::text)",
            [code, code],
        )
        found = cursor.fetchall()
    if len(found) == 1:
        return UUID(str(found[0][0]))
    if code:
        raise NotFound(field="company")
    raise CompanyNeeded(field="company")
