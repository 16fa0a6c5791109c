from decimal import Decimal

import pgtrigger
from django.db import models

from niaga.core.bases import PricedHeader, PricedLine, frozen_once, lines_add_up
from niaga.core.fields import AmountField, IdField


class InvoiceKind(models.TextChoices):
    INVOICE = "invoice"
    DOWN_PAYMENT = "down_payment"
    CREDIT_NOTE = "credit_note"
    LATE_FEE = "late_fee"
    DEBIT_NOTE = "debit_note"
    GIRO_FEE = "giro_fee"


class Invoice(PricedHeader):
    """A claim on a customer, or with `kind` credit note its correction. Once issued the row never changes.

    A credit note's figures are positive; it lessens what the customer owes by allocation. A debit note claims again
    what a credit note of the same invoice took off, figure by figure.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    kind = models.CharField(max_length=12, choices=InvoiceKind.choices, default=InvoiceKind.INVOICE)
    status = models.CharField(max_length=20, default="draft", help_text="draft, issued, discarded")
    number = models.CharField(max_length=40, null=True, help_text="Gapless, drawn at issue.")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, db_index=False)
    salesperson_id = models.UUIDField(null=True)
    party = models.JSONField(default=dict, help_text="The buyer as frozen: name, address, tax id, NITKU, e-mail.")
    points_used = models.PositiveIntegerField(default=0, db_default=0, help_text="Loyalty points that pay a part.")
    points_amount = AmountField(
        default=0, db_default=0, help_text="What they take off, beside the document's own discount."
    )
    term = models.JSONField(default=list, help_text="The payment term's parts as frozen: percent, days, end_of_month.")
    term_name = models.CharField(max_length=80, default="")
    instalments = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()),
        help_text="Planned by hand in place of the term: due_date and amount of each part, the earliest first.",
    )  # fmt: skip
    date = models.DateField(null=True, help_text="Set at issue: the branch's day.")
    due_date = models.DateField(null=True, help_text="Of the last part; none where it counts from the exchange.")
    credits = models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_notes")
    reason = models.TextField(default="", help_text="Why a credit note was made.")
    source_numbers = models.JSONField(default=list, help_text="Numbers of the orders it came from.")
    customer_reference = models.CharField(max_length=60, default="", blank=True)
    advance_net = AmountField(
        default=0,
        db_default=0,
        help_text="Taken off the net by down payments; below zero: the net of a down payment or its credit.",
    )
    tax_by_buyer = AmountField(
        default=0,
        db_default=0,
        help_text="What of its taxes the buyer, a collector, pays to the state: no money to us, but a slip settles it.",
    )
    advance_base = AmountField(
        default=0,
        db_default=0,
        help_text="`advance_net` in the company's own currency, each down payment at the rate of its own invoice.",
    )
    stamp_duty = AmountField(
        null=True, help_text="Bea meterai, in the company's own currency, as of its issue; null: not kept then."
    )
    open_order_amount = AmountField(
        default=0, help_text="How far issuing lessens the exposure of open orders, in the company's own currency."
    )
    note = models.TextField(default="", blank=True)
    terms_text = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    issued_by = models.UUIDField(null=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            *PricedHeader.money_checks("invoice", bound="issued"),
            models.CheckConstraint(
                condition=models.Q(tax_by_buyer__gte=0, tax_by_buyer__lte=models.F("tax") + models.F("luxury_tax")),
                name="invoice_tax_by_buyer_is_of_its_tax",
            ),
            models.UniqueConstraint(fields=["company", "number"], name="one_invoice_number"),
            models.CheckConstraint(
                condition=~models.Q(status="issued")
                | models.Q(number__isnull=False, date__isnull=False, issued_at__isnull=False),
                name="issued_has_number",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "status", "-date", "-id"], name="invoice_by_status"),
            models.Index(fields=["company", "-created_at", "-id"], name="invoice_recent"),
            models.Index(fields=["customer", "-created_at"], name="invoice_customer"),
            models.Index(
                fields=["company", "date"],
                name="invoice_issued",
                include=["kind", "base_total", "branch"],
                condition=models.Q(status="issued"),
            ),
        ]
        triggers = [
            frozen_once(name="issued_never_changes", condition="OLD.status = 'issued'"),
            *lines_add_up(lines="invoicing_invoiceline", key="invoice_id", statuses=("issued",)),
        ]

    def __str__(self) -> str:
        return self.number or "…"

    @property
    def payable(self) -> Decimal:
        """What the buyer pays to us (of a credit note: has from us)."""
        return self.total - self.tax_by_buyer


_FROZEN_LINES = """
    IF EXISTS (SELECT 1 FROM {rows} r JOIN invoicing_invoice i ON i.id = r.invoice_id WHERE i.status = 'issued') THEN
      RAISE EXCEPTION 'lines of an issued invoice never change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
"""


class InvoiceLine(PricedLine):
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    product = models.ForeignKey("catalog.Product", models.PROTECT, null=True)
    unit = models.ForeignKey("catalog.Unit", models.PROTECT, null=True, db_index=False, db_constraint=False)
    tax_category = models.ForeignKey(
        "catalog.TaxCategory", models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    points_discount = AmountField(default=0, db_default=0, help_text="What of `document_discount` points took off.")
    credits_line = models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_lines", db_index=False)

    class Meta:
        constraints = [*PricedLine.money_checks("invoice_line")]
        indexes = [
            models.Index(
                fields=["credits_line"],
                name="invoice_line_credits",
                condition=models.Q(credits_line__isnull=False),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name=f"frozen_on_{word}",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=operation,
                referencing=pgtrigger.Referencing(**{which: "changed_rows"}),
                func=_FROZEN_LINES.format(rows="changed_rows"),
            )
            for word, operation, which in [
                ("insert", pgtrigger.Insert, "new"),
                ("update", pgtrigger.Update, "old"),
                ("delete", pgtrigger.Delete, "old"),
            ]
        ]


class InvoiceDue(models.Model):
    """A part of an issued invoice and the day it is due: learned once, where the term counts from the exchange."""

    id = IdField()
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="dues")
    position = models.PositiveSmallIntegerField()
    due_date = models.DateField(null=True, help_text="None: it counts from an exchange that has not been.")
    after_exchange = models.BooleanField(
        default=False, db_default=False, help_text="Its day is learned when the customer takes the invoice in."
    )
    amount = AmountField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(after_exchange=True) | models.Q(due_date__isnull=False), name="a_due_has_its_day"
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_its_day_is_learned",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=(
                    "IF NOT OLD.after_exchange OR (NEW.invoice_id, NEW.position, NEW.amount, NEW.after_exchange)"
                    " IS DISTINCT FROM (OLD.invoice_id, OLD.position, OLD.amount, OLD.after_exchange) THEN"
                    " RAISE EXCEPTION 'dues of an issued invoice never change' USING ERRCODE = 'restrict_violation';"
                    " END IF; RETURN NEW;"
                ),
            )
        ]
