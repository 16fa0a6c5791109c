from collections.abc import Iterable, Mapping
from typing import Any

from niaga.parties.models import Address, Contact, Customer
from niaga.parties.services.check_customer import customer_search


def search_of(
    customer: Customer,
    *,
    contacts: Iterable[Mapping[str, Any]] | None = None,
    addresses: Iterable[Mapping[str, Any]] | None = None,
) -> str:
    """The customer's search column; contacts and addresses as they will be, or as they stand in the database."""
    people: Iterable[Mapping[str, Any]] = (
        Contact.objects.filter(customer=customer, archived_at=None).values("name", "phone", "email")
        if contacts is None
        else contacts
    )
    places: Iterable[Mapping[str, Any]] = (
        Address.objects.filter(customer=customer, archived_at=None).values("city") if addresses is None else addresses
    )
    facts = {name: getattr(customer, name) for name in ("name", "legal_name", "code", "phone", "tax_id", "email")}
    return customer_search(facts, people, places)
