from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField


class PortalPerson(models.Model):
    """Who signs in to the customer's own pages: a mail address, or a number that WhatsApp reaches. One person may stand
    for several customers, also of other companies, so that it knows no name: each company calls them as it wrote them
    down (`PortalAccess.name`)."""

    id = IdField()
    email = models.EmailField(default="", help_text="In small letters; or empty.")
    phone = models.CharField(max_length=20, default="", db_default="", help_text="E.164; or empty.")
    language = models.CharField(max_length=5, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="one_portal_person", condition=~Q(email="")),
            models.UniqueConstraint(fields=["phone"], name="one_portal_phone", condition=~Q(phone="")),
            models.CheckConstraint(
                condition=Q(email="") & ~Q(phone="") | Q(phone="") & ~Q(email=""), name="portal_person_one_address"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="portal_email_is_small"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        return self.email or self.phone


class PortalAccess(models.Model):
    """That a person may see the pages of a customer, until it is taken back.

    It holds only while the mail address or the number is the contact's (without one: the customer's), so that a contact
    who left, or whose address changed hands, sees nothing more.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    customer = models.ForeignKey("parties.Customer", models.PROTECT)
    contact = models.ForeignKey("parties.Contact", models.PROTECT, null=True, db_index=False, related_name="+")
    person = models.ForeignKey(PortalPerson, models.PROTECT, related_name="accesses")
    name = models.CharField(max_length=120, default="", help_text="As the contact, or the customer, was called then.")
    invited_by = models.ForeignKey("organization.User", models.PROTECT, null=True, db_index=False, related_name="+")
    invited_at = models.DateTimeField()
    revoked_by = models.ForeignKey("organization.User", models.PROTECT, null=True, db_index=False, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "person"], name="one_portal_access", condition=Q(revoked_at=None)
            )
        ]


class PortalVisit(AppendOnly):
    """Who looked at what of a customer, and when; one row for a page and ten minutes."""

    id = IdField()
    company_id = models.UUIDField()
    customer = models.ForeignKey("parties.Customer", models.PROTECT, db_index=False)
    person = models.ForeignKey(PortalPerson, models.PROTECT, db_index=False)
    page = models.CharField(max_length=20)
    subject_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["customer", "-at"], name="portal_visit_customer")]
