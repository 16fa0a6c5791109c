from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.portal.errors import NothingSaid, TooOften
from niaga.portal.models import PortalCase
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.open_case import open_case

MOST_OPEN = 5


@transaction.atomic
def ask_change(*, visitor: Visitor, text: str, at: datetime) -> UUID:
    """Ask the office to change what it knows of the customer: addresses, contacts, tax number. Nothing changes by it.
    Returns the case's id.

    :raises NothingSaid: nothing is written
    :raises TooOften: five wait for an answer already
    """
    if not text.strip():
        raise NothingSaid(field="text")
    if PortalCase.objects.filter(customer_id=visitor.customer_id, kind="change", status="open").count() >= MOST_OPEN:
        raise TooOften(field="text")
    return open_case(
        visitor=visitor, kind="change", text=text.strip(), files=[], values={}, number="", seller=None, at=at
    )
