from collections.abc import Iterable
from typing import Any

from niaga.parties.models import Address, Contact, Customer
from niaga.parties.services.check_customer import customer_search


def search_of(
    customer: Customer,
    *,
    contacts: Iterable[dict[str, Any]] | None = None,
    addresses: Iterable[dict[str, Any]] | None = None,
) -> str:
    """The customer's search column; contacts and addresses as they will be, or as they stand in the database."""
    if contacts is None:
        contacts = Contact.objects.filter(customer=customer, archived_at=None).values("name", "phone", "email")
    if addresses is None:
        addresses = Address.objects.filter(customer=customer, archived_at=None).values("city")
    facts = {name: getattr(customer, name) for name in ("name", "legal_name", "code", "phone", "tax_id", "email")}
    return customer_search(facts, list(contacts), list(addresses))
