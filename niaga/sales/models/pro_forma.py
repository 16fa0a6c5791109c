from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField, PercentField
from niaga.sales.models.order import SalesOrder


class ProForma(AppendOnly):
    """What a customer was shown to pay of an order before there is an invoice. No claim: it is posted nowhere, and its
    number follows from its order's. The next one of an order replaces it."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="pro_formas", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="The first of its order is 1.")
    number = models.CharField(max_length=50)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    date = models.DateField()
    valid_until = models.DateField()
    currency = CurrencyField()
    total = AmountField()
    tax_by_buyer = AmountField(default=0, help_text="Of its taxes, what a collector pays to the state.")
    percent = PercentField(null=True, help_text="Of the down payment asked for.")
    pay_now = AmountField(help_text="The down payment that is asked for, or all that is to be paid.")
    figures = models.CharField(max_length=64, help_text="Of the order's lines, to tell that they changed since.")
    made_by = models.ForeignKey("organization.User", models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_pro_forma_position"),
            models.UniqueConstraint(fields=["company", "number"], name="one_pro_forma_number"),
            models.CheckConstraint(
                condition=models.Q(pay_now__gt=0, pay_now__lte=models.F("total") - models.F("tax_by_buyer")),
                name="pro_forma_asks_for_no_more_than_all",
            ),
        ]

    def __str__(self) -> str:
        return self.number
