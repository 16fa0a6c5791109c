from uuid import UUID

from niaga.approvals.queries.gate import gate_of
from niaga.core.errors import NotFound, StaleVersion
from niaga.organization.access import Actor, access_of
from niaga.sales.models import Quotation


def lock_quotation(
    *, quotation_id: UUID, action: str, by: Actor, version: int | None = None, gate: bool = False
) -> Quotation:
    """The quotation with its branch, locked until the transaction ends, for a person who may do `action` to it.
    With `gate` also what `check_approval` reads, and its customer.

    :raises NotFound: no such quotation
    :raises Forbidden: the person may not
    :raises StaleVersion: somebody saved since `version`
    """
    rows = Quotation.objects.select_for_update(of=("self",)).select_related("branch")
    if gate:
        rows = rows.select_related("customer").annotate(**gate_of())
    quotation: Quotation | None = rows.filter(pk=quotation_id).first()
    if quotation is None:
        raise NotFound()
    access_of(by).require("quotation", action, quotation)
    if version is not None and quotation.version != version:
        raise StaleVersion()
    return quotation
