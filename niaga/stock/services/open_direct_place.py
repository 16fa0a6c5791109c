from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.ids import new_id
from niaga.organization.queries.companies import company_profile
from niaga.stock.models import Warehouse


def open_direct_place(*, company_id: UUID, branch_id: UUID, at: datetime) -> UUID:
    """The place through which goods pass that suppliers send straight to customers, made when it is first needed.

    It is put away from birth: nobody sells from it, counts it or plans there. One statement; three the first time.
    """
    found = Warehouse.objects.filter(company_id=company_id, is_direct=True).values_list("id", flat=True).first()
    if found is not None:
        return found
    with translation.override(company_profile(company_id).language or settings.LANGUAGE_CODE):
        name = _("Straight from suppliers")
    with connection.cursor() as cursor:  # whoever makes it at this moment is waited for, and taken
        cursor.execute(
            "INSERT INTO stock_warehouse AS w (id, company_id, branch_id, code, name, archived_at, is_direct)"
            " VALUES (%s, %s, %s, '*', %s, %s, true) ON CONFLICT (company_id) WHERE is_direct"
            " DO UPDATE SET name = w.name RETURNING w.id",
            [new_id(), company_id, branch_id, name, at],
        )
        made: UUID = cursor.fetchone()[0]
    return made
