"""What several routers answer of stock."""

from uuid import UUID

from django.http import HttpResponse

from niaga.core.api import etag
from niaga.organization.access import Actor
from niaga.stock.models import Delivery, JointDelivery
from niaga.stock.queries.deliveries import delivery_lines, get_delivery
from niaga.stock.queries.together import deliveries_of_joint, get_joint


def delivery_out(response: HttpResponse, *, delivery_id: UUID, by: Actor) -> Delivery:
    """The delivery with its lines, as the API answers it.

    :raises NotFound: none, or none that `by` may see
    """
    delivery = get_delivery(delivery_id=delivery_id, by=by)
    delivery.__dict__["proof_row"] = getattr(delivery, "proof", None)
    delivery.__dict__["line_rows"] = delivery_lines(delivery_id=delivery_id)
    response["ETag"] = etag(delivery.version)
    response["Location"] = f"/api/v1/deliveries/{delivery.id}"
    return delivery


def joint_out(response: HttpResponse, *, joint_id: UUID, by: Actor) -> JointDelivery:
    """A joint delivery with its deliveries, as the API answers it.

    :raises NotFound: none, taken apart, or none that `by` may see
    """
    joint = get_joint(joint_id=joint_id, by=by)
    joint.__dict__["delivery_rows"] = deliveries_of_joint(joint_id=joint_id, by=by)
    response["Location"] = f"/api/v1/joint-deliveries/{joint.id}"
    return joint
