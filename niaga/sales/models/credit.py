from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.sales.models.order import SalesOrder


class CreditStage(models.TextChoices):
    """What an order cannot do without finance."""

    CONFIRM = "confirm"
    AMEND = "amend"
    SHIP = "ship"


class CreditRequest(AppendOnly):
    """Somebody asks finance to let one order by. It waits while nobody decided and the order still needs it."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="credit_requests", db_index=False)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, db_index=False)
    delivery = models.ForeignKey("stock.Delivery", models.PROTECT, null=True, related_name="credit_requests")
    stage = models.CharField(max_length=8, choices=CreditStage.choices)
    currency = CurrencyField()
    amount = AmountField(help_text="The order's total that is asked for.")
    note = models.TextField(default="", blank=True)
    asked_by = models.ForeignKey("organization.User", models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["order", "-at"], name="credit_request_order"),
            models.Index(fields=["company", "-at", "-id"], name="credit_request_recent"),
        ]


class CreditDecision(AppendOnly):
    """Finance's answer to a request: the order is let by up to an amount, or is not."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    request = models.OneToOneField(CreditRequest, models.PROTECT, related_name="decision")
    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="credit_decisions", db_index=False)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, db_index=False)
    released = models.BooleanField()
    amount = AmountField(default=0, help_text="Released: up to this total of the order.")
    reason = models.TextField()
    decided_by = models.ForeignKey("organization.User", models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="release_not_negative")]
        indexes = [models.Index(fields=["order", "-at"], name="credit_decision_order")]


class CreditFreed(AppendOnly):
    """Money brought the customer within limit and days again: what waited is free, told or done once for a request."""

    id = IdField()
    company_id = models.UUIDField()
    request = models.OneToOneField(CreditRequest, models.PROTECT, related_name="freed")
    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="+", db_index=False)
    confirmed = models.BooleanField(help_text="By itself; else the seller was told.")
    at = models.DateTimeField()
