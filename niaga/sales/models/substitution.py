from django.db import models

from niaga.core.bases import frozen_once
from niaga.core.fields import IdField, QuantityField
from niaga.sales.models.order import SalesOrder


class Agreement(models.TextChoices):
    """Whether a customer takes other goods in place of those that are missing."""

    NEVER = "never"
    ASK = "ask"
    AHEAD = "ahead"


class SubstitutionRule(models.Model):
    """What a customer agreed to; without a customer: those who have no rule of their own."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, related_name="substitution_rules")
    agreement = models.CharField(max_length=8, choices=Agreement.choices)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "customer"], name="one_substitution_rule", nulls_distinct=False
            ),
        ]  # fmt: skip


class SubstitutionState(models.TextChoices):
    ASKED = "asked"
    MADE = "made"
    DECLINED = "declined"


class Substitution(models.Model):
    """Other goods in place of those that a picker could not find: asked for, made or declined; then it never changes.

    Its id is the key that the phone made. The order's line may be gone when all of it was replaced, so it stands here
    by its id; quantities are base units.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="substitutions")
    delivery = models.ForeignKey("stock.Delivery", models.PROTECT)
    order_line_id = models.UUIDField()
    delivery_line_id = models.UUIDField()
    product = models.ForeignKey("catalog.Product", models.PROTECT, db_index=False, related_name="+")
    quantity = QuantityField(help_text="Of the ordered product, that is replaced.")
    substitute = models.ForeignKey("catalog.Product", models.PROTECT, db_index=False, related_name="+")
    substitute_quantity = QuantityField()
    price = models.CharField(max_length=10, help_text="as_ordered, own or cheaper, as the product's list said.")
    state = models.CharField(max_length=8, choices=SubstitutionState.choices)
    reason = models.CharField(max_length=200, default="", help_text="Why the ordered goods fell short.")
    new_line_id = models.UUIDField(null=True, help_text="The order's line of the substitute, once it was made.")
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, help_text="None with a state of made: the customer agreed ahead.")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, substitute_quantity__gt=0), name="substitution_of_something"
            ),
            models.CheckConstraint(
                condition=models.Q(state="made") ^ models.Q(new_line_id=None), name="substitution_made_has_a_line"
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "-asked_at"], name="substitution_waits", condition=models.Q(state="asked")
            ),
            models.Index(fields=["company", "-asked_at", "-id"], name="substitution_recent"),
        ]  # fmt: skip
        triggers = [frozen_once(name="decided_once", condition="OLD.state <> 'asked'")]
