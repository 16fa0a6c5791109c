"""Tukar faktur: the buyer takes the papers in against a receipt, on days of its own, and pays only after that."""

import pgtrigger
from django.db import models
from django.db.models import Q

from niaga.core.bases import frozen_once
from niaga.core.fields import IdField
from niaga.invoicing.models.invoice import Invoice


class ExchangePaper(models.TextChoices):
    INVOICE = "invoice"
    RECEIPT = "receipt"
    ORDER = "order"
    DELIVERY_NOTE = "delivery_note"
    TAX_INVOICE = "tax_invoice"
    STATEMENT = "statement"


class ExchangeRule(models.Model):
    """When, where and with which papers a customer takes invoices in."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    customer = models.OneToOneField("parties.Customer", models.PROTECT, related_name="exchange_rule")
    weekdays = models.JSONField(default=list, help_text="0 is Monday.")
    month_days = models.JSONField(default=list, help_text="1 to 31; 31 is the month's last day.")
    time_from = models.TimeField(null=True)
    time_until = models.TimeField(null=True)
    place = models.CharField(max_length=200, default="", blank=True)
    contact_name = models.CharField(max_length=120, default="", blank=True)
    papers = models.JSONField(default=list, help_text="Of `ExchangePaper`.")
    note = models.TextField(default="", blank=True)
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField()


class ExchangeRound(models.Model):
    """A collector's way to customers on a day. `status`: see `rules/exchange_flow.py`."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    number = models.CharField(max_length=40)
    date = models.DateField()
    collector_id = models.UUIDField()
    status = models.CharField(max_length=12, default="planned")
    note = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_exchange_number")]
        indexes = [models.Index(fields=["company", "-date", "-id"], name="exchange_round_by_day")]
        triggers = [frozen_once(name="ended_round_never_changes", condition="OLD.ended_at IS NOT NULL")]

    def __str__(self) -> str:
        return self.number


class ExchangeOutcome(models.TextChoices):
    WAITING = "waiting"
    TAKEN = "taken"
    REFUSED = "refused"
    MISSED = "missed"
    LEFT = "left"
    WITHDRAWN = "withdrawn"


class ExchangeItem(models.Model):
    """An invoice on a round and what came of it. Left: the round was cancelled before. Withdrawn: it was noted as taken
    in by mistake, or the customer gave it back."""

    id = IdField()
    round = models.ForeignKey(ExchangeRound, models.PROTECT, related_name="items", db_index=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="exchanges")
    customer_id = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=ExchangeOutcome.choices, default=ExchangeOutcome.WAITING)
    receipt_number = models.CharField(max_length=60, default="", blank=True, help_text="Of the customer's receipt.")
    received_by_name = models.CharField(max_length=120, default="", blank=True)
    exchanged_date = models.DateField(null=True, help_text="The day on which it was taken in.")
    promised_date = models.DateField(null=True, help_text="When the customer will pay, as the receipt says.")
    next_date = models.DateField(null=True, help_text="When it is to be tried again.")
    reason = models.TextField(default="", blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="one_place_on_a_round"),
            models.UniqueConstraint(
                fields=["invoice"], name="one_exchange_of_an_invoice", condition=Q(outcome__in=("waiting", "taken"))
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting") ^ Q(decided_at__isnull=False), name="an_outcome_has_its_moment"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("taken", "withdrawn"), exchanged_date__isnull=False)
                | (~Q(outcome__in=("taken", "withdrawn")) & Q(exchanged_date=None)),
                name="taken_in_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=("refused", "withdrawn"), reason=""), name="a_refused_exchange_says_why"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="an_outcome_is_for_good",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.outcome <> 'waiting'"),
                func=(
                    "IF TG_OP = 'UPDATE' AND OLD.outcome = 'taken' AND NEW.outcome = 'withdrawn' THEN RETURN NEW;"
                    " END IF;"
                    " RAISE EXCEPTION 'an outcome of an exchange never changes' USING ERRCODE = 'restrict_violation';"
                ),
            )
        ]
