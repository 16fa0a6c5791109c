"""What models of several apps share: append-only tables, and the columns of every priced document."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.db import models

from niaga.core.fields import AmountField, CurrencyField, IdField, PercentField, PriceField, QuantityField, RateField


class AppendOnly(models.Model):
    """Rows that are only ever added. The database refuses anything else, whoever asks."""

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
                func=(
                    "RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME"
                    " USING ERRCODE = 'restrict_violation';"
                ),
            )
        ]


class NeverDeleted(models.Model):
    """A small table that long ones name on every row: rows change, and are never deleted, nor get another key.

    So a line needs no foreign key to it: what was there when the line was written is there for good, and the database
    is spared a look-up a line and key. Named so with `db_constraint=False`.
    """

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="same_key", fields=["id"]),
        ]


def frozen_once(*, name: str, condition: str) -> pgtrigger.Trigger:
    """Refuse to change or delete a row of which `condition` (SQL over OLD) holds, for example an issued invoice."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition(condition),
        func="RAISE EXCEPTION 'this row of % never changes', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';",
    )


def lines_add_up(*, lines: str, key: str, statuses: tuple[str, ...], counted: str = "true") -> list[pgtrigger.Trigger]:
    """Check the header against its lines, once, when it takes one of `statuses` (a check per row is quadratic).

    `counted` is an SQL condition on a line: an optional line that was not chosen has figures but counts nowhere.
    """
    words = ", ".join(f"'{status}'" for status in statuses)
    func = f"""
        DECLARE s record;
        BEGIN
          SELECT coalesce(sum(net), 0) AS net, coalesce(sum(tax), 0) AS tax, coalesce(sum(luxury_tax), 0) AS luxury
            INTO s FROM {lines} WHERE {key} = NEW.id AND {counted};
          IF s.net <> NEW.net OR s.tax <> NEW.tax OR s.luxury <> NEW.luxury_tax THEN
            RAISE EXCEPTION '% %: lines (% + % + %) differ from header (% + % + %)', TG_TABLE_NAME, NEW.id, s.net,
              s.tax, s.luxury, NEW.net, NEW.tax, NEW.luxury_tax USING ERRCODE = 'check_violation';
          END IF;
          RETURN NULL;
        END;
    """
    return [
        pgtrigger.Trigger(
            name="lines_add_up",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(f"NEW.status IN ({words}) AND OLD.status IS DISTINCT FROM NEW.status"),
            func=pgtrigger.Func(func),
        ),
        pgtrigger.Trigger(
            name="born_adding_up",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            condition=pgtrigger.Condition(f"NEW.status IN ({words})"),
            func=pgtrigger.Func(func),
        ),
    ]


class PricedHeader(models.Model):
    """Totals of a document, in its one currency.

    Identity: `net` (lines after every discount) + `tax` + `luxury_tax` + `rounding` = `total`. With prices that
    include tax the lines' `net` is already the base without tax; `subtotal` is what the person sees above the totals.
    """

    currency = CurrencyField()
    prices_include_tax = models.BooleanField(default=False)
    subtotal = AmountField(default=Decimal(0), help_text="Lines after line discounts, as shown.")
    discount_percent = PercentField(default=Decimal(0))
    discount_amount = AmountField(default=Decimal(0), help_text="The document's own discount, in money.")
    net = AmountField(default=Decimal(0))
    other_tax_base = AmountField(default=Decimal(0), help_text="DPP nilai lain, the sum of the lines'.")
    tax = AmountField(default=Decimal(0))
    luxury_tax = AmountField(default=Decimal(0), db_default=Decimal(0), help_text="PPnBM, the sum of the lines'.")
    rounding = AmountField(default=Decimal(0))
    tax_rounding = models.CharField(max_length=8, default="line", db_default="line", help_text="line or document.")
    tax_treatment = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        help_text="How the buyer or the place changed the tax, as frozen; empty where the usual rates hold.",
    )
    total = AmountField(default=Decimal(0))
    exchange_rate = RateField(
        null=True,
        default=Decimal(1),
        db_default=Decimal(1),
        help_text="Of the company's own currency for one of the document's; none: it was not known at the time.",
    )
    base_total = AmountField(null=True, default=Decimal(0), help_text="The total in the company's own currency.")

    class Meta:
        abstract = True

    @staticmethod
    def money_checks(name: str, *, bound: str = "") -> list[models.CheckConstraint]:
        """Row checks for the concrete table, named `<name>_…`; rows of which `bound` (a status) holds have a rate."""
        total = models.Q(total=models.F("net") + models.F("tax") + models.F("luxury_tax") + models.F("rounding"))
        exact = models.F("total") * models.F("exchange_rate")
        half = Decimal("0.5")
        based = models.Q(base_total__gte=exact - half, base_total__lte=exact + half)
        unknown = models.Q(exchange_rate=None, base_total=None)
        return [
            models.CheckConstraint(condition=total, name=f"{name}_adds_up"),
            models.CheckConstraint(
                condition=(models.Q(exchange_rate__gt=0) & based) | unknown, name=f"{name}_base_total"
            ),
            *(
                [models.CheckConstraint(
                    condition=~models.Q(status=bound) | models.Q(exchange_rate__isnull=False),
                    name=f"{name}_bound_at_a_rate",
                )]
                if bound
                else []
            ),
        ]  # fmt: skip


class LineKind(models.TextChoices):
    ITEM = "item"
    CHARGE = "charge"
    SECTION = "section"
    NOTE = "note"


class PricedLine(models.Model):
    """One line: what, how much, and every figure of its price, frozen with the document."""

    id = IdField()
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=LineKind.choices, default=LineKind.ITEM)
    description = models.TextField(default="")
    quantity = QuantityField(default=Decimal(0))
    factor = QuantityField(default=Decimal(1), help_text="Base units in one unit of the line.")
    list_price = PriceField(default=Decimal(0))
    unit_price = PriceField(default=Decimal(0), help_text="Before the line's discount.")
    discount_percent = PercentField(default=Decimal(0))
    discount_amount = AmountField(default=Decimal(0), help_text="The line's discount in money.")
    amount = AmountField(default=Decimal(0), help_text="As shown: quantity x price less the line's discount.")
    document_discount = AmountField(default=Decimal(0), help_text="The line's share of the document's discount.")
    net = AmountField(default=Decimal(0), help_text="The tax base (DPP): without tax, after every discount.")
    other_tax_base = AmountField(default=Decimal(0))
    tax_code = models.CharField(max_length=10, default="")
    tax_rate = PercentField(default=Decimal(0))
    base_numerator = models.PositiveSmallIntegerField(default=1, help_text="The rate is applied to this part of net.")
    base_denominator = models.PositiveSmallIntegerField(default=1)
    tax = AmountField(default=Decimal(0))
    luxury_rate = PercentField(default=Decimal(0), db_default=Decimal(0), help_text="Of PPnBM, on the whole of net.")
    luxury_tax = AmountField(default=Decimal(0), db_default=Decimal(0), help_text="PPnBM.")
    unit_cost = PriceField(null=True)
    steps = models.JSONField(default=list, help_text="The explanation of the price, step by step.")
    parts = models.JSONField(
        default=list, help_text="What is in a bundle: each part, with how much of it one base unit holds."
    )

    class Meta:
        abstract = True

    @staticmethod
    def money_checks(name: str) -> list[models.CheckConstraint]:
        """Row checks for the concrete table, named `<name>_…`."""
        luxury = models.Q(luxury_rate__gt=0) | models.Q(luxury_tax=0)
        return [models.CheckConstraint(condition=luxury, name=f"{name}_luxury_has_a_rate")]
