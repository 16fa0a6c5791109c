"""What becomes of an issued invoice at the tax office: it is learned after issue, so it stands beside the invoice."""

from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField, PriceField
from niaga.invoicing.models.invoice import Invoice


class TaxFile(models.Model):
    """A Coretax file that was made: its bytes are kept as they were handed out."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, db_index=False)
    name = models.CharField(max_length=80)
    invoice_count = models.PositiveIntegerField()
    net = AmountField(help_text="DPP of all its invoices.")
    tax = AmountField(help_text="PPN of all its invoices.")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="It was not uploaded; its invoices are to be filed again.")

    class Meta:
        indexes = [models.Index(fields=["company", "-created_at", "-id"], name="tax_file_recent")]

    def __str__(self) -> str:
        return self.name


class TaxCurrencyRate(models.Model):
    """The tax rate of a currency (kurs pajak, KMK) over some days, as the Minister of Finance sets it by the week.

    Rupiah for one of the currency. It is finance's to write; a day without one has none, and never 1.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    currency = CurrencyField()
    valid_from = models.DateField()
    valid_until = models.DateField(help_text="The last day; it holds on both.")
    rate = PriceField(help_text="Rupiah for one of the currency.")
    decree = models.CharField(max_length=60, default="", blank=True, help_text="Such as 47/MK/EF.2/2026.")
    updated_by = models.UUIDField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "currency", "valid_from"], name="one_tax_rate_per_week"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="tax_currency_rate_positive"),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")), name="tax_currency_rate_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}"


class TaxFiling(models.Model):
    """Where an invoice stands with the tax office. Without a row it is still to be filed."""

    id = IdField()
    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="tax_filing")
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    status = models.CharField(
        max_length=12, default="open", help_text="open, exported, filed, replaced, to_cancel, cancelled, left_out"
    )
    file = models.ForeignKey(TaxFile, models.PROTECT, null=True, related_name="filings")
    buyer = models.JSONField(
        default=dict, help_text="The buyer's tax facts as learned after issue; they go before the invoice's own."
    )
    serial = models.CharField(max_length=17, default="", blank=True, help_text="NSFP, 17 digits: the one in force.")
    filed_on = models.DateField(null=True)
    currency_rate = PriceField(null=True, help_text="The tax rate by which the file holds it in rupiah.")
    discount = AmountField(
        default=0, db_default=0,
        help_text="Of the net: what discounts by credit note had taken off in what was filed, or is in the file.",
    )  # fmt: skip
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="replaced_by", db_index=False,
        help_text="It is filed as the replacement of this one's serial number.",
    )  # fmt: skip
    reason = models.TextField(default="", help_text="Why it was cancelled or left out.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "serial"], name="one_invoice_per_serial", condition=~models.Q(serial="")
            ),
            models.CheckConstraint(
                condition=~models.Q(status="filed") | models.Q(serial__regex=r"^[0-9]{17}$"), name="filed_has_serial"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="exported") | models.Q(file__isnull=False), name="exported_has_file"
            ),
        ]
        indexes = [models.Index(fields=["company", "status"], name="tax_filing_status")]


class TaxSerial(AppendOnly):
    """Every serial number that an invoice was ever told; a replacement adds one."""

    id = IdField()
    filing = models.ForeignKey(TaxFiling, models.PROTECT, related_name="serials")
    serial = models.CharField(max_length=17)
    filed_on = models.DateField()
    told_by = models.UUIDField(null=True)
    told_at = models.DateTimeField()
    import_batch_id = models.UUIDField(null=True)


class BuyerReturn(models.Model):
    """The buyer's *nota retur*, which stands behind our credit note at the tax office. The buyer makes it."""

    id = IdField()
    credit_note = models.OneToOneField(Invoice, models.PROTECT, related_name="buyer_return")
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    number = models.CharField(max_length=40)
    date = models.DateField()
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
