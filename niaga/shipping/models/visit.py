from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField, QuantityField


class DeliveryVisit(AppendOnly):
    """A driver was at the customer's door. Its key is made by the phone, so that what is sent twice counts once."""

    id = IdField()
    company_id = models.UUIDField()
    delivery = models.ForeignKey("stock.Delivery", models.PROTECT, related_name="visits")
    outcome = models.CharField(max_length=10, help_text="delivered, part, failed")
    received_by = models.CharField(max_length=120, default="")
    reason = models.CharField(max_length=200, default="")
    next_date = models.DateField(null=True, help_text="When it is tried again.")
    photo_ids = models.JSONField(default=list, help_text="Attachments of the delivery.")
    signature_id = models.UUIDField(null=True, help_text="The attachment.")
    cash = AmountField(null=True, help_text="What the customer paid at the door.")
    currency = CurrencyField()
    note = models.CharField(max_length=500, default="")
    arrived_at = models.DateTimeField(null=True, help_text="When the driver came to the door, by the phone.")
    at = models.DateTimeField(help_text="By the phone.")
    received_at = models.DateTimeField(help_text="When it came from the phone.")
    told_with = models.UUIDField(null=True, help_text="The visit it was told with, of what travelled together.")
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["company_id", "-at", "-id"], name="visits_of_company"),
            models.Index(fields=["told_with"], name="visits_told_with", condition=models.Q(told_with__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(cash=None) | models.Q(cash__gt=0), name="cash_at_the_door"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["delivered", "part", "failed"]), name="visit_outcome_known"
            ),
        ]


class RefusedGoods(AppendOnly):
    """So much of a line was not taken at the door, and why: in the line's unit. It comes back as a return."""

    id = IdField()
    company_id = models.UUIDField()
    visit = models.ForeignKey(DeliveryVisit, models.PROTECT, related_name="refused")
    line = models.ForeignKey("stock.DeliveryLine", models.PROTECT, db_index=False)
    quantity = QuantityField()
    reason = models.CharField(max_length=200)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="refused_positive"),
            models.UniqueConstraint(fields=["visit", "line"], name="one_refusal_a_line"),
        ]


class VisitPosition(models.Model):
    """Where the phone was, by consent, to four decimals (some ten metres); deleted when its time is over."""

    visit = models.OneToOneField(DeliveryVisit, models.PROTECT, primary_key=True, related_name="position")
    company_id = models.UUIDField()
    latitude = models.DecimalField(max_digits=7, decimal_places=4)
    longitude = models.DecimalField(max_digits=7, decimal_places=4)
    accuracy_m = models.PositiveIntegerField(null=True)
    delete_after = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["delete_after"], name="position_over")]


class CashTakenIn(AppendOnly):
    """What a driver took at a door is in the books: by which payment, once."""

    id = IdField()
    company_id = models.UUIDField()
    visit = models.OneToOneField(DeliveryVisit, models.PROTECT, related_name="taken_in")
    payment = models.ForeignKey("payments.Payment", models.PROTECT)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
