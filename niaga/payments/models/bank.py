"""What a bank says: its statements, their lines, and what became of each."""

import pgtrigger
from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.payments.models.gateway import GatewayPayout
from niaga.payments.models.payment import Payment

# Written by the statement that settles: triggers look after it, and see the settlements it added.
_WHOLE = """
    DECLARE settled numeric;
    BEGIN
      SELECT coalesce(sum(amount), 0) INTO settled FROM payments_linesettlement WHERE line_id = NEW.id;
      IF settled <> (CASE NEW.status WHEN 'open' THEN 0 ELSE NEW.amount END) THEN
        RAISE EXCEPTION 'bank line % is %: % of % settled', NEW.id, NEW.status, settled, NEW.amount
          USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END;
"""


class BankProfile(models.Model):
    """How the statements of one bank account are read, as somebody pointed at their columns; and whether what is
    certain is booked without a person."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    bank_account = models.OneToOneField("organization.BankAccount", models.PROTECT, related_name="profile")
    layout = models.JSONField(default=dict, help_text="Of CSV files: see `rules.layout`.")
    books_certain = models.BooleanField(default=False)
    updated_by = models.UUIDField(null=True)
    updated_at = models.DateTimeField()


class BankStatement(models.Model):
    """A file of a bank. Until it is taken in, its layout may change; then it stays as it is, file and all."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    bank_account = models.ForeignKey("organization.BankAccount", models.PROTECT, db_index=False)
    status = models.CharField(max_length=12, default="draft", help_text="draft, taken, discarded")
    file_name = models.CharField(max_length=200)
    file_format = models.CharField(max_length=10, help_text="csv, mt940, camt")
    file_bytes = models.BinaryField(help_text="As it was sent.")
    file_sha256 = models.CharField(max_length=64)
    layout = models.JSONField(default=dict)
    currency = CurrencyField()
    first_date = models.DateField(null=True)
    last_date = models.DateField(null=True)
    opening = AmountField(null=True)
    closing = AmountField(null=True)
    lines_read = models.PositiveIntegerField(default=0)
    lines_new = models.PositiveIntegerField(default=0, help_text="Those that no earlier statement had.")
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["bank_account", "-last_date", "-id"], name="statement_recent")]
        triggers = [
            pgtrigger.Trigger(
                name="taken_for_good",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.status <> 'draft'"),
                func=(
                    "RAISE EXCEPTION 'this row of % never changes', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';"
                ),
            )
        ]


class BankLine(models.Model):
    """One movement on a bank account, as the bank told it; only what became of it changes.

    `key` is the same for the same movement in another statement: see `rules.read_lines.keys_of`.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    bank_account = models.ForeignKey("organization.BankAccount", models.PROTECT, db_index=False)
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=64)
    date = models.DateField()
    currency = CurrencyField()
    amount = AmountField(help_text="Above zero: money in.")
    balance = AmountField(null=True)
    text = models.TextField()
    payer = models.CharField(max_length=200, default="")
    payer_account = models.CharField(max_length=40, default="")
    reference = models.CharField(max_length=80, default="")
    status = models.CharField(max_length=12, default="open", help_text="open, suspense, settled")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank_account", "key"], name="one_line_of_a_movement"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="line_moves_money"),
            models.CheckConstraint(
                condition=models.Q(status__in=("open", "suspense", "settled")), name="line_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["statement", "position"], name="bank_line_of_statement"),
            models.Index(fields=["bank_account", "-date", "-id"], name="bank_line_recent"),
            models.Index(
                fields=["company", "bank_account", "date"], name="bank_line_left", condition=~models.Q(status="settled")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="settled_whole", when=pgtrigger.After, operation=pgtrigger.Update, func=pgtrigger.Func(_WHOLE)
            ),
            pgtrigger.ReadOnly(
                name="told_by_the_bank",
                fields=[
                    "id", "company", "bank_account", "statement", "position", "key", "date", "currency", "amount",
                    "balance", "text", "payer", "payer_account", "reference", "created_at",
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text


class LineKind(models.TextChoices):
    PAYMENT = "payment"  # recorded from the line
    TIE = "tie"  # recorded before by hand, and found on the statement
    GIRO_RETURN = "giro_return"
    PAYOUT = "payout"  # of a gateway, recorded before: nothing is posted again
    ACCOUNT = "account"  # a role of the books: fees, interest, suspense


class LineSettlement(AppendOnly):
    """What a part of a bank line is. Taking back is a row with the opposite amount that names the first."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    line = models.ForeignKey(BankLine, models.PROTECT, related_name="settlements")
    kind = models.CharField(max_length=12, choices=LineKind.choices)
    amount = AmountField(help_text="Of the line; the parts of a settled line make it whole.")
    role = models.CharField(max_length=20, default="", help_text="The account's, of `account`.")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="bank_lines", db_index=False)
    payout = models.ForeignKey(GatewayPayout, models.PROTECT, null=True, related_name="bank_lines", db_index=False)
    customer_id = models.UUIDField(null=True)
    entry_id = models.UUIDField(null=True, help_text="The journal entry that was posted, of `account`.")
    how = models.CharField(max_length=12, default="person", help_text="person, or certain: by what was certain.")
    note = models.CharField(max_length=200, default="")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    date = models.DateField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="settles_something"),
            models.CheckConstraint(
                condition=models.Q(kind="payout", payout__isnull=False)
                | (~models.Q(kind="payout") & models.Q(payout__isnull=True)),
                name="payout_is_named",
            ),
        ]
        indexes = [
            models.Index(
                fields=["payment"], name="line_of_payment", condition=models.Q(payment__isnull=False),
                include=["kind", "amount"],
            ),
            models.Index(
                fields=["payout"], name="line_of_payout", condition=models.Q(payout__isnull=False), include=["amount"],
            ),
        ]  # fmt: skip


class KnownPayer(models.Model):
    """Whose money it was when this account or name paid before. Forgotten by deleting the row."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    key = models.CharField(max_length=80, help_text="`account:…` or `name:…`, as `rules.payer` writes it.")
    shown = models.CharField(max_length=200, help_text="As the bank wrote it last.")
    customer = models.ForeignKey("parties.Customer", models.PROTECT)
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "key", "customer"], name="one_payer_of_a_customer")]
