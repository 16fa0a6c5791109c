"""Loyalty: the programme of a company, its tiers, and what each member has earned and used."""

import pgtrigger
from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField, PercentField, PriceField
from niaga.pricing.models.price_list import new_version


class LoyaltyProgramme(models.Model):
    """How a company's customers earn and use points. One per company; a change holds from then on.

    `points` for every whole `per_amount` of what goods and services cost; `point_value` is what one point takes off.
    """

    id = IdField()
    company = models.OneToOneField("organization.Company", models.PROTECT, related_name="loyalty")
    name = models.CharField(max_length=120)
    is_on = models.BooleanField(default=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="Inclusive.")
    currency = CurrencyField(default="IDR")
    points = models.PositiveIntegerField(default=1, help_text="Earned for every `per_amount`.")
    per_amount = AmountField(default=10_000)
    with_tax = models.BooleanField(default=False, help_text="Points are counted on amounts with tax.")
    not_on_promoted = models.BooleanField(default=False, help_text="Lines that a promotion touched earn nothing.")
    point_value = PriceField(default=0, help_text="What one point takes off; nought: points cannot be used.")
    least_points = models.PositiveIntegerField(default=0, help_text="So many at least are used on a document.")
    step_points = models.PositiveIntegerField(default=1, help_text="Used in multiples of this.")
    most_percent = PercentField(default=100, help_text="Of goods and services of a document, at most.")
    expires_after = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Months; empty: never.")
    notice_days = models.PositiveSmallIntegerField(
        default=30, db_default=30, help_text="Members are told so many days before points end; 0: they are not."
    )
    welcome_points = models.PositiveIntegerField(default=0)
    tier_months = models.PositiveSmallIntegerField(default=12, help_text="Tiers look at the points of so many months.")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    points__gte=1, per_amount__gt=0, point_value__gte=0, step_points__gte=1, tier_months__gte=1,
                    most_percent__gt=0, most_percent__lte=100,
                )
                & (models.Q(expires_after__isnull=True) | models.Q(expires_after__gte=1)),
                name="loyalty_figures",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="loyalty_days_in_order",
            ),
        ]  # fmt: skip
        triggers = [
            new_version("new_book_on_loyalty", pgtrigger.Insert | pgtrigger.Update, "SELECT NEW.company_id"),
            new_version("new_book_without_loyalty", pgtrigger.Delete, "SELECT OLD.company_id"),
        ]

    def __str__(self) -> str:
        return self.name


class LoyaltyExclusion(models.Model):
    """A part of the assortment that earns no points: a product, a family, a category, a brand, a brand's category."""

    id = IdField()
    programme = models.ForeignKey(LoyaltyProgramme, models.CASCADE, related_name="exclusions")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey("catalog.Product", models.CASCADE, null=True, blank=True)
    family = models.ForeignKey("catalog.ProductFamily", models.PROTECT, null=True, blank=True)
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, blank=True)
    brand = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "position"], name="one_exclusion_place"),
            models.CheckConstraint(
                condition=models.Q(product__isnull=True, family__isnull=True)
                | models.Q(product__isnull=True, category__isnull=True, brand="")
                | models.Q(family__isnull=True, category__isnull=True, brand=""),
                name="one_scope_of_an_exclusion",
            ),
        ]


class LoyaltyTier(models.Model):
    """A step of membership, reached by points earned within the programme's `tier_months`; the higher the better."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    name = models.CharField(max_length=80)
    threshold = models.PositiveIntegerField(help_text="Points earned within the months that count.")
    multiplier = PercentField(default=1, help_text="Times the points that everybody earns.")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "threshold"], name="one_tier_per_threshold",
                condition=models.Q(archived_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["company", "name"], name="one_tier_of_a_name", condition=models.Q(archived_at__isnull=True)
            ),
            models.CheckConstraint(condition=models.Q(multiplier__gt=0), name="tier_multiplier_above_zero"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class PointsAccount(models.Model):
    """A customer's points. Its row is the lock of the balance, the lots and the tier.

    `balance` is the sum of the entries, and of what is left in the lots less `owed`. `owed` are points that were taken
    back after they had been used: the next ones earned pay them first.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    customer = models.OneToOneField("parties.Customer", models.PROTECT, related_name="points_account")
    balance = models.IntegerField(default=0)
    owed = models.PositiveIntegerField(default=0)
    tier = models.ForeignKey(LoyaltyTier, models.PROTECT, null=True, related_name="members")
    tier_until = models.DateField(null=True, help_text="The tier's last day; looked at again after it.")
    tier_by_hand = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["company", "-balance"], name="points_by_balance"),
            models.Index(fields=["tier_until"], name="points_tier_ends", condition=models.Q(tier__isnull=False)),
        ]


