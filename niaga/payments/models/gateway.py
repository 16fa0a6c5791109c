import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField, PercentField
from niaga.payments.models.payment import Payment
from niaga.payments.rules.payment_request_flow import RequestStatus


class GatewayAccount(models.Model):
    """A company's account at a payment gateway. Its keys are sealed with the installation's own."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    kind = models.CharField(max_length=20, help_text="`midtrans`, `xendit`, `sandbox`.")
    name = models.CharField(max_length=80)
    live = models.BooleanField(default=False, help_text="Real money moves.")
    secret = models.TextField(default="", blank=True, help_text="Sealed: what authorizes our calls.")
    token = models.TextField(default="", blank=True, help_text="Sealed: what proves calls to us, where it is another.")
    hook_path = models.CharField(max_length=43, unique=True, help_text="The unguessable part of the address it calls.")
    methods = ArrayField(models.CharField(max_length=10), default=list)
    banks = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    fee_percent = PercentField(default=0, help_text="What it keeps of a payment, where it does not say so itself.")
    fee_fixed = AmountField(default=0)
    expires_hours = models.PositiveSmallIntegerField(default=24)
    statement_name = models.CharField(
        max_length=80, default="", blank=True, help_text="How the bank writes it beside its payouts."
    )
    payout_days = models.PositiveSmallIntegerField(
        default=3, db_default=3, help_text="After so many days without a bank line a payout is missed."
    )
    payout_contact = models.CharField(
        max_length=200,
        default="",
        blank=True,
        help_text="Whom to ask where a payout does not come; empty: its support.",
    )
    is_active = models.BooleanField(default=True)
    checked_at = models.DateTimeField(null=True, help_text="When its connection was last tried.")
    check_error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="one_gateway_name"),
            models.CheckConstraint(
                condition=models.Q(fee_percent__gte=0, fee_percent__lte=20, fee_fixed__gte=0), name="gateway_fee_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PaymentRequest(models.Model):
    """A customer was asked to pay an invoice through a gateway. Its id is the key under which the gateway knows it."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT, db_index=False)
    account = models.ForeignKey(GatewayAccount, models.PROTECT)
    invoice = models.ForeignKey("invoicing.Invoice", models.PROTECT)
    customer = models.ForeignKey("parties.Customer", models.PROTECT)
    salesperson_id = models.UUIDField(null=True)
    method = models.CharField(max_length=10, help_text="`link`, `va`, `qris`.")
    bank = models.CharField(max_length=20, default="", blank=True)
    currency = CurrencyField()
    amount = AmountField(help_text="What was open on the invoice when it was asked for.")
    status = models.CharField(max_length=12, default="queued")
    version = models.PositiveIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True, help_text="When the last hand-over began.")
    asks = models.PositiveSmallIntegerField(default=0, help_text="How often the gateway was asked what became of it.")
    next_ask_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, default="", help_text="Why it is not simply open; see `web.words`.")
    error = models.TextField(default="", help_text="The gateway's own words.")
    provider_id = models.CharField(max_length=200, default="")
    url = models.TextField(default="")
    account_number = models.CharField(max_length=40, default="", help_text="Of the virtual account.")
    code = models.TextField(default="", help_text="The text of the QRIS code.")
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    paid_amount = AmountField(null=True)
    fee = AmountField(default=0)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="request")
    by_customer = models.BooleanField(default=False, help_text="Asked for on the customer's own page.")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payment_request_status_known",
                condition=models.Q(status__in=[status.value for status in RequestStatus]),
            ),
            models.CheckConstraint(name="payment_request_positive", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(
                name="paid_by_one_payment",
                condition=models.Q(status="paid", payment__isnull=False)
                | (~models.Q(status="paid") & models.Q(payment__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-created_at", "-id"], name="payment_request_recent"),
            models.Index(
                fields=["status", "next_ask_at"],
                name="payment_request_waiting",
                condition=~models.Q(status__in=["paid", "failed"]),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="request_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="request_asks_the_same", fields=["account", "invoice", "customer", "method", "currency", "amount"]
            ),
            pgtrigger.Protect(
                name="paid_once", operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="paid") & ~pgtrigger.Q(new__status="paid"),
            ),
        ]  # fmt: skip


class RefusedCall(models.Model):
    """A call to a gateway's address that was not proved to be the gateway's. Kept to be seen, never acted on; only the
    newest of an account stay."""

    id = IdField()
    account = models.ForeignKey(GatewayAccount, models.CASCADE)
    at = models.DateTimeField()
    body = models.TextField(help_text="Its first 2,000 signs.")
    address = models.GenericIPAddressField(null=True)


class GatewayPayout(AppendOnly):
    """A gateway paid out to the bank what it had collected."""

    id = IdField()
    account = models.ForeignKey(GatewayAccount, models.PROTECT)
    company = models.ForeignKey("organization.Company", models.PROTECT)
    bank_account = models.ForeignKey("organization.BankAccount", models.PROTECT, null=True)
    date = models.DateField()
    currency = CurrencyField()
    amount = AmountField(help_text="What came to the bank account.")
    fee = AmountField(default=0, help_text="What it kept besides the fees of the payments.")
    reference = models.CharField(max_length=80, default="", blank=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0, fee__gte=0), name="payout_positive"),
        ]
        indexes = [models.Index(fields=["company", "-date", "-id"], name="payout_recent")]


class SandboxCharge(models.Model):
    """A bill at the sandbox gateway: the other side of a payment request, as a gateway would keep it."""

    id = IdField()
    account = models.ForeignKey(GatewayAccount, models.CASCADE)
    key = models.CharField(max_length=60)
    number = models.CharField(max_length=60)
    amount = AmountField()
    method = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="pending")
    paid_amount = AmountField(null=True)
    refunds = models.JSONField(default=dict, help_text="Refund key -> amount.")
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="one_sandbox_charge")]
