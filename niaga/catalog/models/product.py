from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Collate, Lower

from niaga.catalog.models.settings_version import new_on_change, new_on_delete
from niaga.catalog.models.tax_category import TaxCategory
from niaga.catalog.models.unit import Unit
from niaga.core.fields import IdField, PriceField, QuantityField, SearchField, VolumeField, WeightField

_ACTIVE = models.Q(archived_at__isnull=True)


class Category(models.Model):
    """Product categories form a tree."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=120)
    import_batch_id = models.UUIDField(null=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "parent", "name"], name="one_category_name", nulls_distinct=False
            )
        ]
        triggers = [new_on_change("parent_id"), new_on_delete()]

    def __str__(self) -> str:
        return self.name


class ProductFamily(models.Model):
    """Products that are variants of one another; `option_names` such as ["Colour", "Size"]."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    name = models.CharField(max_length=200)
    option_names = models.JSONField(default=list)


class ProductKind(models.TextChoices):
    GOODS = "goods"
    SERVICE = "service"
    CHARGE = "charge"  # freight, packing: a line with its own tax category
    BUNDLE = "bundle"


class Product(models.Model):
    """What is sold, one row per SKU. A variant is a product with a family and its option values."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    sku = models.CharField(max_length=60)
    name = models.CharField(max_length=250)
    description = models.TextField(default="", blank=True)
    kind = models.CharField(max_length=10, choices=ProductKind.choices, default=ProductKind.GOODS)
    family = models.ForeignKey(ProductFamily, models.PROTECT, null=True, blank=True, related_name="variants")
    option_values = models.JSONField(default=list)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True)
    brand = models.CharField(max_length=80, default="", blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT)
    tax_category = models.ForeignKey(TaxCategory, models.PROTECT)
    price = PriceField(default=Decimal(0), help_text="List price of one base unit in the company's currency.")
    cost = PriceField(null=True, blank=True, help_text="Standard cost of one base unit.")
    by_lot = models.BooleanField(default=False, db_default=False, help_text="Its goods are told apart by lot and day.")
    weight = WeightField(null=True, blank=True, help_text="Kilograms of one base unit, packed. Empty: unknown.")
    volume = VolumeField(null=True, blank=True, help_text="Litres of one base unit, packed. Empty: unknown.")
    image_id = models.UUIDField(null=True, blank=True)
    search = SearchField()
    version = models.PositiveIntegerField(default=1)
    import_batch_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "sku"], name="one_sku"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="product_price_not_negative"),
            models.CheckConstraint(
                condition=(models.Q(weight__isnull=True) | models.Q(weight__gte=0))
                & (models.Q(volume__isnull=True) | models.Q(volume__gte=0)),
                name="product_weighs_no_less_than_nothing",
            ),
            # A bundle weighs what its parts weigh; nobody carries a service.
            models.CheckConstraint(
                condition=models.Q(kind="goods") | models.Q(weight__isnull=True, volume__isnull=True),
                name="only_goods_weigh",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="product_search", fastupdate=False),
            # Lists and type-ahead leave archived products out, so that the count over all reads these indexes alone.
            models.Index("company", Collate(Lower("name"), "C"), "id", name="product_by_name", condition=_ACTIVE),
            # The shelves hold archived products too.
            models.Index("company", Collate(Lower("name"), "C"), name="product_by_name_archived_too"),
            models.Index("category", Collate(Lower("name"), "C"), "id", name="product_by_category", condition=_ACTIVE),
            models.Index(fields=["company", "kind"], name="product_kind", condition=_ACTIVE),
            models.Index(fields=["company", "brand"], name="product_brand", condition=_ACTIVE & ~models.Q(brand="")),
            models.Index(
                fields=["import_batch_id"], name="product_batch", condition=models.Q(import_batch_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductUnit(models.Model):
    """Another unit a product is sold in: a box of `factor` base units, with its own price when it has one."""

    id = IdField()
    product = models.ForeignKey(Product, models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT)
    factor = QuantityField()
    price = PriceField(null=True, blank=True, help_text="Of one such unit; empty: factor x the product's price.")
    weight = WeightField(null=True, blank=True, help_text="Kilograms of one; empty: factor x the product's.")
    volume = VolumeField(null=True, blank=True, help_text="Litres of one; empty: factor x the product's.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "unit"], name="one_factor_per_unit"),
            models.CheckConstraint(condition=models.Q(factor__gt=0), name="factor_positive"),
            models.CheckConstraint(
                condition=(models.Q(weight__isnull=True) | models.Q(weight__gte=0))
                & (models.Q(volume__isnull=True) | models.Q(volume__gte=0)),
                name="packing_weighs_no_less_than_nothing",
            ),
        ]


class Barcode(models.Model):
    """EAN, UPC or the company's own code of a product in a unit."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    product = models.ForeignKey(Product, models.CASCADE, related_name="barcodes")
    unit = models.ForeignKey(Unit, models.PROTECT)
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_barcode")]


class BundlePart(models.Model):
    """What a bundle consists of, in base units for one bundle."""

    id = IdField()
    bundle = models.ForeignKey(Product, models.CASCADE, related_name="parts")
    product = models.ForeignKey(Product, models.PROTECT, related_name="in_bundles")
    quantity = QuantityField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bundle", "product"], name="one_part_per_product")]
