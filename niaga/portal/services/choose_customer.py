from uuid import UUID

from django.db import transaction

from niaga.core.errors import NotFound
from niaga.portal.models import PortalSession
from niaga.portal.queries.visitors import valid_accesses


@transaction.atomic
def choose_customer(*, session_id: UUID, person_id: UUID, access_id: UUID) -> None:
    """Look at another of the customers that a person stands for.

    :raises NotFound: it is not one of theirs
    """
    if not valid_accesses().filter(pk=access_id, person_id=person_id).exists():
        raise NotFound()
    PortalSession.objects.filter(pk=session_id, person_id=person_id).update(access_id=access_id)
