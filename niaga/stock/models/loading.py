from django.db import models

from niaga.core.fields import IdField
from niaga.stock.models.fleet import DeliveryRoute


class LoadMark(models.Model):
    """A delivery line that is on the vehicle. A line that goes leaves its mark behind, unseen."""

    id = IdField()
    company_id = models.UUIDField()
    route = models.ForeignKey(DeliveryRoute, models.CASCADE, related_name="load_marks")
    delivery_line_id = models.UUIDField(unique=True)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
