from django.contrib.postgres.fields import ArrayField
from django.db import models

from niaga.core.fields import AmountField, CurrencyField, IdField


class Company(models.Model):
    """A legal company. Every document, series, ledger row and access rule carries one."""

    id = IdField()
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, default="", blank=True)
    npwp = models.CharField(max_length=16, default="", blank=True, help_text="16 digits, text.")
    nitku = models.CharField(max_length=22, default="", blank=True)
    currency = CurrencyField(default="IDR")
    street = models.CharField(max_length=300, default="", blank=True)
    city = models.CharField(max_length=100, default="", blank=True)
    province = models.CharField(max_length=100, default="", blank=True)
    postcode = models.CharField(max_length=10, default="", blank=True)
    country = models.CharField(max_length=2, default="ID")
    phone = models.CharField(max_length=30, default="", blank=True)
    email = models.EmailField(default="", blank=True)
    website = models.CharField(max_length=200, default="", blank=True)
    zone = models.CharField(
        max_length=40,
        default="Asia/Jakarta",
        help_text="IANA time zone of the head office.",
    )
    language = models.CharField(
        max_length=5,
        default="id",
        help_text="Of documents for customers who name none.",
    )
    logo_id = models.UUIDField(null=True, blank=True, help_text="The attachment that holds the logo.")
    document_note = models.TextField(default="", blank=True, help_text="At the foot of quotations and invoices.")
    pictures_on_quotations = models.BooleanField(
        default=False, help_text="Print each product's main picture beside its line on a quotation's PDF."
    )
    other_currencies = ArrayField(
        CurrencyField(), default=list, db_default=[], blank=True, help_text="Sold in besides its own, in this order."
    )
    rate_days = models.PositiveSmallIntegerField(
        default=7, db_default=7, help_text="So many days old an exchange rate may be; an older one is asked for."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class FiscalSetting(models.Model):
    """How the company counts tax and rounds, from a date on. The row of the latest date not after a document holds."""

    id = IdField()
    company = models.ForeignKey(Company, models.PROTECT, related_name="fiscal_settings")
    valid_from = models.DateField()
    charges_tax = models.BooleanField(default=True, help_text="PKP: the company is registered for PPN.")
    prices_include_tax = models.BooleanField(default=False)
    round_total_to = models.DecimalField(max_digits=9, decimal_places=2, default=0, help_text="0: not rounded.")
    tax_rounding = models.CharField(
        max_length=8,
        choices=[("line", "Line"), ("document", "Document")],
        default="line",
        help_text="Tax is rounded on every line, or once a document and tax group.",
    )
    fiscal_year_starts = models.PositiveSmallIntegerField(default=1, help_text="Month, 1 to 12.")
    quotation_valid_days = models.PositiveSmallIntegerField(default=14)
    stamp_duty = AmountField(
        default=0, db_default=0, help_text="Bea meterai on a document that states money received. 0: there is none."
    )
    stamp_duty_above = AmountField(
        default=0, db_default=0, help_text="Due when more than this is stated, in the company's own currency."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "valid_from"], name="one_fiscal_setting_per_day")]


class BankAccount(models.Model):
    """Where customers transfer to; printed on invoices."""

    id = IdField()
    company = models.ForeignKey(Company, models.PROTECT, related_name="bank_accounts")
    bank = models.CharField(max_length=80)
    number = models.CharField(max_length=40)
    holder = models.CharField(max_length=120)
    currency = CurrencyField(default="IDR")
    on_invoices = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)
