from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Collate, Lower

from niaga.core.fields import AmountField, CurrencyField, IdField, SearchField
from niaga.parties.models.payment_term import PaymentTerm


class CustomerGroup(models.Model):
    """Customers who share prices and terms: retail, wholesale East Java."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    credit_limit = AmountField(null=True, blank=True, help_text="Of each member who has no limit of their own.")
    overdue_days = models.PositiveSmallIntegerField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_group_code")]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="one_tag_name")]

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """A company or person who buys. Archived, never deleted, once a document names it."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, default="", blank=True)
    is_person = models.BooleanField(default=False)
    email = models.EmailField(default="", blank=True)
    phone = models.CharField(max_length=20, default="", blank=True, help_text="E.164.")
    tax_id_kind = models.CharField(
        max_length=8,
        default="",
        blank=True,
        choices=[("npwp", "NPWP"), ("nik", "NIK"), ("passport", "Passport"), ("other", "Other")],
    )
    tax_id = models.CharField(max_length=30, default="", blank=True)
    nitku = models.CharField(max_length=22, default="", blank=True)
    language = models.CharField(max_length=5, default="", blank=True)
    currency = CurrencyField(
        default="", db_default="", blank=True, help_text="Of their documents; empty: the company's own."
    )
    group = models.ForeignKey(CustomerGroup, models.PROTECT, null=True, blank=True)
    payment_term = models.ForeignKey(PaymentTerm, models.PROTECT, null=True, blank=True)
    branch = models.ForeignKey("organization.Branch", models.PROTECT, null=True, blank=True)
    salesperson = models.ForeignKey("organization.User", models.PROTECT, null=True, blank=True)
    territory = models.ForeignKey("organization.Territory", models.PROTECT, null=True, blank=True)
    tags = models.ManyToManyField(Tag, through="CustomerTag")
    note = models.TextField(default="", blank=True)
    search = SearchField()
    version = models.PositiveIntegerField(default=1)
    import_batch_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_customer_code")]
        indexes = [
            GinIndex(fields=["search"], name="customer_search", fastupdate=False),
            models.Index("company", Collate(Lower("name"), "C"), "id", name="customer_by_name"),
            models.Index(fields=["salesperson"], name="customer_salesperson"),
            models.Index(
                fields=["import_batch_id"], name="customer_batch", condition=models.Q(import_batch_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomerTag(models.Model):
    id = IdField()
    customer = models.ForeignKey(Customer, models.CASCADE)
    tag = models.ForeignKey(Tag, models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "tag"], name="one_tag_per_customer")]


class Contact(models.Model):
    """A person at a customer."""

    id = IdField()
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=80, default="", blank=True)
    email = models.EmailField(default="", blank=True)
    phone = models.CharField(max_length=20, default="", blank=True)
    is_main = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)


class Address(models.Model):
    """Where a customer is billed or supplied."""

    id = IdField()
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="addresses")
    label = models.CharField(max_length=60, default="", blank=True)
    street = models.CharField(max_length=300, default="", blank=True)
    district = models.CharField(max_length=100, default="", blank=True)
    city = models.CharField(max_length=100, default="", blank=True)
    province = models.CharField(max_length=100, default="", blank=True)
    postcode = models.CharField(max_length=10, default="", blank=True)
    country = models.CharField(max_length=2, default="ID")
    for_billing = models.BooleanField(default=True)
    for_delivery = models.BooleanField(default=True)
    archived_at = models.DateTimeField(null=True, blank=True)
