import pgtrigger
from django.db import models
from django.db.models import Q

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.payments.models.payment import PaymentReversal


class GiroFeeSetting(models.Model):
    """What a company usually charges a customer whose giro the bank returned."""

    id = IdField()
    company = models.OneToOneField("organization.Company", models.PROTECT)
    amount = AmountField(default=0, help_text="Without tax, in the company's own currency.")
    is_usual = models.BooleanField(default=False, help_text="Offered as chosen where a giro is returned.")
    tax_category = models.ForeignKey("catalog.TaxCategory", models.PROTECT, null=True, help_text="None: untaxed.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(amount=0, is_usual=False), name="giro_fee_usual_has_an_amount"
            )
        ]


class GiroFee(AppendOnly):
    """What a customer was charged for a giro that the bank returned, once: by an invoice that was issued with it."""

    id = IdField()
    company_id = models.UUIDField()
    reversal = models.OneToOneField(PaymentReversal, models.PROTECT, related_name="fee", help_text="The return.")
    invoice = models.OneToOneField("invoicing.Invoice", models.PROTECT, related_name="giro_fee")
    line_id = models.UUIDField(help_text="Of the invoice.")
    currency = CurrencyField()
    amount = AmountField(help_text="Without tax.")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="giro_fee_above_0")]
        triggers = [
            *AppendOnly.Meta.triggers,
            pgtrigger.Trigger(
                name="only_a_returned_giro_costs",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM payments_paymentreversal r"
                    " WHERE r.id = NEW.reversal_id AND r.bounced) THEN"
                    " RAISE EXCEPTION 'only a returned giro costs a fee' USING ERRCODE = 'restrict_violation';"
                    " END IF; RETURN NEW;"
                ),
            ),
        ]


class GiroFeeWaiver(AppendOnly):
    """That of such a fee something was let go: with a reason, by a credit note."""

    id = IdField()
    fee = models.ForeignKey(GiroFee, models.PROTECT, related_name="waivers")
    amount = AmountField(help_text="Without tax.")
    reason = models.TextField()
    credit_note = models.OneToOneField("invoicing.Invoice", models.PROTECT, related_name="waives_giro_fee")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="giro_fee_waived_above_0")]
