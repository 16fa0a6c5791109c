"""Where customers can be reached about what they owe."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Subquery

from niaga.parties.models import Consent, Contact, Customer
from niaga.parties.rules.consent import BILLING_WHATSAPP
from niaga.parties.rules.phones import is_mobile


class Reachable(NamedTuple):
    """A customer with their addresses, else those of the main contact. `whatsapp` is empty when they refused it."""

    name: str
    language: str
    email: str
    phone: str
    whatsapp: str


def refuses_whatsapp(customer_id: UUID) -> bool:
    """Whether the customer said last that they want nothing by WhatsApp."""
    rows = Consent.objects.filter(customer=customer_id, purpose=BILLING_WHATSAPP).order_by("-at", "-id")
    return rows.values_list("given", flat=True).first() is False


def reachable(customer_ids: Collection[UUID]) -> dict[UUID, Reachable]:
    """By customer, in one statement."""
    main = Contact.objects.filter(customer=OuterRef("pk"), archived_at=None).order_by("-is_main", "id")
    latest = Consent.objects.filter(customer=OuterRef("pk"), purpose=BILLING_WHATSAPP).order_by("-at", "-id")
    rows = Customer.objects.filter(pk__in=customer_ids).values_list(
        "pk", "name", "legal_name", "language", "email", "phone", Subquery(main.exclude(email="").values("email")[:1]),
        Subquery(main.exclude(phone="").values("phone")[:1]), Subquery(latest.values("given")[:1]),
    )  # fmt: skip
    found = {}
    for key, name, legal_name, language, email, phone, contact_email, contact_phone, given in rows:
        number = phone or contact_phone or ""
        whatsapp = number if number and given is not False and is_mobile(number) else ""
        found[key] = Reachable(legal_name or name, language, email or contact_email or "", number, whatsapp)
    return found
