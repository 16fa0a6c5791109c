"""What several routers answer of stock."""

from uuid import UUID

from django.http import HttpResponse

from niaga.core.api import etag
from niaga.core.errors import NotFound
from niaga.organization.access import Actor
from niaga.stock.models import Delivery
from niaga.stock.queries.deliveries import delivery_lines, visible_deliveries


def delivery_out(response: HttpResponse, *, delivery_id: UUID, by: Actor) -> Delivery:
    """The delivery with its lines, as the API answers it.

    :raises NotFound: none, or none that `by` may see
    """
    delivery = visible_deliveries(by=by).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound()
    delivery.__dict__["line_rows"] = delivery_lines(delivery_id=delivery_id)
    response["ETag"] = etag(delivery.version)
    response["Location"] = f"/api/v1/deliveries/{delivery.id}"
    return delivery
