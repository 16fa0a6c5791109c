"""Companies as documents and settings see them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.models import BankAccount, Company, Membership


@dataclass(frozen=True, slots=True)
class BankFacts:
    bank: str
    number: str
    holder: str
    currency: str


@dataclass(frozen=True, slots=True)
class CompanyProfile:
    """What a printed document says about the company that issues it."""

    id: UUID
    code: str
    name: str
    legal_name: str
    npwp: str
    nitku: str
    currency: str
    street: str
    city: str
    province: str
    postcode: str
    country: str
    phone: str
    email: str
    website: str
    zone: str
    language: str
    logo_id: UUID | None
    document_note: str
    pictures_on_quotations: bool
    bank_accounts: tuple[BankFacts, ...]


_COLUMNS = tuple(name for name in CompanyProfile.__dataclass_fields__ if name != "bank_accounts")


def company_profile(company_id: UUID) -> CompanyProfile:
    """The company as its documents show it, with the bank accounts that go on invoices. Two statements.

    :raises NotFound: no such company
    """
    row = Company.objects.filter(pk=company_id).values(*_COLUMNS).first()
    if row is None:
        raise NotFound(field="company")
    accounts = (
        BankAccount.objects.filter(company_id=company_id, archived_at=None, on_invoices=True)
        .order_by("position", "id")
        .values_list("bank", "number", "holder", "currency")
    )
    return CompanyProfile(**row, bank_accounts=tuple(BankFacts(*account) for account in accounts))


def company_for_settings(*, by: Actor) -> Company:
    """The current company with everything that can be set.

    :raises Forbidden: `by` may not see settings
    """
    access = access_of(by)
    access.require("setting", "view")
    return Company.objects.get(pk=access.current_company.id)


def company_of_address(email: str) -> UUID | None:
    """The company in which the person with this address works; else the oldest company; None: there is none yet."""
    own = Membership.objects.filter(user__email__iexact=email, company__archived_at=None) if email else None
    found = own.order_by("company_id").values_list("company_id", flat=True).first() if own is not None else None
    return found or Company.objects.filter(archived_at=None).order_by("id").values_list("id", flat=True).first()


def bank_accounts(*, by: Actor) -> QuerySet[BankAccount]:
    """Bank accounts of the current company, archived ones last."""
    here = access_of(by).current_company.id
    return BankAccount.objects.filter(company_id=here).order_by(
        F("archived_at").asc(nulls_first=True), "position", "id"
    )


def account_currency(*, company_id: UUID, account_id: UUID) -> str | None:
    """The currency of one of the company's bank accounts; None when it is not the company's."""
    return BankAccount.objects.filter(pk=account_id, company_id=company_id).values_list("currency", flat=True).first()


def company_exists(*, code: str, legal_name: str) -> bool:
    """Whether there is a company of this code and name."""
    return Company.objects.filter(code=code, legal_name=legal_name).exists()


def own_bank_account(*, account_id: UUID, by: Actor) -> BankAccount:
    """One of the current company's bank accounts.

    :raises NotFound: it is not the company's
    """
    found = bank_accounts(by=by).filter(pk=account_id).first()
    if found is None:
        raise NotFound(field="bank_account_id")
    return found
