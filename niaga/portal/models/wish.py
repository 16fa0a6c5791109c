from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField
from niaga.portal.models.access import PortalPerson


class PortalOrder(AppendOnly):
    """That a person of a customer ordered again on their pages, and what was written for it: an order, or where the
    company wants to look first, a quotation."""

    id = IdField()
    company_id = models.UUIDField()
    customer = models.ForeignKey("parties.Customer", models.PROTECT, db_index=False)
    person = models.ForeignKey(PortalPerson, models.PROTECT, db_index=False)
    order = models.OneToOneField("sales.SalesOrder", models.PROTECT, null=True, related_name="+")
    quotation = models.OneToOneField("sales.Quotation", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["customer", "-at"], name="portal_order_customer")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(order__isnull=False, quotation=None) | models.Q(order=None, quotation__isnull=False),
                name="portal_order_is_one_document",
            )
        ]