class PointsEntry(AppendOnly):
    """A change of a balance, by what and why. `of_id` is the document that it undoes a part of.

    `kind`: `earn`, `burn`, `take_back` (what a credited invoice had earned), `give_back` (what a cancelled or credited
    document had used), `expire`, `adjust`, `welcome`.
    """

    id = IdField()
    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=10)
    points = models.IntegerField()
    subject_kind = models.CharField(max_length=20, default="")
    subject_id = models.UUIDField(null=True)
    number = models.CharField(max_length=40, default="")
    of_id = models.UUIDField(null=True)
    amount = AmountField(default=0, help_text="Of an earning: what it was counted on.")
    facts = models.JSONField(default=dict, help_text="Of an earning: the rule, and what each line counted with.")
    reason = models.TextField(default="")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "kind"], name="points_once_per_subject",
                condition=models.Q(kind__in=["earn", "take_back", "welcome"]),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["account", "-at"], name="points_entry_account"),
            models.Index(fields=["of_id"], name="points_entry_of", condition=models.Q(of_id__isnull=False)),
            models.Index(
                fields=["subject_id"], name="points_entry_subject", condition=models.Q(subject_id__isnull=False)
            ),
        ]


class PointsLot(models.Model):
    """Points that came in together and expire together; the ones that expire first are used first."""

    id = IdField()
    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="lots", db_index=False)
    entry = models.OneToOneField(PointsEntry, models.PROTECT, related_name="lot")
    points = models.PositiveIntegerField()
    remaining = models.PositiveIntegerField()
    expires_on = models.DateField(null=True, help_text="The last day they can be used.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(remaining__lte=models.F("points"), points__gt=0), name="lot_within_its_points"
            )
        ]
        indexes = [
            models.Index(
                fields=["account", "expires_on"], name="points_lot_open", condition=models.Q(remaining__gt=0)
            ),
            models.Index(
                fields=["expires_on"], name="points_lot_ends",
                condition=models.Q(remaining__gt=0, expires_on__isnull=False),
            ),
        ]  # fmt: skip


class PointsNotice(AppendOnly):
    """A member was told by e-mail that a lot ends: once for each."""

    id = IdField()
    lot = models.OneToOneField(PointsLot, models.PROTECT, related_name="notice")
    email_id = models.UUIDField()
    points = models.PositiveIntegerField(help_text="That were left of the lot when it was told.")
    at = models.DateTimeField()


class PointsTaking(AppendOnly):
    """What an entry took of a lot: used, taken back, expired, or paid for what was owed."""

    id = IdField()
    entry = models.ForeignKey(PointsEntry, models.PROTECT, related_name="takings")
    lot = models.ForeignKey(PointsLot, models.PROTECT, related_name="takings")
    points = models.PositiveIntegerField()

    class Meta(AppendOnly.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(points__gt=0), name="taking_above_zero")]


class TierChange(AppendOnly):
    """A member came to a tier, or left it: by points (`by_hand` False) or by a person, until a day, with a reason."""

    id = IdField()
    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="tier_changes")
    tier = models.ForeignKey(LoyaltyTier, models.PROTECT, null=True, related_name="+")
    before = models.ForeignKey(LoyaltyTier, models.PROTECT, null=True, related_name="+")
    until = models.DateField(null=True)
    by_hand = models.BooleanField(default=False)
    reason = models.TextField(default="")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
