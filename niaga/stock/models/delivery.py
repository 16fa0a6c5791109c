import pgtrigger
from django.db import models

from niaga.core.fields import IdField, PriceField, QuantityField
from niaga.stock.models.reservation import Reservation
from niaga.stock.models.warehouse import Warehouse


class Delivery(models.Model):
    """Goods leaving for a customer: picked, shipped, delivered."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, db_index=False)
    number = models.CharField(max_length=40)
    status = models.CharField(max_length=20, default="draft")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, db_index=False)
    salesperson_id = models.UUIDField(null=True)
    source_kind = models.CharField(max_length=40, default="")
    source_number = models.CharField(max_length=40, default="")
    address = models.JSONField(default=dict, help_text="Frozen: name, street, city, phone …")
    planned_date = models.DateField(null=True)
    joint = models.ForeignKey(
        "stock.JointDelivery", models.PROTECT, null=True, related_name="deliveries", db_index=False,
        db_constraint=False, help_text="It travels together with others.",
    )  # fmt: skip
    carrier = models.CharField(max_length=80, default="", blank=True)
    tracking = models.CharField(max_length=80, default="", blank=True)
    note = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True)
    shipped_date = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_delivery_number")]
        indexes = [
            models.Index(fields=["company", "status", "-created_at"], name="delivery_by_status"),
            models.Index(fields=["company", "-created_at"], name="delivery_recent"),
            models.Index(fields=["customer", "-created_at"], name="delivery_customer"),
            models.Index(fields=["joint"], name="delivery_joint", condition=models.Q(joint__isnull=False)),
        ]
        triggers = [
            pgtrigger.Protect(
                name="left_together", operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.joint_id IS DISTINCT FROM NEW.joint_id AND OLD.status NOT IN ('draft', 'picking')"
                ),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class DeliveryLine(models.Model):
    """So much of a product, taken from what is reserved. A bundle has no reservation: its parts have."""

    id = IdField()
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey("catalog.Product", models.PROTECT)
    reservation = models.ForeignKey(Reservation, models.PROTECT, null=True)
    description = models.TextField(default="")
    quantity = QuantityField(help_text="In the line's unit.")
    unit = models.ForeignKey("catalog.Unit", models.PROTECT, db_index=False, db_constraint=False)
    factor = QuantityField(default=1)
    unit_cost = PriceField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(quantity__gt=0), name="delivery_quantity_positive")]


class DeliveryPart(models.Model):
    """What is in a delivery line that is a bundle: `quantity` base units of a product in each base unit of the line."""

    id = IdField()
    line = models.ForeignKey(DeliveryLine, models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    product = models.ForeignKey("catalog.Product", models.PROTECT)
    reservation = models.ForeignKey(Reservation, models.PROTECT, null=True, help_text="None: a service.")
    quantity = QuantityField()
    unit_cost = PriceField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "product"], name="one_delivery_part"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="delivery_part_positive"),
        ]


class ProofOfDelivery(models.Model):
    """Who took the goods, when, with a photo or signature."""

    id = IdField()
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="proof")
    received_by = models.CharField(max_length=120)
    photo_id = models.UUIDField(null=True, help_text="The attachment.")
    note = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
