import pgtrigger
from django.db import models

from niaga.core.fields import AmountField, IdField
from niaga.invoicing.models.invoice import Invoice


class TaxSlip(models.Model):
    """A collector's proof (SSP, bukti pungut) that it paid the tax of an invoice to the state: it settles that part.

    One that was wrong is reversed, never changed or deleted.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="tax_slips")
    number = models.CharField(max_length=40, help_text="NTPN of the SSP, or number of the bukti pungut.")
    date = models.DateField()
    amount = AmountField(help_text="PPN and PPnBM that were paid to the state.")
    luxury_tax = AmountField(default=0, help_text="PPnBM in it.")
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    reversed_by = models.UUIDField(null=True)
    reversed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, default="", blank=True, help_text="Why it was reversed.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, luxury_tax__gte=0, luxury_tax__lte=models.F("amount")),
                name="tax_slip_positive",
            ),
            models.UniqueConstraint(
                fields=["invoice", "number"], condition=models.Q(reversed_at=None), name="one_tax_slip_number"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="same_slip",
                fields=["id", "company", "invoice", "number", "date", "amount", "luxury_tax", "recorded_at"],
            ),
        ]

    def __str__(self) -> str:
        return self.number
