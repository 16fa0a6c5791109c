from django.db import models

from niaga.core.fields import IdField


class BillingWay(models.TextChoices):
    BY_HAND = "by_hand"
    CONFIRMATION = "confirmation"
    DELIVERY = "delivery"
    PERIOD = "period"
    MILESTONE = "milestone"
    RECURRING = "recurring"


BY_RULE = (BillingWay.BY_HAND, BillingWay.CONFIRMATION, BillingWay.DELIVERY, BillingWay.PERIOD)
"""What a rule can say; milestones are planned for one order, recurring periods for a customer."""


class BillingPeriod(models.TextChoices):
    WEEK = "week"
    HALF_MONTH = "half_month"
    MONTH = "month"


class BillingRule(models.Model):
    """When a customer is billed by itself; without a customer: those who have no rule of their own."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, related_name="billing_rules")
    way = models.CharField(max_length=12, choices=BillingWay.choices)
    period = models.CharField(max_length=10, choices=BillingPeriod.choices, default="", blank=True)
    issues = models.BooleanField(default=False, help_text="Issued at once; else it is a draft.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "customer"], name="one_billing_rule", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(way="period") ^ models.Q(period=""), name="a_period_where_billed_by_period"
            ),
        ]  # fmt: skip


class BillingChoice(models.Model):
    """How one order is billed, whatever the rule of its customer says. Without a way it is back under that rule: the
    row stays, so that what an earlier choice was waiting for can tell that it no longer holds."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    order = models.OneToOneField("sales.SalesOrder", models.CASCADE, related_name="billing_choice")
    way = models.CharField(max_length=12, choices=BillingWay.choices, default="", blank=True)
    period = models.CharField(max_length=10, choices=BillingPeriod.choices, default="", blank=True)
    issues = models.BooleanField(default=False, help_text="Issued at once; else it is a draft.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(way="period") ^ models.Q(period=""), name="a_period_where_chosen_by_period"
            )
        ]


class BillingCause(models.Model):
    """What an invoice follows from by itself: a confirmation, a delivery, a period's end, a plan's period. Its key is
    there once, and it becomes one invoice at most; what could not be billed says why and waits."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=BillingWay.choices)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, related_name="+")
    branch = models.ForeignKey("organization.Branch", models.PROTECT, db_index=False)
    salesperson_id = models.UUIDField(null=True)
    order_ids = models.JSONField(help_text="The orders it bills.")
    source_number = models.CharField(max_length=60, help_text="Of the order or delivery; of a period its last day.")
    delivery_id = models.UUIDField(null=True)
    until = models.DateField(null=True, help_text="The period's last day.")
    issues = models.BooleanField()
    invoice = models.OneToOneField("invoicing.Invoice", models.PROTECT, null=True, related_name="billing_cause")
    code = models.CharField(max_length=60, default="", help_text="Why it waits, or why there was nothing to bill.")
    reason = models.TextField(default="")
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "key"], name="one_billing_cause"),
            models.CheckConstraint(
                condition=models.Q(invoice=None) | models.Q(done_at__isnull=False), name="a_billed_cause_is_done"
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "created_at", "id"], name="billing_waiting", condition=models.Q(done_at=None)
            )
        ]  # fmt: skip
