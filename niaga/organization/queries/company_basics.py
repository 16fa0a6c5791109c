"""The few facts of a company that writing anything needs."""

from dataclasses import dataclass
from uuid import UUID

from niaga.core.errors import NotFound
from niaga.organization.models import Company


@dataclass(frozen=True, slots=True)
class CompanyBasics:
    """`country` is ISO 3166-1 alpha-2, `currency` ISO 4217, `zone` an IANA name, `language` of its documents."""

    id: UUID
    name: str
    currency: str
    country: str
    zone: str
    language: str


def company_basics(company_id: UUID) -> CompanyBasics:
    """One statement.

    :raises NotFound: no such company
    """
    row = Company.objects.filter(pk=company_id).values_list(*CompanyBasics.__dataclass_fields__).first()
    if row is None:
        raise NotFound(field="company")
    return CompanyBasics(*row)
