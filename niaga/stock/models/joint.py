from django.db import models

from niaga.core.bases import NeverDeleted
from niaga.core.fields import IdField
from niaga.stock.models.warehouse import Warehouse


class JointDelivery(NeverDeleted):
    """Deliveries of one customer to one door that travel together. Each stays the delivery of its own order.

    Its deliveries name it (`Delivery.joint`); one that nobody names was taken apart.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    branch = models.ForeignKey("organization.Branch", models.PROTECT, db_index=False)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, db_index=False)
    customer = models.ForeignKey("parties.Customer", models.PROTECT)
    number = models.CharField(max_length=40)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta(NeverDeleted.Meta):
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_joint_number")]

    def __str__(self) -> str:
        return self.number
