"""What is open on a day. No tables: `queries.open_items` writes the statements that tell the rows."""

from django.db import models

from niaga.core.fields import AmountField, CurrencyField


class OpenItem(models.Model):
    """A part of an invoice that was not settled at the end of a day, or (below zero) what a customer had to their
    credit."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=20, help_text="Of the document; `credit` where money came before its invoice.")
    document_id = models.UUIDField()
    number = models.CharField(max_length=40)
    customer = models.ForeignKey("parties.Customer", models.DO_NOTHING, related_name="+")
    currency = CurrencyField()
    date = models.DateField()
    due_date = models.DateField(null=True, help_text="None of a credit.")
    days_late = models.IntegerField(null=True, help_text="On that day; below one: not due yet.")
    amount = AmountField(help_text="Of the part, before anything settled it.")
    open = AmountField()
    base_open = AmountField(help_text="In the company's own currency, as in its books.")
    home = CurrencyField(help_text="The company's own currency.")

    class Meta:
        managed = False


class CustomerAgeing(models.Model):
    """What a customer owed at the end of a day by how long it was overdue, in the company's own currency."""

    customer = models.OneToOneField("parties.Customer", models.DO_NOTHING, primary_key=True, related_name="+")
    currency = CurrencyField()
    not_due = AmountField()
    late_30 = AmountField(help_text="1 to 30 days overdue.")
    late_60 = AmountField(help_text="31 to 60.")
    late_90 = AmountField(help_text="61 to 90.")
    late_more = AmountField(help_text="More than 90.")
    credit = AmountField(help_text="Below zero: credit notes that are not used up, money before its invoice.")
    receivable = AmountField(help_text="All of these: what the books hold on the receivable account.")
    advance = AmountField(help_text="Below zero: payments that settle no invoice.")
    balance = AmountField(help_text="Receivable and advance.")
    oldest_due = models.DateField(null=True)

    class Meta:
        managed = False
