from django.contrib.postgres.fields import ArrayField
from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField, PriceField, QuantityField


class PriceChange(models.Model):
    """A change of a price list or a promotion that is prepared aside; what holds stays until it is published.

    Only what differs is kept, each with what was there when it was written: a price list of 50,000 prices of which
    ten change has ten entries. `subject_kind` (`price_list`, `promotion`) and `subject_id` name what is changed.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    subject_kind = models.CharField(max_length=20, default="price_list")
    subject_id = models.UUIDField()
    name = models.CharField(max_length=120)
    status = models.CharField(
        max_length=12, default="draft", help_text="draft, scheduled, blocked, published, discarded"
    )
    heads = models.JSONField(default=dict, help_text="By column: what it was, what it becomes.")
    rules = models.JSONField(
        null=True, help_text="All formulas of a list, all steps and parts of a promotion, `before` and `after`."
    )
    seen_version = models.PositiveIntegerField(help_text="The version of its subject that its author saw last.")
    publish_at = models.DateTimeField(null=True)
    scheduled_by = models.UUIDField(null=True)
    note = models.TextField(default="", blank=True, help_text="Why, for the publication at its moment.")
    figures = models.JSONField(null=True, help_text="What it does to products, as it was counted last.")
    figures_version = models.PositiveIntegerField(null=True, help_text="The version of the change that was counted.")
    figures_book = models.UUIDField(null=True, help_text="The version of the rule book that was counted.")
    counted = models.PositiveIntegerField(null=True, help_text="Products counted so far, while a job is at it.")
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="scheduled") | models.Q(publish_at__isnull=False),
                name="a_moment_when_scheduled",
            )
        ]
        indexes = [
            models.Index(fields=["subject_id", "-id"], name="price_change_subject"),
            models.Index(fields=["publish_at"], name="price_change_due", condition=models.Q(status="scheduled")),
            models.Index(
                fields=["company"], name="price_change_open",
                condition=models.Q(status__in=["draft", "scheduled", "blocked"]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class PriceChangeEntry(models.Model):
    """A price that a change sets, or takes away when `price` is null; `before` null: there was none.

    The product is no foreign key: one that is gone must stay here, so that publishing can say so.
    """

    id = IdField()
    change = models.ForeignKey(PriceChange, models.CASCADE, related_name="entries")
    product_id = models.UUIDField()
    unit = models.ForeignKey("catalog.Unit", models.PROTECT, null=True, blank=True, db_index=False)
    min_quantity = QuantityField(default=0)
    before = PriceField(null=True)
    price = PriceField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["change", "product_id", "unit", "min_quantity"], name="one_change_per_break",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(price__isnull=True) | models.Q(price__gte=0), name="changed_price_not_negative"
            ),
        ]  # fmt: skip


class Publication(AppendOnly):
    """What a price list or a promotion became at a moment, and what it was: enough to go back.

    Prices stand in arrays of one length, a place for each that changed, so that 50,000 are one row.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    subject_kind = models.CharField(max_length=20, default="price_list")
    subject_id = models.UUIDField()
    subject_version = models.PositiveIntegerField(help_text="The version of its subject that it made.")
    kind = models.CharField(max_length=12, help_text="edit, import, undo, change, rollback")
    change = models.ForeignKey(PriceChange, models.PROTECT, null=True, related_name="publications")
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    note = models.TextField(default="")
    heads = models.JSONField(default=dict)
    rules = models.JSONField(null=True)
    products = ArrayField(models.UUIDField(), default=list)
    units = ArrayField(models.UUIDField(null=True), default=list)
    quantities = ArrayField(models.DecimalField(max_digits=19, decimal_places=6), default=list)
    before = ArrayField(models.DecimalField(max_digits=19, decimal_places=6, null=True), default=list)
    after = ArrayField(models.DecimalField(max_digits=19, decimal_places=6, null=True), default=list)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["subject_id", "-id"], name="publication_subject")]
