import pgtrigger
from django.db import models
from django.db.models import Q

from niaga.core.bases import AppendOnly, frozen_once
from niaga.core.fields import AmountField, CurrencyField, IdField, PercentField
from niaga.invoicing.models.invoice import Invoice, InvoiceDue


class LateFeeRule(models.Model):
    """What paying late costs: a customer's own, else that of their group, else the company's.

    One that is off says that these customers pay no fee.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    group = models.ForeignKey("parties.CustomerGroup", models.PROTECT, null=True, blank=True)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    percent = PercentField(default=0, help_text="Of what is open, for a month of 30 days; by the day.")
    fixed = AmountField(default=0, help_text="Once for each part that is late, in the company's own currency.")
    grace_days = models.PositiveSmallIntegerField(default=0, help_text="So many days after the due day cost nothing.")
    cap_percent = PercentField(null=True, help_text="Of the invoice: more than this is never charged on it.")
    minimum = AmountField(default=0, help_text="In the company's own currency; a smaller fee of a month waits.")
    starts_on = models.DateField(help_text="Days before it cost nothing.")
    with_older = models.BooleanField(default=False, help_text="Also invoices that were due before it, from then on.")
    promise_stops = models.BooleanField(default=True, help_text="Days of a promise that was kept cost nothing.")
    issues = models.BooleanField(default=False, help_text="Fee invoices are issued at once.")
    tax_category = models.ForeignKey("catalog.TaxCategory", models.PROTECT, null=True, help_text="None: untaxed.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "group", "customer"], name="one_late_fee_rule", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(group=None) | Q(customer=None), name="late_fee_of_group_or_customer"),
            models.CheckConstraint(
                condition=(Q(percent__gt=0, fixed=0) | Q(percent=0, fixed__gt=0)) | Q(is_active=False),
                name="late_fee_by_day_or_fixed",
            ),
            models.CheckConstraint(condition=Q(percent__gte=0, fixed__gte=0, minimum__gte=0), name="late_fee_above_0"),
        ]


class LateFee(models.Model):
    """What a customer is charged in a month, in one currency: one fee invoice. Released: its draft was discarded, so
    its days may be charged anew."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    customer = models.ForeignKey("parties.Customer", models.PROTECT)
    currency = CurrencyField()
    month = models.DateField(help_text="Its first day.")
    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="late_fee")
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "currency", "month"], name="one_late_fee_a_month", condition=Q(released_at=None)
            )
        ]
        triggers = [frozen_once(name="released_late_fee_stays", condition="OLD.released_at IS NOT NULL")]


_NO_OVERLAP = """
    IF EXISTS (SELECT 1 FROM invoicing_latefeedays d
                WHERE d.due_id = NEW.due_id AND d.id <> NEW.id AND d.released_at IS NULL
                  AND d.first <= NEW.last AND d.last >= NEW.first) THEN
      RAISE EXCEPTION 'days of % are charged once', NEW.due_id USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
"""


class LateFeeDays(models.Model):
    """The late days of a part of an invoice, charged (or, without a `fee`, let go before they were): once.

    `line_id` is the line of the fee invoice. `segments` show the reckoning: first, last, days, open.
    """

    id = IdField()
    company_id = models.UUIDField()
    customer_id = models.UUIDField()
    fee = models.ForeignKey(LateFee, models.PROTECT, null=True, related_name="charges")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="late_days", help_text="That was paid late.")
    due = models.ForeignKey(InvoiceDue, models.PROTECT, related_name="late_days", db_index=False)
    line_id = models.UUIDField(null=True)
    first = models.DateField()
    last = models.DateField()
    currency = CurrencyField()
    percent = PercentField(default=0)
    fixed = AmountField(default=0)
    cap_percent = PercentField(null=True, help_text="As the rule said then.")
    promise_stops = models.BooleanField(default=True, help_text="As the rule said then.")
    amount = AmountField(help_text="Without tax, before what was waived of it.")
    segments = models.JSONField()
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=models.F("last")), name="late_days_in_order"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="late_days_cost_above_0"),
            models.UniqueConstraint(fields=["due", "first"], name="late_days_once", condition=Q(released_at=None)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="late_days_never_overlap", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_NO_OVERLAP
            ),
            frozen_once(name="released_late_days_stay", condition="OLD.released_at IS NOT NULL"),
            pgtrigger.Trigger(
                name="late_days_are_only_released",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.released_at IS NULL"),
                func=(
                    "IF TG_OP = 'DELETE' OR (NEW.due_id, NEW.first, NEW.last, NEW.amount, NEW.fee_id, NEW.line_id)"
                    " IS DISTINCT FROM (OLD.due_id, OLD.first, OLD.last, OLD.amount, OLD.fee_id, OLD.line_id) THEN"
                    " RAISE EXCEPTION 'charged days never change' USING ERRCODE = 'restrict_violation';"
                    " END IF; RETURN NEW;"
                ),
            ),
        ]


class LateFeeWaiver(AppendOnly):
    """That of charged days something was let go: with a reason, and with a credit note where they were billed."""

    id = IdField()
    days = models.ForeignKey(LateFeeDays, models.PROTECT, related_name="waivers")
    amount = AmountField(help_text="Without tax.")
    reason = models.TextField()
    credit_note = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="waived_fees")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="waived_above_0")]
