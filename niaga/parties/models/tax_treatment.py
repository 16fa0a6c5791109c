from django.db import models

from niaga.core.fields import IdField
from niaga.parties.models.customer import Customer


class TaxTreatment(models.Model):
    """How one customer is taxed between two days, in place of what their goods usually bear.

    Taxed with another transaction code (a government collector), or not at all: in a facility (07, 08), or without a
    code (export, reverse charge). Documents freeze what held on their day.
    """

    id = IdField()
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tax_treatments", db_index=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    region = models.CharField(
        max_length=120, default="", blank=True, help_text="Only for deliveries to these provinces; empty: everywhere."
    )
    is_taxed = models.BooleanField(default=True)
    transaction_code = models.CharField(max_length=2, default="", blank=True)
    add_info = models.CharField(max_length=12, default="", blank=True, help_text="Keterangan tambahan, TD.005xx.")
    facility_stamp = models.CharField(max_length=12, default="", blank=True, help_text="Cap fasilitas, TD.011xx.")
    document = models.CharField(max_length=60, default="", blank=True, help_text="Number of the paper that grants it.")
    document_date = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, default="", blank=True, help_text="Printed on documents.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "valid_from", "region"], name="one_treatment_per_day"),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="treatment_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.transaction_code or self.note
