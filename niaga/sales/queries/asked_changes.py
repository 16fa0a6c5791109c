"""Changes of promises that were asked for."""

from uuid import UUID

from niaga.sales.models import AskedChange


def asked_change(*, request_id: UUID) -> AskedChange | None:
    """The change that a request is about; None when it is about an order that was none yet. The caller has checked
    access to the request or the order."""
    return AskedChange.objects.select_related("request", "order__branch").filter(request_id=request_id).first()
