"""A company's groups and terms by their codes, for whoever loads customers."""

from uuid import UUID

from niaga.parties.models import Customer, CustomerGroup, PaymentTerm


def groups_by_code(company_id: UUID) -> dict[str, UUID]:
    return dict(CustomerGroup.objects.filter(company_id=company_id).values_list("code", "id"))


def terms_by_code(company_id: UUID) -> dict[str, UUID]:
    return dict(PaymentTerm.objects.filter(company_id=company_id).values_list("code", "id"))


def customer_codes(company_id: UUID) -> dict[UUID, str]:
    """Codes of all customers by id."""
    return dict(Customer.objects.filter(company_id=company_id).values_list("id", "code"))


def group_names(company_id: UUID) -> list[tuple[str, str]]:
    """Keys and names of a company's customer groups, by name; archived ones too."""
    found = CustomerGroup.objects.filter(company_id=company_id).order_by("name").values_list("id", "name")
    return [(str(key), name) for key, name in found]
