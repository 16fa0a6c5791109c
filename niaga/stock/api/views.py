"""What several routers answer of stock."""

from uuid import UUID

from django.http import HttpResponse

from niaga.catalog.rules.load import GoodsLoad
from niaga.core.api import etag
from niaga.organization.access import Actor
from niaga.stock.models import Delivery
from niaga.stock.queries.deliveries import delivery_lines, get_delivery
from niaga.stock.queries.loads import delivery_loads


def delivery_out(response: HttpResponse, *, delivery_id: UUID, by: Actor) -> Delivery:
    """The delivery with its lines, as the API answers it.

    :raises NotFound: none, or none that `by` may see
    """
    delivery = get_delivery(delivery_id=delivery_id, by=by)
    delivery.__dict__["proof_row"] = getattr(delivery, "proof", None)
    delivery.__dict__["load"] = delivery_loads([delivery_id]).get(delivery_id, GoodsLoad())
    delivery.__dict__["line_rows"] = delivery_lines(delivery_id=delivery_id)
    response["ETag"] = etag(delivery.version)
    response["Location"] = f"/api/v1/deliveries/{delivery.id}"
    return delivery
