"""The company's QRIS code, as it stands and for an amount."""

from decimal import Decimal
from uuid import UUID

from niaga.organization.access import Actor, access_of
from niaga.payments.models import CompanyQris
from niaga.payments.rules.qris import BadQris, Qris, made_dynamic, read_qris


def company_qris(*, by: Actor) -> CompanyQris | None:
    """:raises Forbidden: `by` may not see settings"""
    access = access_of(by)
    access.require("setting", "view")
    return CompanyQris.objects.filter(company_id=access.current_company.id).first()


def qris_for(*, company_id: UUID, currency: str, amount: Decimal) -> Qris | None:
    """The company's code for an amount; None: it has none, or nothing can be paid by it. Showing it pays nothing."""
    found = CompanyQris.objects.filter(company_id=company_id).first() if currency == "IDR" and amount > 0 else None
    if found is None:
        return None
    try:
        return made_dynamic(read_qris(found.text), amount)
    except BadQris:
        return None
