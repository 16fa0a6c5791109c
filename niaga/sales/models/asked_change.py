import pgtrigger
from django.db import models

from niaga.core.bases import frozen_once
from niaga.core.fields import AmountField, IdField
from niaga.sales.models.order import SalesOrder


class AskedChange(models.Model):
    """A change of a promise that waits for a yes, priced as it was asked for. Once made it never changes; what was
    asked never does."""

    id = IdField()
    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="asked_changes", db_index=False)
    request = models.OneToOneField("approvals.ApprovalRequest", models.PROTECT, related_name="+")
    order_version = models.PositiveIntegerField(help_text="Of the order it is a change of.")
    total_before = AmountField()
    total = AmountField()
    lines = models.JSONField(help_text="All lines as they shall be, by column.")
    before = models.JSONField(help_text="The lines that it changes or takes away, by column.")
    totals = models.JSONField(help_text="The figures of the order as they shall be, by column.")
    header = models.JSONField(help_text="What else of the order it changes, by column.")
    reason = models.TextField(default="", blank=True)
    shortage = models.CharField(max_length=9)
    asked_by = models.ForeignKey("organization.User", models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True, help_text="When it was approved and yet could not be made.")
    refusal = models.CharField(max_length=40, default="", blank=True, help_text="The code of why.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(refused_at__isnull=True, refusal="")
                | (models.Q(refused_at__isnull=False) & ~models.Q(refusal="")),
                name="refused_change_says_why",
            )
        ]
        indexes = [models.Index(fields=["order", "-asked_at"], name="asked_change_order")]
        triggers = [
            frozen_once(name="made_for_good", condition="OLD.made_at IS NOT NULL"),
            pgtrigger.Trigger(
                name="as_it_was_asked",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="RAISE EXCEPTION 'what was asked never changes' USING ERRCODE = 'restrict_violation';",
                condition=pgtrigger.Condition(
                    "((OLD.lines, OLD.totals, OLD.header, OLD.order_id, OLD.request_id, OLD.order_version,"
                    " OLD.asked_at) IS DISTINCT FROM (NEW.lines, NEW.totals, NEW.header, NEW.order_id, NEW.request_id,"
                    " NEW.order_version, NEW.asked_at))"
                ),
            ),
        ]
