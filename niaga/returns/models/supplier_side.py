import pgtrigger
from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, IdField, QuantityField
from niaga.returns.models.goods_return import Return, ReturnLine


class SupplierAnswer(AppendOnly):
    """What a supplier said of goods that a customer sent straight back to them."""

    id = IdField()
    rma = models.ForeignKey(Return, models.PROTECT, related_name="answers")
    note = models.TextField(default="")
    is_last = models.BooleanField(default=False, help_text="Nothing more will come to them.")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()


class SupplierAnswerLine(AppendOnly):
    """Of a line, in its unit: taken back, and refused with where that went."""

    id = IdField()
    answer = models.ForeignKey(SupplierAnswer, models.PROTECT, related_name="lines")
    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="answers")
    accepted = QuantityField(default=0)
    refused = QuantityField(default=0)
    refused_to = models.CharField(max_length=10, default="", help_text="customer or warehouse.")

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted__gte=0, refused__gte=0)
                & (models.Q(accepted__gt=0) | models.Q(refused__gt=0))
                & (models.Q(refused=0) | models.Q(refused_to__in=["customer", "warehouse"])),
                name="supplier_answer_says_something",
            )
        ]


class SupplierCredit(AppendOnly):
    """What a supplier owes for goods of a return line: they took them back from a customer (`answer`), or we sent them
    from our stock, at their cost."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT, db_index=False)
    rma = models.ForeignKey(Return, models.PROTECT, related_name="supplier_credits")
    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="supplier_credits", db_index=False)
    supplier = models.ForeignKey("stock.Supplier", models.PROTECT, related_name="+")
    answer = models.ForeignKey(SupplierAnswer, models.PROTECT, null=True, related_name="credits")
    quantity = QuantityField(help_text="In the line's unit.")
    amount = AmountField(help_text="Expected, in the company's own currency.")
    date = models.DateField(help_text="From this day on they owe it.")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["company", "-date", "-id"], name="supplier_credit_recent")]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="supplier_credit_positive")]


_NEVER_MORE_THAN_EXPECTED = """
DECLARE expected numeric; ended numeric;
BEGIN
  PERFORM 1 FROM returns_return r JOIN returns_suppliercredit c ON c.rma_id = r.id WHERE c.id = NEW.credit_id
     FOR UPDATE OF r;
  SELECT amount INTO expected FROM returns_suppliercredit WHERE id = NEW.credit_id;
  SELECT sum(amount) INTO ended FROM returns_suppliercreditreceipt WHERE credit_id = NEW.credit_id;
  IF ended > expected THEN
    RAISE EXCEPTION 'more than % is credited of supplier credit %', expected, NEW.credit_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END;
"""


class CreditWay(models.TextChoices):
    """How what a supplier owes ended."""

    MONEY = "money"
    CREDIT_NOTE = "credit_note"
    WRITTEN_OFF = "written_off"


class SupplierCreditReceipt(AppendOnly):
    """A supplier credited so much: by money, by a credit note on what is owed for their goods; or nothing comes."""

    id = IdField()
    credit = models.ForeignKey(SupplierCredit, models.PROTECT, related_name="receipts")
    way = models.CharField(max_length=12, choices=CreditWay.choices)
    amount = AmountField()
    date = models.DateField()
    reference = models.CharField(max_length=60, default="", help_text="Their credit note, or the transfer.")
    note = models.CharField(max_length=500, default="")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="supplier_credited_positive")]
        triggers = [
            *AppendOnly.Meta.triggers,
            pgtrigger.Trigger(
                name="never_more_than_expected", when=pgtrigger.After, operation=pgtrigger.Insert,
                func=pgtrigger.Func(_NEVER_MORE_THAN_EXPECTED),
            ),
        ]  # fmt: skip
