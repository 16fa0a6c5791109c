from uuid import UUID

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.returns.models import Return


def lock_return(*, return_id: UUID, action: str, by: Actor) -> Return:
    """The return with its branch, company and customer, locked until the transaction ends, for who may do `action` to
    it.

    :raises NotFound: no such return
    :raises Forbidden: the person may not
    """
    rows = Return.objects.select_for_update(of=("self",)).select_related("branch", "company", "customer")
    found: Return | None = rows.filter(pk=return_id).first()
    if found is None:
        raise NotFound()
    access_of(by).require("return", action, found)
    return found
