from django.db import models
from django.db.models import Q

from niaga.core.bases import AppendOnly, frozen_once
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.portal.models.access import PortalPerson


class CaseKind(models.TextChoices):
    """What a customer told: a payment they made, that they do not agree, or what of their data is to be changed."""

    PAYMENT = "payment"
    DISPUTE = "dispute"
    CHANGE = "change"


class PortalCase(models.Model):
    """Something a customer told on their own pages that a person in the office answers. It moves no money by itself."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    customer = models.ForeignKey("parties.Customer", models.PROTECT)
    person = models.ForeignKey(PortalPerson, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=8, choices=CaseKind.choices)
    status = models.CharField(max_length=8, default="open", help_text="open, settled, declined")
    invoice = models.ForeignKey("invoicing.Invoice", models.PROTECT, null=True, related_name="portal_cases")
    invoice_line = models.ForeignKey(
        "invoicing.InvoiceLine", models.PROTECT, null=True, related_name="+", db_index=False
    )
    dispute = models.ForeignKey("invoicing.Dispute", models.PROTECT, null=True, related_name="+")
    payment = models.ForeignKey("payments.Payment", models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=20, default="", blank=True)
    amount = AmountField(null=True)
    currency = CurrencyField(default="", blank=True)
    paid_on = models.DateField(null=True, help_text="When the customer says they paid.")
    bank = models.CharField(max_length=120, default="", blank=True, help_text="To or from which account, as they say.")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "kind"],
                name="one_open_case_a_kind",
                condition=Q(status="open", invoice__isnull=False),
            ),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="case_amount_positive"),
            models.CheckConstraint(
                condition=Q(status="open", ended_at=None) | (~Q(status="open") & Q(ended_at__isnull=False)),
                name="ended_case_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(kind="payment", status="settled") | Q(payment__isnull=False), name="settled_names_payment"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-created_at", "-id"], name="portal_case_recent"),
            models.Index(fields=["company", "created_at"], name="portal_case_open", condition=Q(status="open")),
        ]
        triggers = [frozen_once(name="ended_stays", condition="OLD.status <> 'open'")]


class CaseNote(AppendOnly):
    """One thing that was said in a case, by the customer or the office."""

    id = IdField()
    case = models.ForeignKey(PortalCase, models.PROTECT, related_name="notes")
    by_customer = models.BooleanField()
    name = models.CharField(max_length=120)
    by = models.UUIDField(null=True, help_text="Who in the office.")
    text = models.TextField()
    at = models.DateTimeField()
