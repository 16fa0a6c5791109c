"""A return as the API answers it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from niaga.organization.access import access_of
from niaga.returns.models import Return
from niaga.returns.queries.gifts import gifts_to_charge
from niaga.returns.queries.returns import notes_of, return_lines, see_return


def answer(request: HttpRequest, response: HttpResponse, return_id: UUID) -> Return:
    rma = see_return(return_id=return_id, by=request.user)
    settlement = getattr(rma, "settlement", None)
    facts: dict[str, Any] = rma.__dict__
    facts["way"] = settlement.way if settlement else None
    facts["exchange_order_id"] = settlement.order_id if settlement else None
    facts["coupons_back"] = settlement.coupons if settlement else []
    facts["gifts_to_charge"] = gifts_to_charge(rma)
    sees = settlement is not None and access_of(request.user).allows("invoice", "view")
    facts["credit_note_ids"] = [one["credit_note_id"] for one in notes_of(return_id=rma.id)] if sees else []
    rma._prefetched_objects_cache = {"lines": return_lines(return_id=rma.id)}  # type: ignore[attr-defined]
    response["Location"] = f"/api/v1/returns/{rma.id}"
    return rma
