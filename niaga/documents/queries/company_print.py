"""The sender of every printed document: the company's name, address, numbers, logo and bank accounts."""

from dataclasses import dataclass
from uuid import UUID

from niaga.documents.errors import FileLost
from niaga.documents.queries.attachments import content_of
from niaga.documents.rules.print_document import PrintBank, PrintParty
from niaga.organization.queries.companies import company_profile


@dataclass(frozen=True, slots=True)
class CompanyPrint:
    """Goes into a `PrintDocument` field by field: `company`, `logo`, `banks` (of one currency), `foot`."""

    company: PrintParty
    logo: bytes | None
    banks: tuple[PrintBank, ...]
    foot: str
    language: str
    pictures_on_quotations: bool
    country: str


def company_print(*, company_id: UUID, currency: str | None = None) -> CompanyPrint:
    """At most three statements. A logo whose bytes are lost is left out: paper is better than none.

    :raises NotFound: no such company
    """
    facts = company_profile(company_id)
    place = " ".join(part for part in (", ".join(p for p in (facts.city, facts.province) if p), facts.postcode) if part)
    try:
        logo = content_of(facts.logo_id)
    except FileLost:
        logo = None
    return CompanyPrint(
        company=PrintParty(
            name=facts.legal_name or facts.name,
            address=tuple(line for line in (*facts.street.splitlines(), place) if line.strip()),
            npwp=facts.npwp,
            phone=facts.phone,
            email=facts.email,
            website=facts.website,
        ),
        logo=logo,
        banks=tuple(
            PrintBank(account.bank, account.number, account.holder)
            for account in facts.bank_accounts
            if currency is None or account.currency == currency
        ),
        foot=facts.document_note,
        language=facts.language,
        pictures_on_quotations=facts.pictures_on_quotations,
        country=facts.country,
    )
