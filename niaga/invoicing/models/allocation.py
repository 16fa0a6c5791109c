from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField, RateField
from niaga.invoicing.models.invoice import Invoice


class InvoiceBalance(models.Model):
    """What is still open of an issued invoice or credit note: `total` - `allocated`. Its row is the lock."""

    id = IdField()
    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="balance")
    company_id = models.UUIDField()
    customer_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    currency = CurrencyField()
    total = AmountField()
    allocated = AmountField(default=0)
    base_total = AmountField(
        default=0, db_default=0, help_text="In the company's own currency, at the document's rate."
    )
    base_allocated = AmountField(
        default=0, db_default=0, help_text="What of `base_total` is settled: its share, nothing lost by rounding."
    )
    due_date = models.DateField(
        null=True, help_text="Of the earliest part that is not covered yet; none: no such part has its day yet."
    )
    settled_at = models.DateTimeField(null=True)
    date = models.DateField(help_text="Of the document.")
    first_on = models.DateField(help_text="Its own, or the day of an allocation that was dated back before it.")
    last_on = models.DateField(help_text="Its own, or the latest day of an allocation.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(allocated__gte=0, allocated__lte=models.F("total")), name="never_overpaid"
            ),
            models.CheckConstraint(
                condition=models.Q(base_allocated__gte=0, base_allocated__lte=models.F("base_total")),
                name="never_overpaid_in_base",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company_id", "due_date"],
                name="balance_open",
                condition=models.Q(allocated__lt=models.F("total")),
            ),
            models.Index(
                fields=["customer_id"],
                name="balance_customer_open",
                condition=models.Q(allocated__lt=models.F("total")),
            ),
            models.Index(
                fields=["company_id", "last_on", "first_on"],
                name="balance_settled",
                condition=models.Q(allocated__gte=models.F("total")),
            ),
        ]


class Allocation(AppendOnly):
    """What settles what: an amount of a payment or credit note (`source`) on an invoice; negative takes it back.

    `amount` is in the invoice's currency. What it took of a source in another stands beside it.
    """

    id = IdField()
    company_id = models.UUIDField()
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="allocations")
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    amount = AmountField()
    source_currency = CurrencyField(default="", db_default="", blank=True, help_text="Where it is another.")
    source_amount = AmountField(null=True, help_text="In the source's currency, where it is another.")
    exchange_rate = RateField(
        null=True,
        help_text="By which it was turned: of the company's own currency for one of the invoice's, or of the source's"
        " where the invoice is in the company's own.",
    )
    at = models.DateTimeField()
    date = models.DateField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source_currency="", source_amount=None)
                | (~models.Q(source_currency="") & models.Q(source_amount__isnull=False)),
                name="allocation_of_one_currency_or_two",
            )
        ]
        indexes = [
            models.Index(fields=["source_id"], name="allocation_source"),
            BrinIndex(fields=["date"], name="allocation_date", pages_per_range=32, autosummarize=True),
        ]
