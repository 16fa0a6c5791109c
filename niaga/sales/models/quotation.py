from django.db import models

from niaga.core.bases import PricedHeader, PricedLine, lines_add_up
from niaga.core.fields import IdField
from niaga.sales.models.promoted import PromotedHeader, PromotedLine


class Quotation(PromotedHeader, PricedHeader):
    """An offer to a customer, until a day."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    number = models.CharField(max_length=40)
    status = models.CharField(
        max_length=20, default="draft", help_text="draft, sent, accepted, declined, expired, cancelled"
    )
    customer = models.ForeignKey("parties.Customer", models.PROTECT, db_index=False)
    contact = models.ForeignKey("parties.Contact", models.PROTECT, null=True, blank=True)
    salesperson = models.ForeignKey("organization.User", models.PROTECT, null=True)
    channel = models.ForeignKey("organization.Channel", models.PROTECT, null=True, db_index=False)
    payment_term = models.ForeignKey("parties.PaymentTerm", models.PROTECT, null=True, db_index=False)
    delivery_address = models.JSONField(default=dict, help_text="As it was when the quotation was last saved.")
    billing_address = models.JSONField(default=dict, help_text="Empty: the customer's own when it is invoiced.")
    date = models.DateField()
    valid_until = models.DateField()
    requested_date = models.DateField(null=True, help_text="The day the customer asks for.")
    customer_reference = models.CharField(max_length=60, default="", blank=True)
    note = models.TextField(default="", blank=True)
    terms_text = models.TextField(default="", blank=True)
    offer_version = models.PositiveIntegerField(default=1, help_text="Counts what the customer was sent.")
    version = models.PositiveIntegerField(default=1, help_text="Counts saves; the ETag.")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            *PricedHeader.money_checks("quotation"),
            models.UniqueConstraint(fields=["company", "number"], name="one_quotation_number"),
        ]
        indexes = [
            models.Index(fields=["company", "status", "-date", "-id"], name="quotation_by_status"),
            models.Index(fields=["company", "-date", "-id"], name="quotation_recent"),
            models.Index(fields=["customer", "-date"], name="quotation_customer"),
            models.Index(fields=["valid_until"], name="quotation_open", condition=models.Q(status="sent")),
        ]
        triggers = lines_add_up(
            lines="sales_quotationline", key="quotation_id", statuses=("sent", "accepted"), counted="is_chosen"
        )

    def __str__(self) -> str:
        return self.number


class QuotationLine(PromotedLine, PricedLine):
    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="lines")
    product = models.ForeignKey("catalog.Product", models.PROTECT, null=True)
    unit = models.ForeignKey("catalog.Unit", models.PROTECT, null=True, db_index=False, db_constraint=False)
    tax_category = models.ForeignKey(
        "catalog.TaxCategory", models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    is_optional = models.BooleanField(default=False, help_text="The customer may choose it.")
    is_chosen = models.BooleanField(default=True, help_text="Counts in the totals. An optional line starts unchosen.")
    price_is_manual = models.BooleanField(default=False)
    requested_date = models.DateField(null=True, help_text="Where it is another than the quotation's.")

    class Meta:
        constraints = [*PricedLine.money_checks("quotation_line")]


class QuotationVersion(models.Model):
    """What the customer was shown: header and lines as they were when version N was sent."""

    id = IdField()
    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="versions", db_index=False)
    offer_version = models.PositiveIntegerField()
    content = models.JSONField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quotation", "offer_version"], name="one_row_per_version")]


class QuotationAnswer(models.Model):
    """The customer's yes or no: one per quotation."""

    id = IdField()
    quotation = models.OneToOneField(Quotation, models.PROTECT, related_name="answer")
    accepted = models.BooleanField()
    name = models.CharField(max_length=120, default="")
    signature_id = models.UUIDField(null=True, help_text="The attachment with the drawn signature.")
    reason = models.TextField(default="")
    through_link = models.BooleanField(default=False)
    address = models.GenericIPAddressField(null=True)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()


class QuotationTemplate(models.Model):
    """A prepared quotation: sections, lines, texts; prices are counted afresh when it is used."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    name = models.CharField(max_length=120)
    lines = models.JSONField(default=list)
    note = models.TextField(default="", blank=True)
    terms_text = models.TextField(default="", blank=True)
    valid_days = models.PositiveSmallIntegerField(default=14)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
